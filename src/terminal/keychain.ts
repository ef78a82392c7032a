import { spawn, type ChildProcess } from "node:child_process";
import { extname, join } from "node:path";
import { isRecord, parseJson, readText } from "../text/json.ts";
import { escapeControls } from "../text/terminal.ts";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { toChildEnvironment } from "./child-environment.ts";
import { isStandalone } from "./program.ts";
import type { Environment, KeychainAct } from "../context.ts";

/**
 * Gets the key from the OS keychain (Secret Service, macOS Keychain, Windows Credential Manager), with a time limit.
 */

/** The first argument with which a standalone executable runs only the keychain process (bin/standalone.mjs). */
const KEYCHAIN_WORD = "keychain-child";

/** The key size of AES-256. */
export const KEY_BYTES = 32;

/** The same limit as in gh. An SDK may be waiting, and there may be no user to respond to a prompt. */
const LIMIT_MILLISECONDS = 3_000;

/** Long enough for a small machine to start such a process for each of a hundred concurrent callers. */
const START_MILLISECONDS = 15_000;

const HINT =
  "Unlock the keychain and try again, or keep tokens in files: latchkey settings storage file";

/**
 * Returns the key.
 * @param act `create` creates the key if the keychain has none; only one caller at a time may do this
 * @param interruption ends the wait with its reason
 * @returns KEY_BYTES bytes, or undefined if the keychain has no key
 * @throws LatchkeyError STORAGE_FAILED if the keychain can't be used or does not respond
 */
export async function keychainKey(
  env: Environment,
  act: KeychainAct,
  interruption: AbortSignal,
): Promise<Uint8Array | undefined> {
  const stored = parseJson(await askChild(env, act, interruption));
  if (!isRecord(stored)) throw keychainError("it could not be asked");
  const failure = readText(stored["failure"]);
  if (failure !== undefined) throw keychainError(escapeControls(failure).slice(0, 200));
  if (stored["key"] === null) return undefined;
  const key = Buffer.from(readText(stored["key"]) ?? "", "base64");
  if (key.length === KEY_BYTES) return key;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    "The keychain's entry latchkey/encryption-key is not a key of latchkey.",
    { hint: "Remove that entry from the keychain, then sign in again: latchkey login" },
  );
}

/**
 * Returns the second line that the child process prints. The key arrives through a pipe, never in an argument or a
 * variable, which other processes can see. The child process is always killed in the end, without waiting for its exit.
 */
async function askChild(
  env: Environment,
  act: KeychainAct,
  interruption: AbortSignal,
): Promise<string> {
  const child = startChild(env, act);
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      const limit = (milliseconds: number, what: string): void => {
        clearTimeout(timer);
        timer = setTimeout(
          () => reject(storageError(`The OS keychain ${what} within ${milliseconds / 1000} s.`)),
          milliseconds,
        );
      };
      limit(START_MILLISECONDS, "could not be asked");
      // The first line shows that the child process is now asking the keychain. The limit starts here, so the time to
      // start a process on a busy machine does not count.
      listenTo(child, {
        onFirstLine: () => limit(LIMIT_MILLISECONDS, "has not answered"),
        onAnswer: resolve,
        onFailure: (why) => reject(keychainError(`it could not be asked (${why})`)),
      });
      const cancel = (): void => reject(interruption.reason as LatchkeyError);
      if (interruption.aborted) cancel();
      interruption.addEventListener("abort", cancel, { signal: ending.signal });
    });
  } finally {
    ending.abort();
    clearTimeout(timer);
    child.kill("SIGKILL");
    child.stdin?.destroy();
    child.stdout?.destroy();
    child.unref();
  }
}

function startChild(env: Environment, act: KeychainAct): ChildProcess {
  return spawn(process.execPath, [...childProgram(), act], {
    // Code that is preloaded into this process must not be loaded into the child process, which has the key.
    env: toChildEnvironment(env, "keychain"),
    stdio: ["pipe", "pipe", "ignore"],
    windowsHide: true,
  });
}

interface ChildListener {
  readonly onFirstLine: () => void;
  readonly onAnswer: (answer: string) => void;
  readonly onFailure: (why: string | number | null) => void;
}

function listenTo(child: ChildProcess, { onFirstLine, onAnswer, onFailure }: ChildListener): void {
  let text = "";
  // If this process can't open more files, there is no pipe, and Node reports an error event later.
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    if (text === "") onFirstLine();
    text += chunk;
    const [, answer, ...after] = text.split("\n");
    if (answer !== undefined && after.length > 0) onAnswer(answer);
  });
  child.once("error", (cause) => onFailure(systemErrorCode(cause) ?? "unknown error"));
  child.once("close", (code, signal) => onFailure(signal ?? code));
}

/**
 * Returns the arguments for the runtime: a file next to this module, and an option that keeps signals from opening a
 * debugger. A standalone executable contains no files, so its argument is KEYCHAIN_WORD.
 */
function childProgram(): string[] {
  if (isStandalone()) return [KEYCHAIN_WORD];
  const file = `keychain-child${extname(import.meta.filename)}`;
  return ["--disable-sigusr1", join(import.meta.dirname, file)];
}

function keychainError(why: string): LatchkeyError {
  return storageError(`The OS keychain can't be used: ${why}.`);
}

function storageError(message: string): LatchkeyError {
  return new LatchkeyError("STORAGE_FAILED", message, { hint: HINT });
}
