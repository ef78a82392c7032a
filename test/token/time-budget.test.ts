import { describe, expect, test } from "vitest";
import {
  CREDENTIAL_PROCESS_BUDGET,
  limitForFallback,
  lockMilliseconds,
  NO_DEADLINE,
  refreshDeadline,
  waitDeadline,
} from "../../src/token/time-budget.ts";

const at = (milliseconds: number) => ({ monotonic: () => milliseconds });

describe("how long a caller waits, in milliseconds", () => {
  test("a credential_process ends within 45 s of its own start", () => {
    expect(waitDeadline(CREDENTIAL_PROCESS_BUDGET)).toBe(44_000);
  });

  test.each([
    ["a person has no deadline", NO_DEADLINE, undefined],
    ["a fallback ends the wait after 5 s", limitForFallback(at(1_000), NO_DEADLINE), 6_000],
    ["the earlier of both counts", limitForFallback(at(1_000), CREDENTIAL_PROCESS_BUDGET), 6_000],
    ["a deadline stays one", limitForFallback(at(42_000), CREDENTIAL_PROCESS_BUDGET), 44_000],
  ])("%s", (_, budget, deadline) => {
    expect(waitDeadline(budget)).toBe(deadline);
  });

  test.each([
    ["a lock is waited for 30 s", 0, NO_DEADLINE, false, 30_000],
    ["5 s where something else would do", 0, NO_DEADLINE, true, 5_000],
    ["as long as is left", 40_000, CREDENTIAL_PROCESS_BUDGET, false, 4_000],
    ["not at all after the deadline", 50_000, CREDENTIAL_PROCESS_BUDGET, false, 0],
  ] as const)("%s", (_, now, budget, hasFallback, milliseconds) => {
    expect(lockMilliseconds(at(now), budget, hasFallback)).toBe(milliseconds);
  });

  test.each([
    ["a refresh without a fallback has the caller's time", NO_DEADLINE, false, undefined],
    ["10 s while the token is still valid", NO_DEADLINE, true, 11_000],
    ["10 s while role credentials would do", limitForFallback(at(0), NO_DEADLINE), false, 11_000],
    ["never beyond the deadline", { ...NO_DEADLINE, deadline: 9_000 }, true, 9_000],
  ] as const)("%s", (_, budget, isStillValid, deadline) => {
    expect(refreshDeadline(at(1_000), budget, isStillValid)).toBe(deadline);
  });
});
