import { appendFileSync } from "node:fs";
import { expect } from "vitest";
import type { RunResult } from "./child.ts";

/** One run of the program in a test, for `npm run compare`, which runs the same tests with two programs. */
export interface RecordedRun extends RunResult {
  /** The test file and the name of the test. */
  readonly test: string;
  readonly argv: readonly string[];
  /** The temporary home and the emulator's URL, which differ in each run. */
  readonly home: string;
  readonly url: string;
}

/** Appends the run to the file in the variable; does nothing if it is not set. */
export function recordRun(run: Omit<RecordedRun, "test">): void {
  const file = process.env["LATCHKEY_TEST_RECORD"];
  if (file === undefined) return;
  const { currentTestName = "", testPath = "" } = expect.getState();
  const test = `${testPath.slice(testPath.indexOf("/test/") + 1)} > ${currentTestName}`;
  appendFileSync(file, `${JSON.stringify({ test, ...run } satisfies RecordedRun)}\n`);
}
