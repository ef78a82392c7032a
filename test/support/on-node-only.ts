import { test } from "vitest";
import { findProgram } from "../../src/fs/programs.ts";
import { patience } from "./patience.ts";
import { isStandalone } from "./program.ts";

/** A test that needs another program on PATH. Without it the test is left out, and the run's summary shows this. */
export function testWithProgram(
  program: string,
  name: string,
  body: () => Promise<void>,
  timeoutMilliseconds = patience(15_000),
): void {
  if (findProgram(program, process.env["PATH"]) === undefined)
    test.skip(`${name} [left out: ${program} is not on PATH]`);
  else test(name, { timeout: timeoutMilliseconds }, body);
}

/**
 * A test that is left out for the standalone executable. The reason is added to its name (left-out.ts) and printed in the
 * run's summary.
 */
export function testOnNodeOnly(
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

/** A test that is left out except for the standalone executable on Linux. */
export const testOnLinuxStandaloneOnly: (name: string, body: () => Promise<void>) => void =
  isStandalone && process.platform === "linux"
    ? test
    : (name) => test.skip(`${name} [left out: only the standalone program for Linux]`);
