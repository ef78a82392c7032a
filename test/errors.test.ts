import { describe, expect, test } from "vitest";
import { EXIT, LatchkeyError, usageError } from "../src/errors.ts";

describe("usageError", () => {
  test.each([
    ["a message and a hint", "Which profile?", "Name one: --profile NAME"],
    ["a message alone", "Which profile?", undefined],
    ["an empty hint", "Which profile?", ""],
  ])("%s make an error of the code USAGE that ends with exit 2", (_, message, hint) => {
    const error = usageError(message, hint);
    expect(error).toBeInstanceOf(LatchkeyError);
    expect(error).toMatchObject({ name: "LatchkeyError", code: "USAGE", message });
    expect(error.hint).toBe(hint);
    expect(error.exitCode).toBe(EXIT.USAGE);
    expect("cause" in error).toBe(false);
  });
});
