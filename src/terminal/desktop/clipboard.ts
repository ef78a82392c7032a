import { spawn } from "node:child_process";
import type { Environment } from "../../context.ts";
import { hostKind } from "../../model/login-method.ts";
import { toChildEnvironment } from "../child-environment.ts";
import { isTmuxOverSsh } from "../child.ts";

/** The clipboard of whoever looks at this terminal. */

interface ClipboardParts {
  readonly env: Environment;
  readonly platform: string;
  /** Writes to the terminal, by which the text gets there where no program takes it; undefined where there is none. */
  readonly writeTerminal: ((text: string) => void) | undefined;
}

/** For all programs together. */
const MOST_MILLISECONDS = 2_000;

/**
 * @param text no secret: whatever watches the clipboard reads it.
 * @returns whether a program took it, or the terminal was asked to: no terminal answers whether it does.
 */
export async function copyText(
  text: string,
  { env, platform, writeTerminal }: ClipboardParts,
): Promise<boolean> {
  const signal = AbortSignal.timeout(MOST_MILLISECONDS);
  const tmuxOverSsh = await isTmuxOverSsh(env);
  for (const argv of listClipboardPrograms({ env, platform, tmuxOverSsh }))
    if (await feed(argv, encode(argv, text), { env, signal })) return true;
  const sequence = formatClipboardSequence(text, env);
  if (sequence === undefined || writeTerminal === undefined) return false;
  writeTerminal(sequence);
  return true;
}

interface ClipboardFacts {
  readonly env: Environment;
  readonly platform: string;
  /** Inside tmux: whether whoever is attached came over SSH; undefined where that is not known. */
  readonly tmuxOverSsh: boolean | undefined;
}

/** The programs that take a text on stdin, in the order in which they are tried; far from most machines all are there. */
export function listClipboardPrograms(facts: ClipboardFacts): ReadonlyArray<readonly string[]> {
  const { env, platform } = facts;
  const has = (name: string): boolean => (env[name] ?? "") !== "";
  const place = hostKind({ ...facts, inContainer: false, inWsl: false });
  // A remote machine's own clipboard is not the person's; the X server that SSH brings along is.
  const isNear = place !== "ssh" && place !== "remote-editor";
  return [
    ...(isNear && platform === "darwin" ? [["pbcopy"]] : []),
    ...(isNear && (platform === "win32" || place === "wsl") ? [[CLIP]] : []),
    ...(isNear && has("WAYLAND_DISPLAY") ? [["wl-copy"]] : []),
    ...(has("DISPLAY")
      ? [
          ["xclip", "-selection", "clipboard", "-in"],
          ["xsel", "--clipboard", "--input"],
        ]
      : []),
    // Its own paste buffer, and the clipboard of the terminal that is attached.
    ...(has("TMUX") ? [["tmux", "load-buffer", "-w", "-"]] : []),
  ];
}

const CLIP = "clip.exe";

/** Windows' program takes bytes for the code page of its console, unless they are UTF-16. */
function encode([program]: readonly string[], text: string): Buffer {
  const isUtf16 = program === CLIP && /[^\x20-\x7e]/.test(text);
  return Buffer.from(text, isUtf16 ? "utf16le" : "utf8");
}

/** @returns whether the program is there and has taken it. It may leave a child behind that serves the clipboard. */
function feed(
  [program = "", ...args]: readonly string[],
  input: Buffer,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: toChildEnvironment(env, "desktop"),
      signal,
      killSignal: "SIGKILL",
      stdio: ["pipe", "ignore", "ignore"],
    });
    child.once("error", () => resolve(false));
    child.once("exit", (code) => resolve(code === 0));
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** Terminals that would show the sequence, or do nothing about it. */
const TERMS_WITHOUT = new Set(["dumb", "linux"]);

/**
 * OSC 52 of xterm: the text is to be the clipboard's. tmux and GNU screen hand it on only as it is wrapped for them.
 * @returns undefined where the terminal knows no such sequence.
 */
export function formatClipboardSequence(text: string, env: Environment): string | undefined {
  if (TERMS_WITHOUT.has(env["TERM"] ?? "")) return undefined;
  const sequence = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  if ((env["TMUX"] ?? "") !== "")
    return `\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
  return (env["STY"] ?? "") === "" ? sequence : `\u001bP${sequence}\u001b\\`;
}
