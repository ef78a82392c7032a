import { PassThrough, Writable } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import type { Choice, PickOptions } from "../../src/context.ts";
import { createPrompts } from "../../src/terminal/prompts/prompts.ts";
import { patience } from "./patience.ts";
import { drawScreen, type Screen } from "./screen.ts";

/** latchkey's picker with a simulated terminal, in this process. */
export interface OpenPicker<Picked> {
  /** Presses keys, and waits until the output after them contains the words. */
  press(keys: string, words: string): Promise<void>;
  draw(): Promise<Screen>;
  readonly picked: Promise<Picked>;
}

export async function openPicker<T, R>(
  choices: ReadonlyArray<Choice<T>>,
  options: PickOptions<T, R>,
  columns: number,
): Promise<OpenPicker<T | R>> {
  const input = new PassThrough();
  let raw = "";
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      raw += String(chunk);
      done();
    },
  });
  // Like stderr, the output is not closed after a question.
  Object.assign(output, { columns, rows: 24, end: () => output });
  const prompts = createPrompts({
    streams: () => ({ input, output }),
    interruption: new AbortController().signal,
  });
  const picked = prompts.pick("Role", choices, options);
  const see = async (words: string, from: number): Promise<void> => {
    const deadline = performance.now() + patience(10_000);
    while (!stripVTControlCharacters(raw.slice(from)).includes(words)) {
      if (performance.now() > deadline) throw new Error(`${words} was not seen in:\n${raw}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  await see(" of ", 0);
  return {
    picked,
    draw: () => drawScreen(raw.replaceAll("\n", "\r\n"), columns),
    async press(keys, words) {
      const from = raw.length;
      input.write(keys);
      await see(words, from);
    },
  };
}
