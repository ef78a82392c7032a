// How long the picker takes for a key: filtered, drawn and written, beside one sort of the same rows. Prints JSON.
import { PassThrough, Writable } from "node:stream";
import { createPrompts } from "../../../src/terminal/prompts/prompts.ts";

export interface PickerTimes {
  /** For each key. */
  readonly milliseconds: readonly number[];
  /** Of sorting the rows as text. */
  readonly sortMilliseconds: number;
}

const ROWS = 10_000;
const ACCOUNTS = ["payments", "search", "billing", "platform", "identity", "ledger", "mobile"];
const STAGES = ["prod", "staging", "dev"];
const ROLES = ["ViewOnlyAccess", "PowerUserAccess", "AdministratorAccess", "Billing"];
const [DOWN, PAGE_DOWN, BACKSPACE, CTRL_U] = ["\u001b[B", "\u001b[6~", "\u007f", "\u0015"];
const KEYS = [
  ...Array.from("payments pow prod"),
  DOWN,
  PAGE_DOWN,
  ...Array.from({ length: 8 }, () => BACKSPACE),
  CTRL_U,
  ...Array.from("e a zzz"),
  CTRL_U,
];

console.log(JSON.stringify(await timePicker()));

async function timePicker(): Promise<PickerTimes> {
  const choices = Array.from({ length: ROWS }, (_, at) => createChoice(at));
  const input = new PassThrough();
  let noteDrawn = (): void => undefined;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // The last line of every drawing.
      if (String(chunk).includes(` of ${ROWS}`)) noteDrawn();
      done();
    },
  });
  const waitUntilDrawn = (): Promise<void> => new Promise((resolve) => (noteDrawn = resolve));
  const prompts = createPrompts({
    streams: () => ({ input, output }),
    interruption: new AbortController().signal,
  });
  const first = waitUntilDrawn();
  const picked = prompts.pick("Profile", choices);
  await first;
  const times: number[] = [];
  for (const key of KEYS) {
    const drawing = waitUntilDrawn();
    const start = performance.now();
    input.write(key);
    await drawing;
    times.push(performance.now() - start);
  }
  input.write("\r");
  await picked;
  return {
    milliseconds: times,
    sortMilliseconds: timeSort(choices.map(({ cells }) => cells.join(" "))),
  };
}

function createChoice(at: number) {
  const account = `${ACCOUNTS[at % 7]}-${STAGES[at % 3]}-${at % 500}`;
  const role = ROLES[at % 4] ?? "";
  return { cells: [`${account}-${role.toLowerCase()}`, account, role, "eu-west-1"], value: at };
}

function timeSort(texts: readonly string[]): number {
  const start = performance.now();
  texts.toSorted((a, b) => (a < b ? -1 : 1));
  return performance.now() - start;
}
