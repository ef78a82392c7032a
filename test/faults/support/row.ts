import { test } from "vitest";
import { testOnNodeOnly } from "../../support/on-node-only.ts";
import { patience } from "../../support/patience.ts";

const TIMEOUT_MILLISECONDS = 60_000;

/**
 * One row of the fault table (docs/faults.md), by its number: the built program ran as a child with the fault injected
 * from outside, and the test saw the injection bite. The reporter counts the rows that passed.
 */
export function row(
  number: number,
  behaviour: string,
  work: () => Promise<void>,
  timeoutMilliseconds = patience(TIMEOUT_MILLISECONDS),
): void {
  test(`row ${number}: ${behaviour}`, { timeout: timeoutMilliseconds }, work);
}

/** A row that shows something of Node's: the standalone executable leaves it out, for the reason given. */
export function nodeRow(
  number: number,
  behaviour: string,
  reason: string,
  work: () => Promise<void>,
): void {
  testOnNodeOnly(reason)(`row ${number}: ${behaviour}`, work, patience(TIMEOUT_MILLISECONDS));
}
