import { describe, expect, test } from "vitest";
import {
  readEach,
  readMember,
  readTexts,
  requireInstant,
  requireText,
} from "../../src/text/answer.ts";

const NOON = Date.parse("2026-11-29T12:00:00Z");
const keepValue = (milliseconds: number): number => milliseconds;

/** Returns the result of reading the member `a.b`, or the message of the error. */
function attempt(read: (answer: { operation: string; body: unknown }) => unknown, body: unknown) {
  try {
    return read({ operation: "Op", body });
  } catch (thrown) {
    return (thrown as Error).message;
  }
}

const REFUSED = 'The answer of Op has no usable "a.b".';

describe("reading an answer", () => {
  test.each([
    ["abc", "abc"],
    ["", REFUSED],
    ["a b", REFUSED],
    ["a\n", REFUSED],
    ["é", REFUSED],
    ["abcdef", REFUSED],
    [5, REFUSED],
    [null, REFUSED],
    [undefined, REFUSED],
    [["abc"], REFUSED],
  ])("accepts only a text of at most five visible characters: %j", (value, expected) => {
    expect(attempt((answer) => requireText(answer, "a.b", 5), { a: { b: value } })).toBe(expected);
  });

  test.each([
    [NOON, new Date(NOON)],
    [NOON / 1000, REFUSED],
    [String(NOON), REFUSED],
    [NaN, REFUSED],
    [0, REFUSED],
    [-NOON, REFUSED],
    [1e300, REFUSED],
    [undefined, REFUSED],
  ])("accepts only an instant in milliseconds: %j", (value, expected) => {
    const body = { a: { b: value } };
    expect(attempt((answer) => requireInstant(answer, "a.b", keepValue), body)).toEqual(expected);
  });

  test.each([
    [[{ c: 1 }, null, "x", 5, [], { d: 2 }], [{ c: 1 }, { d: 2 }], ["x"]],
    [[], [], []],
    [undefined, REFUSED, REFUSED],
    [null, REFUSED, REFUSED],
    ["x", REFUSED, REFUSED],
    [{ 0: "x" }, REFUSED, REFUSED],
    [0, REFUSED, REFUSED],
  ])("accepts only a list: %j", (value, records, texts) => {
    const body = { a: { b: value } };
    expect(attempt((answer) => readEach(answer, "a.b", (record) => [record]), body)).toEqual(
      records,
    );
    expect(attempt((answer) => readTexts(answer, "a.b"), body)).toEqual(texts);
  });

  test.each([[undefined], [null], ["a"], [[{ a: { b: 1 } }]], [{ a: null }], [{ a: "b" }]])(
    "returns undefined for a path through a value that is not a record: %j",
    (body) => {
      expect(readMember({ operation: "Op", body }, "a.b")).toBeUndefined();
    },
  );
});
