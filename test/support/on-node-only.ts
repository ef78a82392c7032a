import { test } from "vitest";
import { findProgram } from "../../src/fs/programs.ts";
import { patience } from "./patience.ts";
import { isStandalone } from "./program.ts";

/** A test that needs another program on PATH; without it the test is left out, and the run's summary says so. */
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

/** A test that the standalone executable leaves out, and why: its name says so then (left-out.ts), and the run's summary names it. */
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
