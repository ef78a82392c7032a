// Runs the test suites on the standalone executable (LATCHKEY_TEST_PROGRAM), and prints the total.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { describeMissing, listMissingParts } from "../../test/support/interop-parts.ts";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";
import { buildHostExecutable, HOST_EXECUTABLE } from "./host-executable.ts";

const { values } = readOptions({
  help: `
Usage: npm run test:standalone
       npm run test:all

Builds the standalone executable and runs the suites with it. test:standalone runs
the part that CI repeats: the command-line suite, the hostile suite, one storm, the
keychain, and one profile form read by every client.

  --all       every suite that starts the program, first on Node, then standalone,
              with a total for each (test:all; takes an hour)
  -h, --help  print this help`,
  options: { all: { type: "boolean" } },
});

interface Total {
  readonly passed: number;
  readonly failed: number;
}

const INTEROP = ["--config", "vitest.interop.config.ts"];
const FAULTS = ["--config", "vitest.faults.config.ts"];
/** Every client gets its credentials from the executable, once with a fresh and once with an expired token. */
const ONE_INTEROP_ROW = [
  ...INTEROP,
  "test/interop/matrix.test.ts",
  "-t",
  "credential-process form, after a login by latchkey",
];
/** The executable asks the keychain for the key in another way than the Node program. */
const THE_KEYCHAIN = [...FAULTS, "test/faults/keychain.test.ts"];
const ONE_STORM = [...FAULTS, "test/faults/storm.test.ts", "-t", "row 55: 100 callers"];
const HOSTILE = ["--config", "vitest.hostile.config.ts"];
const CLI = ["test/cli"];

const missing = listMissingParts();
if (missing.length > 0) {
  console.error(`latchkey: ${describeMissing(missing)}`);
  process.exit(1);
}
buildHostExecutable();
const total = values.all === true ? await runAll() : await runSubset();
console.log(`${total.passed} passed, ${total.failed} failed`);
if (total.failed > 0) process.exitCode = 1;

async function runAll(): Promise<Total> {
  const onNode = await runSuites([[], INTEROP, FAULTS, HOSTILE]);
  const standalone = await runSuites([CLI, INTEROP, FAULTS, HOSTILE], HOST_EXECUTABLE);
  console.log(`on Node: ${onNode.passed} passed, ${onNode.failed} failed`);
  console.log(`standalone: ${standalone.passed} passed, ${standalone.failed} failed`);
  return addTotals(onNode, standalone);
}

/** Runs only some of the suites, so that CI takes less than twenty minutes on two cores. */
async function runSubset(): Promise<Total> {
  const runs = [CLI, HOSTILE, ONE_STORM, THE_KEYCHAIN, ONE_INTEROP_ROW];
  const standalone = await runSuites(runs, HOST_EXECUTABLE);
  console.log(`standalone: ${standalone.passed} passed, ${standalone.failed} failed`);
  return standalone;
}

async function runSuites(runs: ReadonlyArray<readonly string[]>, program?: string): Promise<Total> {
  let total: Total = { passed: 0, failed: 0 };
  for (const argv of runs) total = addTotals(total, await runVitest(argv, program));
  return total;
}

function addTotals(one: Total, other: Total): Total {
  return { passed: one.passed + other.passed, failed: one.failed + other.failed };
}

function runVitest(argv: readonly string[], program: string | undefined): Promise<Total> {
  const ending = program === undefined ? "" : ` with ${program}`;
  console.log(`== vitest run ${argv.join(" ")}${ending}`);
  const child = spawn(
    process.execPath,
    [join(CHECKOUT, "node_modules", "vitest", "vitest.mjs"), "run", ...argv],
    {
      cwd: CHECKOUT,
      env: {
        ...process.env,
        ...(program === undefined ? {} : { LATCHKEY_TEST_PROGRAM: program }),
      },
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    process.stdout.write(chunk);
  });
  return new Promise((resolve) =>
    child.once("close", (exitCode) => resolve(readTotal(text, exitCode === 0))),
  );
}

/** Returns the numbers in a run's summary. A failed run without a summary counts as one failure. */
function readTotal(text: string, hasEndedWell: boolean): Total {
  const summary = [...text.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  if (summary === undefined) return { passed: 0, failed: 1 };
  const failed = Number(summary[2]);
  return {
    passed: Number(summary[1]),
    failed: failed === 0 && !hasEndedWell ? 1 : failed,
  };
}
