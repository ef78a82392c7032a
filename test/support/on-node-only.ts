import { test } from "vitest";
import { isStandalone } from "./program.ts";

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
