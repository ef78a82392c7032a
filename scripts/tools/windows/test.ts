// Runs the unit tests, the command-line suite and the Windows tests under Wine, and prints the total.
import { DatabaseSync } from "node:sqlite";
import { listUnitFiles } from "../../../test/support/unit-files.ts";
import { locateExecutable } from "../../build/standalone/targets.ts";
import { readOptions } from "../../options.ts";
import { buildStale } from "../host-executable.ts";
import { CLIENTS_VARIABLE } from "./clients.ts";
import { copyCheckout } from "./checkout.ts";
import { countUnitTests } from "./unit-count.ts";
import { isWindowsSetUp, nameForWindows, runInWine, WINDOWS } from "./wine.ts";

const { values } = readOptions({
  help: `
Usage: npm run test:windows [-- --all]

Runs under Wine, after npm run setup:windows: the unit tests with Node for Windows,
the command-line suite with latchkey-windows-x64.exe, and the tests for Windows only
(cmd.exe, the Credential Manager, AWS clients for Windows). Without the set-up it
prints a notice and runs nothing.

  --all       all of the command-line suite and the fault rows, not only a part
  -h, --help  print this help`,
  options: { all: { type: "boolean" } },
});

/** The test counts of a suite. The name of a skipped test contains the reason. */
interface Total {
  readonly passed: number;
  readonly failed: number;
  readonly leftOut: number;
}

const UNITS = "vitest.windows.config.ts";
const VITEST = ["node_modules/vitest/vitest.mjs", "run", "--config"];
const EXECUTABLE = locateExecutable("windows-x64");

if (!isWindowsSetUp()) {
  console.log("latchkey: Windows' tests are not set up here (npm run setup:windows, as root).");
  console.log(`0 passed, 0 failed, ${listUnitFiles().length} skipped`);
} else await runAlone(runSuites);

/** Runs only one test run at a time, because all runs share the copy of the checkout. */
async function runAlone(run: () => Promise<void>): Promise<void> {
  const lock = new DatabaseSync(WINDOWS.lock, { timeout: 3_600_000 });
  try {
    lock.exec("BEGIN EXCLUSIVE");
    await run();
  } finally {
    lock.close();
  }
}

async function runSuites(): Promise<void> {
  buildStale("--only", "windows-x64");
  copyCheckout(["dist", EXECUTABLE]);
  const count = values.all === true ? countUnitTests() : undefined;
  const units = await runVitest([UNITS]);
  console.log(`unit tests on Windows: ${describeUnits(units, count)}`);
  const projects = ["windows", values.all === true ? "cli-all" : "cli", "faults"];
  const selected = projects.flatMap((project) => ["--project", project]);
  const program = await runVitest(["vitest.windows-cli.config.ts", ...selected]);
  console.log(`with ${EXECUTABLE}: ${describeTotal(program)}`);
  const failed = units.failed + program.failed;
  console.log(`${units.passed + program.passed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

async function runVitest(argv: readonly string[]): Promise<Total> {
  console.log(`== vitest run --config ${argv.join(" ")}, on Windows`);
  const words = ["wine64", nameForWindows(WINDOWS.node), ...VITEST, ...argv];
  const { exitCode, stdout } = await runInWine(words, {
    cwd: WINDOWS.checkout,
    env: {
      LATCHKEY_TEST_PROGRAM: EXECUTABLE,
      [CLIENTS_VARIABLE]: nameForWindows(WINDOWS.clients),
    },
  });
  return readTotal(stdout, exitCode === 0);
}

/** @param count the number of unit tests on this machine */
function describeUnits(units: Total, count: number | undefined): string {
  if (count === undefined) return describeTotal(units);
  const percent = ((100 * units.passed) / count).toFixed(1);
  return `${describeTotal(units)}; there are ${count} here, so ${percent} % ran`;
}

function describeTotal({ passed, failed, leftOut }: Total): string {
  return `${passed} passed, ${failed} failed, ${leftOut} left out`;
}

/** Returns the numbers in a run's summary. A failed run without a summary counts as one failure. */
function readTotal(text: string, hasEndedWell: boolean): Total {
  const summary = [...text.matchAll(/^(\d+) passed, (\d+) failed$/gm)].at(-1);
  const leftOut = Number([...text.matchAll(/^(\d+) left out$/gm)].at(-1)?.[1] ?? 0);
  const failed = Number(summary?.[2] ?? 1);
  return {
    passed: Number(summary?.[1] ?? 0),
    failed: failed === 0 && !hasEndedWell ? 1 : failed,
    leftOut,
  };
}
