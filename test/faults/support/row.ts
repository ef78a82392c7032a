import { test } from "vitest";

/**
 * One row of the fault table (docs/faults.md), by its number: the built program ran as a child with the fault injected
 * from outside, and the test saw the injection bite. The reporter counts the rows that passed.
 */
export function row(number: number, behaviour: string, work: () => Promise<void>, timeoutMilliseconds = 60_000): void {
  test(`row ${number}: ${behaviour}`, { timeout: timeoutMilliseconds }, work);
}
