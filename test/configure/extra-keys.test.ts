import { expect, test } from "vitest";
import { parseExtraKeys } from "../../src/configure/extra-keys.ts";

test("the later of two values for one key is used, without spaces around it", () => {
  expect(
    parseExtraKeys(["retry_mode=standard", " Retry_Mode = adaptive ", "max_attempts=3"]),
  ).toEqual([
    ["retry_mode", "adaptive"],
    ["max_attempts", "3"],
  ]);
});
