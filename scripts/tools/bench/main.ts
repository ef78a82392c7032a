// npm run bench: compares latchkey with its alternatives, then measures latchkey's own starts and long tasks, all in
// one run.
import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { CHECKOUT } from "../../../test/support/program.ts";
import { readOptions } from "../../options.ts";
import { buildHostExecutable } from "../host-executable.ts";
import { measureAgainst } from "./against.ts";
import { measureOwn } from "./own.ts";
import { runRace, type RaceReport } from "./run-race.ts";

const { values } = readOptions({
  help: `
Usage: npm run bench [-- OPTION...]

Compares latchkey with its peers, then measures its own rows. Builds the standalone
executable first. Exits 1 if a row of latchkey failed.

  --quick             few samples, small orgs
  --only TEXT         only its own rows whose name contains this text, and no race
  --against CHECKOUT  only compare this build with another one, in turns; both
                      programs of the other one must be built
  --write             put the tables and the chart into docs/
  -h, --help          print this help`,
  options: {
    quick: { type: "boolean" },
    only: { type: "string" },
    against: { type: "string" },
    write: { type: "boolean" },
  },
});
const isQuick = values.quick === true;

if (values.against !== undefined) {
  buildHostExecutable();
  process.exit((await measureAgainst(resolve(values.against), isQuick)) ? 0 : 1);
}
if (values.only === undefined) {
  buildHostExecutable();
  const report = await runRace(isQuick);
  console.log(report.text);
  if (values.write === true) writeReport(report);
  if (!report.isGood) process.exitCode = 1;
}
if (!(await measureOwn({ isQuick, only: values.only ?? "" }))) process.exitCode = 1;

function writeReport({ text, chart }: RaceReport): void {
  writeFileSync(join(CHECKOUT, "docs", "benchmarks.svg"), chart);
  const page = join(CHECKOUT, "docs", "benchmarks.md");
  const [before, , after] = readFileSync(page, "utf8").split(/<!-- (?:measured|end) -->\n/);
  if (before === undefined || after === undefined)
    throw new Error(`${page} has no place for the results`);
  writeFileSync(page, `${before}<!-- measured -->\n${text}\n<!-- end -->\n${after}`);
}
