import { writeSync } from "node:fs";
import { EXIT, LatchkeyError, systemErrorCode } from "../errors.ts";

/**
 * Writes all of `text` to a file descriptor, or throws.
 *
 * console.log loses output on a full device and still exits 0. A short write to a slow pipe is not an error either: an
 * SDK would get half an object from credential_process. So this function writes until every byte is written, waits if a
 * non-blocking pipe is full, and reports a closed pipe (exit 141) differently from a full device (STORAGE_FAILED).
 */
export function writeChecked(descriptor: number, text: string): void {
  const bytes = Buffer.from(text, "utf8");
  let written = 0;
  let pause = SHORTEST_PAUSE_MILLISECONDS;
  while (written < bytes.length) {
    try {
      written += writeSync(descriptor, bytes, written);
      pause = SHORTEST_PAUSE_MILLISECONDS;
    } catch (thrown) {
      if (systemErrorCode(thrown) !== "EAGAIN") throw toWriteError(thrown);
      ignoreDebuggerSignal();
      pauseSync(pause);
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
    }
  }
}

/**
 * Ignores SIGUSR1. Before this point the hot path has no signal handlers and never waits. While it waits without a
 * handler, Node would open a debugger at SIGUSR1 (bin/run.js).
 */
function ignoreDebuggerSignal(): void {
  if (process.listenerCount("SIGUSR1") === 0) process.on("SIGUSR1", () => undefined);
}

/**
 * The pauses before a full pipe is tried again. A fast reader empties a pipe in less than a tenth of a millisecond. For
 * a slow reader the pauses grow, to save CPU time.
 */
const SHORTEST_PAUSE_MILLISECONDS = 0.1;
const LONGEST_PAUSE_MILLISECONDS = 5;

/** Turns a failed write of the output into an error for the user. */
export function toWriteError(thrown: unknown): LatchkeyError {
  const code = systemErrorCode(thrown);
  if (code === "EPIPE")
    return new LatchkeyError("CANCELLED", "The reader of the output has gone.", {
      exitCode: EXIT.OUTPUT_CLOSED,
      cause: thrown,
    });
  return new LatchkeyError(
    "STORAGE_FAILED",
    `The output could not be written (${code ?? "unknown error"}).`,
    { hint: "Check where the output goes: the disk may be full.", cause: thrown },
  );
}

/** Writes a notice or an error. If stderr is closed or full, the command continues. */
export function writeIfPossible(descriptor: number, text: string): void {
  try {
    writeChecked(descriptor, text);
  } catch {
    // No process reads stderr any more.
  }
}

/** Blocks the whole process, for pauses during which no signal handler may run. */
export function pauseSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
