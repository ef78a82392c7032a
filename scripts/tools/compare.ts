// Runs the same tests with another build of the program and with this build, and prints the runs that differ.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import type { RecordedRun } from "../../test/support/record.ts";
import { readOptions, refuse } from "../options.ts";
import { HOST_EXECUTABLE } from "./host-executable.ts";
import { maskRun } from "./mask.ts";

const { values, words } = readOptions({
  help: `
Usage: npm run compare -- [--standalone] [--only TEXT] CHECKOUT

Runs the command-line tests with the built program of another checkout, then with
this one. Compares exit code, stdout and stderr of every run of the program, except
for secrets, times and places. Exits 1 if any differs.

  --standalone  compare the standalone executables, which must be built
  --only TEXT   only test files whose path contains this text
  -h, --help    print this help`,
  options: { standalone: { type: "boolean" }, only: { type: "string" } },
  words: 1,
});
const [other] = words;
if (other === undefined || !existsSync(join(other, "bin", "run.js")))
  refuse("Name a checkout whose program is built.");

const folder = mkdtempSync(join(tmpdir(), "latchkey-compare-"));
const theirs = await recordRuns(resolve(other), join(folder, "theirs"));
const ours = await recordRuns(CHECKOUT, join(folder, "ours"));
rmSync(folder, { recursive: true });
report(theirs, ours);

/** Returns all runs of a checkout's program in the tests, grouped by test. */
async function recordRuns(checkout: string, file: string): Promise<Map<string, RecordedRun[]>> {
  const program =
    values.standalone === true
      ? { LATCHKEY_TEST_PROGRAM: join(checkout, HOST_EXECUTABLE) }
      : { LATCHKEY_TEST_CHECKOUT: checkout };
  await runVitest({ ...program, LATCHKEY_TEST_RECORD: file });
  const runs = readFileSync(file, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RecordedRun);
  return Map.groupBy(runs, ({ test }) => test);
}

/** Runs the tests with one build. If that build fails a test, vitest's output shows it; its runs are compared anyway. */
function runVitest(env: Readonly<Record<string, string>>): Promise<void> {
  const vitest = join(CHECKOUT, "node_modules", "vitest", "vitest.mjs");
  const child = spawn(process.execPath, [vitest, "run", `test/cli/${values.only ?? ""}`], {
    cwd: CHECKOUT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((settle) => child.once("close", () => settle()));
}

function report(theirs: Map<string, RecordedRun[]>, ours: Map<string, RecordedRun[]>): void {
  let [compared, missing] = [0, 0];
  const differing: string[] = [];
  for (const [test, runs] of theirs) {
    // Parallel runs end in any order. So each run is compared with a run of the same arguments: one with the same
    // result if there is one.
    const left = new Map(Map.groupBy(ours.get(test) ?? [], toWords));
    for (const run of runs) {
      const before = maskRun(run);
      const after = takeMatch(left.get(toWords(run)) ?? [], before);
      if (after === undefined) missing += 1;
      else compared += 1;
      if (after !== undefined && before !== after)
        differing.push(`${test}\n  latchkey ${run.argv.join(" ")}\n- ${before}\n+ ${after}`);
    }
  }
  for (const difference of differing) console.log(difference);
  console.log(`${compared} runs compared, ${differing.length} differ, ${missing} have no match`);
  if (differing.length > 0) process.exitCode = 1;
}

/** Removes a run from the list and returns it: the run with the same result, else the first. */
function takeMatch(left: RecordedRun[], before: string): string | undefined {
  const alike = left.findIndex((run) => maskRun(run) === before);
  const [taken] = left.splice(Math.max(0, alike), 1);
  return taken === undefined ? undefined : maskRun(taken);
}

function toWords({ argv, home, url }: RecordedRun): string {
  return argv.join("\u0000").replaceAll(home, "HOME").replaceAll(url, "URL");
}
