import { emitKeypressEvents, type Interface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { LatchkeyError } from "../../errors.ts";
import { nameKey, type Key } from "./edit-line.ts";

/** Runs every question. Handles the keys that cancel a question, and a question whose answer is no longer needed. */

export interface PromptParts {
  /** Returns the streams for questions. They are created at the first call, because that takes some time in Node. */
  readonly streams: () => { readonly input: Readable; readonly output: Writable };
  /** Aborted when the process is asked to end, with the error to throw. */
  readonly interruption: AbortSignal;
}

interface RunOptions {
  /** Whether the question is erased from the screen when it ends. */
  readonly isErased: boolean;
  /** Aborted when the answer has arrived in another way, such as from the browser. */
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

/**
 * How long latchkey waits after an Escape for the rest of an arrow key. readline waits half a second, and users think
 * that the key does not work.
 */
const ESCAPE_MILLISECONDS = 100;

/**
 * @throws LatchkeyError CANCELLED on Esc, Ctrl-C, Ctrl-D and the end of input; the interruption's reason if the process
 * is asked to end
 */
export async function runPrompt<Value, Config>(
  parts: PromptParts,
  prompt: Prompt<Value, Config>,
  config: Config,
  { isErased, signal }: RunOptions,
): Promise<Value> {
  const { input, output } = parts.streams();
  parts.interruption.throwIfAborted();
  // Only the first call for a stream has an effect. The function reads only this value from the interface.
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
    // The answer has arrived in another way, so nothing waits for the answer to this question.
    if (signal?.aborted === true) return await new Promise<never>(() => undefined);
    if (cancelling.signal.aborted || isForcedExit(thrown))
      throw new LatchkeyError("CANCELLED", "Cancelled. Nothing was changed.", { cause: thrown });
    throw thrown;
  } finally {
    stopWatching();
  }
}

/**
 * Adds a listener before readline adds its own. At Ctrl-D and at the end of input, readline closes and removes the
 * prompt's listeners, so the prompt would neither return nor throw. Node then ends because no work is left. Bun waits
 * forever at full load, with the terminal in raw mode off.
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
