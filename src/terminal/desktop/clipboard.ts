import { spawn } from "node:child_process";
import type { Environment } from "../../context.ts";
import { hostKind } from "../../model/login-method.ts";
import { toChildEnvironment } from "../child-environment.ts";
import { isTmuxOverSsh } from "../child.ts";

/** The clipboard of the person at this terminal. */

interface ClipboardParts {
  readonly env: Environment;
  readonly platform: string;
  /** Writes to the terminal, which can set the clipboard if no program does. Undefined if there is no terminal. */
  readonly writeTerminal: ((text: string) => void) | undefined;
}

/** Limit for all programs together. */
const MOST_MILLISECONDS = 2_000;

/**
 * Copies a text to the clipboard.
 * @param text not a secret, since other programs can read the clipboard
 * @returns whether a program accepted it or the sequence was written; terminals do not report whether they support it
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
  /** Inside tmux: whether the attached person came over SSH. Undefined if unknown. */
  readonly tmuxOverSsh: boolean | undefined;
}

/** Returns the programs that read a text from stdin, in the order to try. Most machines have only some of them. */
export function listClipboardPrograms(facts: ClipboardFacts): ReadonlyArray<readonly string[]> {
  const { env, platform } = facts;
  const has = (name: string): boolean => (env[name] ?? "") !== "";
  const place = hostKind({ ...facts, inContainer: false, inWsl: false });
  // A remote machine's own clipboard is not the person's, but an X server forwarded over SSH is.
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
    // Sets tmux's own paste buffer, and the clipboard of the attached terminal.
    ...(has("TMUX") ? [["tmux", "load-buffer", "-w", "-"]] : []),
  ];
}

const CLIP = "clip.exe";

/** Encodes the text. clip.exe reads bytes in the console's code page unless they are UTF-16. */
function encode([program]: readonly string[], text: string): Buffer {
  const isUtf16 = program === CLIP && /[^\x20-\x7e]/.test(text);
  return Buffer.from(text, isUtf16 ? "utf16le" : "utf8");
}

/** @returns whether the program exists and succeeded; it may leave a child that serves the clipboard */
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

/** Terminals that would show the sequence or ignore it. */
const TERMS_WITHOUT = new Set(["dumb", "linux"]);

/**
 * Returns the OSC 52 sequence of xterm, which sets the clipboard. tmux and GNU screen forward it only in their own
 * wrapping.
 * @returns undefined if the terminal does not support it
 */
export function formatClipboardSequence(text: string, env: Environment): string | undefined {
  if (TERMS_WITHOUT.has(env["TERM"] ?? "")) return undefined;
  const sequence = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  if ((env["TMUX"] ?? "") !== "")
    return `\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
  return (env["STY"] ?? "") === "" ? sequence : `\u001bP${sequence}\u001b\\`;
}
