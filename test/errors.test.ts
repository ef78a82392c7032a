import { describe, expect, test } from "vitest";
import {
  EXIT,
  EXIT_CODES,
  LatchkeyError,
  hasCode,
  isExpectedFailure,
  usageError,
  wrapUnknown,
  type ErrorCode,
} from "../src/errors.ts";

const codes = Object.keys(EXIT_CODES) as ErrorCode[];

const foreign: [string, unknown][] = [
  ["a built-in Error", new TypeError("undefined is not a function")],
  ["a system error", Object.assign(new Error("no such file"), { code: "ENOENT" })],
  ["an Error with one of latchkey's codes", Object.assign(new Error("used"), { code: "USAGE" })],
  [
    "an object that looks like a LatchkeyError",
    { name: "LatchkeyError", code: "USAGE", message: "used" },
  ],
  [
    "an error whose cause is a LatchkeyError",
    new Error("outer", { cause: usageError("Which profile?") }),
  ],
  ["a text", "USAGE"],
  ["null", null],
  ["undefined", undefined],
];

test.each(["EMFILE", "ENFILE"])(
  "%s is no bug wherever it occurs: the process may open too few files",
  (code) => {
    const error = wrapUnknown(Object.assign(new Error("open 'x'"), { code }));
    expect(error).toMatchObject({
      code: "STORAGE_FAILED",
      hint: expect.stringContaining("ulimit -n"),
    });
    expect(error.message).not.toContain("'x'");
  },
);

describe("usageError", () => {
  test.each([
    ["a message and a hint", "Which profile?", "Name one: --profile NAME"],
    ["a message alone", "Which profile?", undefined],
    ["an empty hint", "Which profile?", ""],
  ])("%s give an error with the code USAGE and exit code 2", (_, message, hint) => {
    const error = usageError(message, hint);
    expect(error).toBeInstanceOf(LatchkeyError);
    expect(error).toMatchObject({ name: "LatchkeyError", code: "USAGE", message });
    expect(error.hint).toBe(hint);
    expect(error.exitCode).toBe(EXIT.USAGE);
    expect("cause" in error).toBe(false);
  });
});

describe("isExpectedFailure", () => {
  test.each(codes)("an error with the code %s is expected, unless it is BUG", (code) => {
    expect(isExpectedFailure(new LatchkeyError(code, "It failed."))).toBe(code !== "BUG");
  });

  test("the code decides, and not the exit code, which is the same for BUG and CHECK_FAILED", () => {
    const bug = new LatchkeyError("BUG", "It failed.", { exitCode: EXIT.USAGE });
    expect(isExpectedFailure(bug)).toBe(false);
    const check = new LatchkeyError("CHECK_FAILED", "It failed.", { exitCode: EXIT.FAILED });
    expect(isExpectedFailure(check)).toBe(true);
  });

  test.each(foreign)("%s is not expected", (_, thrown) => {
    expect(isExpectedFailure(thrown)).toBe(false);
  });

  test("a wrapped foreign error is not expected, and a LatchkeyError stays unchanged", () => {
    expect(isExpectedFailure(wrapUnknown(new TypeError("broken")))).toBe(false);
    expect(isExpectedFailure(wrapUnknown(usageError("Which profile?")))).toBe(true);
  });
});

describe("hasCode", () => {
  test.each(codes)("an error with the code %s has no other code", (code) => {
    const error = new LatchkeyError(code, "It failed.");
    expect(codes.filter((each) => hasCode(error, each))).toEqual([code]);
  });

  test("any one of several codes is enough", () => {
    const error = new LatchkeyError("NOT_FOUND", "There is none.");
    expect(hasCode(error, "ACCESS_DENIED", "NOT_FOUND")).toBe(true);
    expect(hasCode(error, "ACCESS_DENIED", "BAD_RESPONSE")).toBe(false);
  });

  test.each(foreign)("%s has none of latchkey's codes", (_, thrown) => {
    expect(codes.filter((each) => hasCode(thrown, each))).toEqual([]);
  });
});
