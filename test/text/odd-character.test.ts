import { expect, test } from "vitest";
import { findOddCharacter } from "../../src/text/odd-character.ts";

test.each([
  ["a", undefined],
  ["dev team", undefined],
  ["o'brien", undefined],
  ["", undefined],
  ["a\r", "a carriage return"],
  ["a\n", "a line break"],
  ["a\tb", "a tab"],
  ["eu\u00a0west", "a no-break space"],
  ["a\u200b", "a zero-width character"],
  ["\ufeffa", "a byte order mark"],
  ["a\u001b[31m", "a control character"],
  [" a", "a blank at one end"],
  ["a ", "a blank at one end"],
  ['"a"', "quotes around it"],
  ["'a'", "quotes around it"],
])("%j has %s", (value, expected) => {
  expect(findOddCharacter(value)).toBe(expected);
});
