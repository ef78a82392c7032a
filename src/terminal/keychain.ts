import { spawn, type ChildProcess } from "node:child_process";
import { extname, join } from "node:path";
import { isRecord, parseJson, readText } from "../text/json.ts";
import { escapeControls } from "../text/terminal.ts";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { toChildEnvironment } from "./child-environment.ts";
import { isStandalone } from "./program.ts";
import type { Environment, KeychainAct } from "../context.ts";

/** The key in the OS keychain (Secret Service, macOS Keychain, Windows Credential Manager), asked for with a limit. */

/** The first word of a standalone executable that is to be the asking process (bin/standalone.mjs). */
const KEYCHAIN_WORD = "keychain-child";

/** For AES-256. */
export const KEY_BYTES = 32;

/** As long as gh gives a keychain: an SDK waits behind us, and nobody may be there to answer a prompt. */
const LIMIT_MILLISECONDS = 3_000;

/** For a hundred callers at once on a small machine to start as many processes. */
const START_MILLISECONDS = 15_000;

const HINT =
  "Unlock the keychain and try again, or keep tokens in files: latchkey settings storage file";

/**
 * @param act `create` makes the key where there is none; for one caller at a time.
 * @param interruption ends the wait, with its reason.
 * @returns KEY_BYTES bytes, or undefined where the keychain holds no key.
 * @throws LatchkeyError STORAGE_FAILED where the keychain can't be used or does not answer
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
    "The keychain's entry latchkey/encryption-key is no key of latchkey.",
    { hint: "Remove that entry from the keychain, then sign in again: latchkey login" },
  );
}

/**
 * The second line that the child says. The key comes over a pipe: never in an argument or a variable, which other
 * processes can see. Whatever the outcome, the child is ended, and nobody waits until it has ended.
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
      // Its first line says that it asks now: on a machine that is busy, starting it is not the keychain's delay.
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
    // Whatever is preloaded into this process has no business beside the key, nor on its pipe.
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
  // Where this process may open no more files there is no pipe, and an error follows.
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
 * What the runtime is told to run: a file beside this one, where no signal opens a debugger; in a standalone executable,
 * which has no files, its hidden word.
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
