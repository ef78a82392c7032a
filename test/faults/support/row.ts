import { test } from "vitest";
import { testOnNodeOnly } from "../../support/on-node-only.ts";
import { patience } from "../../support/patience.ts";

const TIMEOUT_MILLISECONDS = 60_000;

/**
 * Defines a test of one row of the fault table (docs/faults.md), by its number. The test runs the built program as a
 * child with the fault injected from outside, and checks that the fault took effect. The reporter counts passed rows.
 */
export function row(
  number: number,
  behaviour: string,
  work: () => Promise<void>,
  timeoutMilliseconds = patience(TIMEOUT_MILLISECONDS),
): void {
  test(`row ${number}: ${behaviour}`, { timeout: timeoutMilliseconds }, work);
}

/** Defines a row that depends on Node: runs with the standalone executable skip it for the given reason. */
export function nodeRow(
  number: number,
  behaviour: string,
  reason: string,
  work: () => Promise<void>,
): void {
  testOnNodeOnly(reason)(`row ${number}: ${behaviour}`, work, patience(TIMEOUT_MILLISECONDS));
}
