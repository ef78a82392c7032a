import { writeSync } from "node:fs";
import { EXIT, LatchkeyError, systemErrorCode } from "../errors.ts";

/**
 * Writes all of `text` to a file descriptor, or throws.
 *
 * console.log loses output on a full device and still exits 0, and a short write to a slow pipe is no error either:
 * a credential_process that does so hands an SDK half an object. So: loop until every byte is out, wait where a
 * non-blocking pipe is full, and tell a closed pipe (exit 141) from a device that is full (STORAGE_FAILED).
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
 * The hot path waits here alone, and listens to no signal before: Node would open a debugger at this one (bin/run.js).
 */
function ignoreDebuggerSignal(): void {
  if (process.listenerCount("SIGUSR1") === 0) process.on("SIGUSR1", () => undefined);
}

/** A reader that reads empties a pipe in less than a tenth of a millisecond; one that is slow is not asked all the time. */
const SHORTEST_PAUSE_MILLISECONDS = 0.1;
const LONGEST_PAUSE_MILLISECONDS = 5;

/** What it means that the system would not take the output. */
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

/** Notices and errors: a closed or full stderr must not stop the work that they are about. */
export function writeIfPossible(descriptor: number, text: string): void {
  try {
    writeChecked(descriptor, text);
  } catch {
    // Nobody is there to be told.
  }
}

/** Blocks the whole process: for the few places where a gap would be one for signal handlers, too. */
export function pauseSync(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
