import { resolve } from "node:path";
import { test } from "vitest";

const root = resolve(import.meta.dirname, "..", "..");

/** The standalone executable to test in place of Node and bin/run.js, where the variable names one. */
const standalone = process.env["LATCHKEY_TEST_PROGRAM"];

/** The words that start the program under test. */
export const PROGRAM: readonly [string, ...string[]] =
  standalone === undefined
    ? [process.execPath, resolve(root, "bin", "run.js")]
    : [resolve(root, standalone)];

export const isStandalone = standalone !== undefined;

/** A test that the standalone executable leaves out, and why: its name says so then (left-out.ts), and the run's summary names it. */
export function onNodeOnly(
  reason: string,
): (name: string, body: () => Promise<void>, timeoutMilliseconds?: number) => void {
  return (name, body, timeoutMilliseconds) => {
    if (isStandalone) test.skip(`${name} [left out: ${reason}]`);
    else
      test(
        name,
        { ...(timeoutMilliseconds === undefined ? {} : { timeout: timeoutMilliseconds }) },
        body,
      );
  };
}
