import { spawn } from "node:child_process";
import type { Environment } from "../../context.ts";
import { hostKind } from "../../model/login-method.ts";
import { toChildEnvironment } from "../child-environment.ts";
import { isTmuxOverSsh } from "../child.ts";

/** Copies text to the clipboard of the user at this terminal. */

interface ClipboardParts {
  readonly env: Environment;
  readonly platform: string;
  /** Writes to the terminal, which can set the clipboard if no program can. undefined if there is no terminal. */
  readonly writeTerminal: ((text: string) => void) | undefined;
}

/** The time limit for all programs together. */
const MOST_MILLISECONDS = 2_000;

/**
 * Copies a text to the clipboard.
 * @param text not a secret, because other programs can read the clipboard
 * @returns whether a program accepted the text, or a sequence was written; terminals do not report whether they support
 * it
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
  /** In tmux: whether the attached user came over SSH; undefined if unknown. */
  readonly tmuxOverSsh: boolean | undefined;
}

/** Returns the programs that copy a text from stdin, in the order to try them. Most machines have only some of them. */
export function listClipboardPrograms(facts: ClipboardFacts): ReadonlyArray<readonly string[]> {
  const { env, platform } = facts;
  const has = (name: string): boolean => (env[name] ?? "") !== "";
  const place = hostKind({ ...facts, inContainer: false, inWsl: false });
  // The clipboard of a remote machine is not the user's. But the clipboard of an X server that is forwarded over SSH is.
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
    // Sets tmux's own paste buffer and the clipboard of the attached terminal.
    ...(has("TMUX") ? [["tmux", "load-buffer", "-w", "-"]] : []),
  ];
}

const CLIP = "clip.exe";

/** Encodes the text for a program. clip.exe reads bytes in the console's code page, unless they are UTF-16. */
function encode([program]: readonly string[], text: string): Buffer {
  const isUtf16 = program === CLIP && /[^\x20-\x7e]/.test(text);
  return Buffer.from(text, isUtf16 ? "utf16le" : "utf8");
}

/**
 * @returns whether the program exists and succeeded. It may leave a child process running that provides the clipboard.
 */
function feed(
  [program = "", ...args]: readonly string[],
  input: Buffer,
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<boolean> {
  if (signal.aborted) return Promise.resolve(false);
  return new Promise<boolean>((resolve) => {
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
    // Some failures to start are thrown, such as that of a program for another processor.
  }).catch(() => false);
}

/** Terminals that would print the sequence or ignore it. */
const TERMS_WITHOUT = new Set(["dumb", "linux"]);

/**
 * Returns xterm's OSC 52 sequence, which sets the clipboard. In tmux and GNU screen it is wrapped in a sequence of
 * theirs, without which they do not forward it.
 * @returns undefined if the terminal does not support it
 */
export function formatClipboardSequence(text: string, env: Environment): string | undefined {
  if (TERMS_WITHOUT.has(env["TERM"] ?? "")) return undefined;
  const sequence = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  if ((env["TMUX"] ?? "") !== "")
    return `\u001bPtmux;${sequence.replaceAll("\u001b", "\u001b\u001b")}\u001b\\`;
  return (env["STY"] ?? "") === "" ? sequence : `\u001bP${sequence}\u001b\\`;
}
