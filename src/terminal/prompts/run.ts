import { emitKeypressEvents, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { LatchkeyError } from "../../errors.ts";
import { nameKey, type Key } from "./edit-line.ts";

/** How every question is run: what cancels it, and what becomes of an answer that nobody waits for any more. */

export interface PromptParts {
  /** Where a question is asked. Node makes them when they are first asked for, which takes a while. */
  readonly streams: () => { readonly input: Readable; readonly output: Writable };
  /** Aborted, with the error to end with, when the process is asked to end. */
  readonly interruption: AbortSignal;
}

interface RunOptions {
  /** Whether nothing of the question stays on the screen. */
  readonly isErased: boolean;
  /** Aborted when the answer has come in another way. */
  readonly signal?: AbortSignal | undefined;
}

type Prompt<Value, Config> = (
  config: Config,
  context: {
    readonly input: Readable;
    readonly output: Writable;
    readonly clearPromptOnDone: boolean;
    readonly signal: AbortSignal;
  },
) => Promise<Value>;

const CANCELLING: ReadonlySet<string> = new Set(["escape", "ctrl-c", "ctrl-d"]);

/** So long an Escape waits for the rest of an arrow key. readline waits for half a second, which looks like a dead key. */
const ESCAPE_MILLISECONDS = 100;

/** @throws LatchkeyError CANCELLED on Esc, Ctrl-C and Ctrl-D, and when the input ends; the interruption's reason. */
export async function runPrompt<Value, Config>(
  parts: PromptParts,
  prompt: Prompt<Value, Config>,
  config: Config,
  { isErased, signal }: RunOptions,
): Promise<Value> {
  const { input, output } = parts.streams();
  parts.interruption.throwIfAborted();
  // The first call for a stream counts: of the interface that readline makes here it would use this one value.
  emitKeypressEvents(input, { escapeCodeTimeout: ESCAPE_MILLISECONDS } as unknown as Interface);
  const cancelling = new AbortController();
  const stopWatching = watchInput(input, () => cancelling.abort());
  const signals = [
    cancelling.signal,
    parts.interruption,
    ...(signal === undefined ? [] : [signal]),
  ];
  try {
    return await prompt(config, {
      input,
      output,
      clearPromptOnDone: isErased,
      signal: AbortSignal.any(signals),
    });
  } catch (thrown) {
    parts.interruption.throwIfAborted();
    // Somebody else has the answer meanwhile: whoever aborted it is not waiting for this one.
    if (signal?.aborted === true) return await new Promise<never>(() => undefined);
    if (cancelling.signal.aborted || isForcedExit(thrown))
      throw new LatchkeyError("CANCELLED", "Cancelled. Nothing was changed.", { cause: thrown });
    throw thrown;
  } finally {
    stopWatching();
  }
}

/**
 * Listens before readline does: at Ctrl-D and at the end of the input it closes, which takes every listener of the
 * prompt away and leaves it neither answered nor cancelled. Node then ends for want of work; Bun waits for ever, busy,
 * with the terminal out of raw mode.
 */
function watchInput(input: Readable, cancel: () => void): () => void {
  const onKey = (_text: string | undefined, key: Key): void => {
    if (CANCELLING.has(nameKey(key))) cancel();
  };
  input.prependListener("keypress", onKey);
  for (const event of ["end", "close", "error"]) input.prependListener(event, cancel);
  if (input.readableEnded || input.destroyed) cancel();
  return () => {
    input.off("keypress", onKey);
    for (const event of ["end", "close", "error"]) input.off(event, cancel);
  };
}

function isForcedExit(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "ExitPromptError";
}
