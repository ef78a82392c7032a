import { emitKeypressEvents, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { LatchkeyError } from "../../errors.ts";
import { nameKey, type Key } from "./edit-line.ts";

/** Runs every question: handles the keys that cancel it, and an answer that is no longer needed. */

export interface PromptParts {
  /** The streams for questions. Created on first use, since that takes a while in Node. */
  readonly streams: () => { readonly input: Readable; readonly output: Writable };
  /** Aborted with the error to end with, when the process is asked to end. */
  readonly interruption: AbortSignal;
}

interface RunOptions {
  /** Whether the question is erased from the screen at the end. */
  readonly isErased: boolean;
  /** Aborted when the answer has arrived in another way. */
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

/** How long an Escape waits for the rest of an arrow key. readline waits half a second, which feels like a dead key. */
const ESCAPE_MILLISECONDS = 100;

/** @throws LatchkeyError CANCELLED on Esc, Ctrl-C, Ctrl-D and the end of input; the interruption's reason */
export async function runPrompt<Value, Config>(
  parts: PromptParts,
  prompt: Prompt<Value, Config>,
  config: Config,
  { isErased, signal }: RunOptions,
): Promise<Value> {
  const { input, output } = parts.streams();
  parts.interruption.throwIfAborted();
  // Only the first call for a stream has an effect. Of the interface it reads only this value.
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
    // The answer came in another way, and no one waits for this one.
    if (signal?.aborted === true) return await new Promise<never>(() => undefined);
    if (cancelling.signal.aborted || isForcedExit(thrown))
      throw new LatchkeyError("CANCELLED", "Cancelled. Nothing was changed.", { cause: thrown });
    throw thrown;
  } finally {
    stopWatching();
  }
}

/**
 * Listens before readline does. At Ctrl-D and at the end of input, readline closes and removes the prompt's listeners,
 * so the prompt is neither answered nor cancelled. Node then ends because no work is left. Bun waits forever at full
 * load, with the terminal out of raw mode.
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
