import { describe, expect, test } from "vitest";
import {
  CREDENTIAL_PROCESS_BUDGET,
  limitForFallback,
  lockMilliseconds,
  NO_DEADLINE,
  refreshDeadline,
  waitDeadline,
} from "../../src/token/time-budget.ts";

const clockAt = (milliseconds: number, limitMilliseconds?: number) => ({
  monotonic: () => milliseconds,
  silence: { limitMilliseconds },
});

describe("how long a caller waits, in milliseconds", () => {
  test("a credential_process ends within 45 s of its own start", () => {
    expect(waitDeadline(CREDENTIAL_PROCESS_BUDGET)).toBe(44_000);
  });

  test.each([
    ["a person has no deadline", NO_DEADLINE, undefined],
    ["a fallback ends the wait after 5 s", limitForFallback(clockAt(1_000), NO_DEADLINE), 6_000],
    [
      "the earlier of both counts",
      limitForFallback(clockAt(1_000), CREDENTIAL_PROCESS_BUDGET),
      6_000,
    ],
    ["a deadline stays one", limitForFallback(clockAt(42_000), CREDENTIAL_PROCESS_BUDGET), 44_000],
  ])("%s", (_, budget, deadline) => {
    expect(waitDeadline(budget)).toBe(deadline);
  });

  test.each([
    ["a lock is waited for 30 s", 30_000, [clockAt(0), NO_DEADLINE, false]],
    ["a lock is waited for 5 s if there is a fallback", 5_000, [clockAt(0), NO_DEADLINE, true]],
    [
      "a lock is waited for only the time that is left",
      4_000,
      [clockAt(40_000), CREDENTIAL_PROCESS_BUDGET, false],
    ],
    [
      "a lock is waited for as long as the default limit",
      10_000,
      [clockAt(0, 10_000), NO_DEADLINE, false],
    ],
    ["a lock is waited for as long as --timeout", 60_000, [clockAt(0, 60_000), NO_DEADLINE, false]],
    [
      "a lock is not waited for after the deadline",
      0,
      [clockAt(50_000), CREDENTIAL_PROCESS_BUDGET, false],
    ],
  ] as const)("%s", (_, milliseconds, [clock, budget, hasFallback]) => {
    expect(lockMilliseconds(clock, budget, hasFallback)).toBe(milliseconds);
  });

  test.each([
    ["a refresh without a fallback has all of the caller's time", NO_DEADLINE, false, undefined],
    ["a refresh has 10 s while the token is still valid", NO_DEADLINE, true, 11_000],
    [
      "a refresh has 10 s while role credentials can be used",
      limitForFallback(clockAt(0), NO_DEADLINE),
      false,
      11_000,
    ],
    ["a refresh never goes beyond the deadline", { ...NO_DEADLINE, deadline: 9_000 }, true, 9_000],
  ] as const)("%s", (_, budget, isStillValid, deadline) => {
    expect(refreshDeadline(clockAt(1_000), budget, isStillValid)).toBe(deadline);
  });
});
