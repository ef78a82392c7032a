import { describe, expect, test } from "vitest";
import { findBlocker } from "../../src/federation/check.ts";
import {
  block,
  fail,
  ok,
  skip,
  warn,
  type CheckId,
  type Verdict,
} from "../../src/federation/step.ts";

const OK = ok("");
const WARNED = warn("", "", "");
const FAILED = fail("", "", "");
const UNKNOWN: Verdict = { ...FAILED, status: "unknown" };
const SKIPPED = skip("");
const BLOCKED = block("metadata");

interface Row {
  readonly instance: Verdict;
  readonly scim: Verdict;
  /** What blocks a step that needs both, and a step that needs one of the two. */
  readonly both: CheckId | undefined;
  readonly oneOf: CheckId | undefined;
}

describe("what leaves nothing to judge in a step", () => {
  test.each<[string, Row]>([
    ["nothing, where both are ok", { instance: OK, scim: OK, both: undefined, oneOf: undefined }],
    [
      "nothing, where one is doubtful",
      { instance: WARNED, scim: OK, both: undefined, oneOf: undefined },
    ],
    [
      "nothing, where both were left out for want of input",
      { instance: SKIPPED, scim: SKIPPED, both: undefined, oneOf: undefined },
    ],
    [
      "a failure, unless the other one is enough",
      { instance: FAILED, scim: OK, both: "instance", oneOf: undefined },
    ],
    [
      "a failure of the second, unless the first is enough",
      { instance: WARNED, scim: FAILED, both: "scim-reach", oneOf: undefined },
    ],
    [
      "what can't be known, unless the other one is enough",
      { instance: UNKNOWN, scim: WARNED, both: "instance", oneOf: undefined },
    ],
    [
      "the one that failed, where the other was left out",
      { instance: SKIPPED, scim: FAILED, both: "scim-reach", oneOf: "scim-reach" },
    ],
    [
      "the first of two that failed",
      { instance: FAILED, scim: FAILED, both: "instance", oneOf: "instance" },
    ],
    [
      "what is blocked itself",
      { instance: BLOCKED, scim: SKIPPED, both: "instance", oneOf: "instance" },
    ],
  ])("is %s", (_, { instance, scim, both, oneOf }) => {
    const checks = new Map<CheckId, Verdict>([
      ["instance", instance],
      ["scim-reach", scim],
    ]);
    const ids = ["instance", "scim-reach"] as const;
    expect(findBlocker({ needs: ids }, checks)).toBe(both);
    expect(findBlocker({ needsOneOf: ids }, checks)).toBe(oneOf);
    expect(findBlocker({}, checks)).toBeUndefined();
  });
});
