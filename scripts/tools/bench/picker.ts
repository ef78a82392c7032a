// Measures how long the picker takes to filter, draw and write after a key, and how long one sort of the same rows
// takes. Prints JSON.
import { PassThrough, Writable } from "node:stream";
import type { Choice } from "../../../src/context.ts";
import { createPrompts } from "../../../src/terminal/prompts/prompts.ts";

export interface PickerTimes {
  /** The time from the question to its first drawing. */
  readonly openMilliseconds: number;
  readonly keys: ReadonlyArray<{ readonly isMarking: boolean; readonly milliseconds: number }>;
  /** The time to sort the rows as text. */
  readonly sortMilliseconds: number;
}

/** The listing: 200 accounts of 3 sessions, each with 50 roles. Some roles have a profile. */
const [ACCOUNT_COUNT, ROLE_COUNT] = [200, 50];
const SESSIONS = ["corp", "lab", "partners"];
const TEAMS = ["payments", "search", "billing", "platform", "identity", "ledger", "mobile"];
const STAGES = ["prod", "staging", "dev"];
const TASKS = ["ViewOnly", "PowerUser", "Administrator", "Billing", "Deploy"];
const [UP, DOWN, PAGE_DOWN] = ["\u001b[A", "\u001b[B", "\u001b[6~"];
const [BACKSPACE, CTRL_S, CTRL_U] = ["\u007f", "\u0013", "\u0015"];
const KEYS = [
  ...Array.from("payments pow prod"),
  DOWN,
  DOWN,
  UP,
  PAGE_DOWN,
  CTRL_S,
  ...Array.from({ length: 8 }, () => BACKSPACE),
  CTRL_U,
  DOWN,
  CTRL_S,
  ...Array.from("1000 e a zzz"),
  CTRL_U,
];

const OPTIONS = {
  enter: "uses",
  acts: [{ key: "ctrl-r", label: "look again", needsRow: false, run: () => -1 }],
  marking: { key: "ctrl-s", label: "favourite", toggle: async () => "★" },
  telling: [1, 3, 0, 4, 2, 5, 6],
};

console.log(JSON.stringify(await timePicker()));

async function timePicker(): Promise<PickerTimes> {
  const choices = listChoices();
  const input = new PassThrough();
  let noteDrawn = (): void => undefined;
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // This text is in the last line of every drawing.
      if (String(chunk).includes("look again")) noteDrawn();
      done();
    },
  });
  Object.assign(output, { columns: 120, rows: 40 });
  const waitUntilDrawn = (): Promise<void> => new Promise((resolve) => (noteDrawn = resolve));
  const prompts = createPrompts({
    streams: () => ({ input, output }),
    interruption: new AbortController().signal,
  });
  const first = waitUntilDrawn();
  const opened = performance.now();
  const picked = prompts.pick("Role", choices, OPTIONS);
  await first;
  const openMilliseconds = performance.now() - opened;
  const keys: Array<PickerTimes["keys"][number]> = [];
  for (const key of KEYS) {
    const drawing = waitUntilDrawn();
    const start = performance.now();
    input.write(key);
    await drawing;
    keys.push({ isMarking: key === CTRL_S, milliseconds: performance.now() - start });
  }
  input.write("\r");
  await picked;
  return {
    openMilliseconds,
    keys,
    sortMilliseconds: timeSort(choices.map(({ cells }) => cells.join(" "))),
  };
}

function listChoices(): Array<Choice<number>> {
  return Array.from({ length: ACCOUNT_COUNT * ROLE_COUNT }, (_, at) => {
    const account = Math.floor(at / ROLE_COUNT);
    const accountName = `${TEAMS[account % 7]}-${STAGES[account % 3]}-${account}`;
    const role = at % ROLE_COUNT;
    const roleName = `${TASKS[role % 5]}Access${role < 5 ? "" : role}`;
    const profile = at % 7 === 0 ? `${accountName}-${roleName.toLowerCase()}` : "";
    const region = profile === "" ? "" : "eu-west-1";
    const accountId = String(100_000_000_000 + account * 7919);
    const session = SESSIONS[account % 3] ?? "";
    const news = at % 97 === 0 ? "new" : "";
    return {
      cells: [profile, accountName, accountId, roleName, session, region, news],
      value: at,
      mark: at % 500 === 0 ? "★" : "",
    };
  });
}

function timeSort(texts: readonly string[]): number {
  const start = performance.now();
  texts.toSorted((a, b) => (a < b ? -1 : 1));
  return performance.now() - start;
}
