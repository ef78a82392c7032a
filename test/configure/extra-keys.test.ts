import { expect, test } from "vitest";
import { parseExtraKeys } from "../../src/configure/extra-keys.ts";

test("of two values for one key the later counts, and blanks around are no part of it", () => {
  expect(
    parseExtraKeys(["retry_mode=standard", " Retry_Mode = adaptive ", "max_attempts=3"]),
  ).toEqual([
    ["retry_mode", "adaptive"],
    ["max_attempts", "3"],
  ]);
});
