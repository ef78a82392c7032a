import { afterAll, expect, test } from "vitest";
import { runProgram } from "../../support/child.ts";
import { PROGRAM } from "../../support/program.ts";
import { describeWanted, drawGrid, type Cell } from "./grid.ts";
import { makePlace, type Place } from "./place.ts";
import { canBeIn, runUserProgram, USER_PROGRAMS, type UserProgram } from "./programs.ts";
import type { Situation } from "./situation.ts";
import { SITUATIONS } from "./situations.ts";

/** Runs every installed client in every situation, and explain with the client's message. */
const quick = process.env["LATCHKEY_TEST_QUICK"] === "1";
const QUICK_CLIENTS: ReadonlySet<string> = new Set(["aws-cli", "javascript", "go-v2"]);
const situations = SITUATIONS.filter(({ isQuick }) => !quick || isQuick === true);
const programs = USER_PROGRAMS.filter(({ client }) => !quick || QUICK_CLIENTS.has(client));
const present = programs.filter((program) => program.findMissing() === undefined);
const grid = new Map<string, Cell>();

for (const { name, findMissing } of programs) {
  const missing = findMissing();
  if (missing !== undefined)
    test.skip(
      `explain knows what ${name} prints [left out: ${missing} is missing, npm run setup:clients]`,
    );
}

const rows = situations.flatMap((situation) =>
  present
    .filter((program) => canBeIn(situation, program))
    .map((program) => ({ situation, program, id: situation.id, name: program.name })),
);

test.concurrent.each(rows)(
  "explain names the cause of what $name prints, and whether it is so: $id",
  async ({ situation, program, id, name }) => {
    const cell = await fillCell(situation, program);
    grid.set(`${id} ${name}`, cell);
    if (cell !== "works") expect(cell).toEqual(describeWanted(situation));
  },
);

test.each(situations)("some client fails: $id", ({ id }) => {
  const cells = rows.filter((row) => row.id === id).map(({ name }) => grid.get(`${id} ${name}`));
  expect(cells.length === 0 || cells.some((cell) => cell !== "works")).toBe(true);
});

afterAll(() => {
  console.log(["", ...drawGrid(situations, present, grid)].join("\n"));
});

async function fillCell(situation: Situation, program: UserProgram): Promise<Cell> {
  const place = await makePlace(situation);
  try {
    const text = await runUserProgram(program, place);
    if (text === undefined) return "works";
    const now = await explain(place, text);
    if (situation.cure === undefined) return { now, cured: "" };
    await situation.cure(place);
    // After the cure, another cause may be the most likely one, so only the verdict is compared.
    return { now, cured: (await explain(place, text)).replace(/^.*: /, "") };
  } finally {
    await place.close();
  }
}

/** Returns cause and verdict, such as `token-missing: yes`. */
async function explain(place: Place, text: string): Promise<string> {
  const argv = [...place.before, ...PROGRAM, "explain", "--json"];
  const { stdout, stderr, exitCode } = await runProgram(argv, place.env, { input: text });
  if (exitCode !== 0) return `exit ${exitCode} ${stderr}`.trim();
  const { cause, here } = JSON.parse(stdout) as { cause: string | null; here: string };
  return `${cause}: ${here}`;
}
