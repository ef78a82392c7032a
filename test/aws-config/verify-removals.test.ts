import { describe, expect, test } from "vitest";
import { parse, catchRefusal } from "./botocore.ts";
import { verifyEdit } from "../support/config-editor.ts";

describe("the check of an edit that removes keys", () => {
  const before = parse("[default]\na = 1\n[profile p]\nregion = x\n[profile q]\nb = 2\n");
  const changes = [{ section: "profile p", key: "region", before: "x", after: null }];

  test.each([
    [
      "the section is gone with its last planned key, though it should stay",
      "[default]\na = 1\n[profile q]\nb = 2\n",
    ],
    [
      "the key that should be gone is still there",
      "[default]\na = 1\n[profile p]\nregion = x\n[profile q]\nb = 2\n",
    ],
    [
      "the key that should be gone has another value",
      "[default]\na = 1\n[profile p]\nregion = y\n[profile q]\nb = 2\n",
    ],
  ])("fails if %s", (_, text) => {
    const refusal = catchRefusal(() => verifyEdit(before, parse(text), changes));
    expect(refusal).toMatchObject({ code: "BUG", message: expect.stringContaining("[profile p]") });
  });

  test("fails if one of two keys to remove is still there", () => {
    const two = parse("[profile p]\nregion = x\noutput = json\n");
    const both = [...changes, { section: "profile p", key: "output", before: "json", after: null }];
    const left = parse("[profile p]\noutput = json\n");
    expect(catchRefusal(() => verifyEdit(two, left, both))).toMatchObject({ code: "BUG" });
  });

  test("passes if the key is removed and its section stays, or if the section was to be removed", () => {
    const kept = parse("[default]\na = 1\n[profile p]\n[profile q]\nb = 2\n");
    const gone = parse("[default]\na = 1\n[profile q]\nb = 2\n");
    expect(() => verifyEdit(before, kept, changes)).not.toThrow();
    expect(() => verifyEdit(before, gone, changes, ["profile p"])).not.toThrow();
  });
});
