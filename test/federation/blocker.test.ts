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
  /** What blocks a step that needs both steps, and one that needs either. */
  readonly both: CheckId | undefined;
  readonly oneOf: CheckId | undefined;
}

describe("the blocker of a step", () => {
  test.each<[string, Row]>([
    ["nothing if both are ok", { instance: OK, scim: OK, both: undefined, oneOf: undefined }],
    [
      "nothing if one is a warning",
      { instance: WARNED, scim: OK, both: undefined, oneOf: undefined },
    ],
    [
      "nothing if both were skipped because of missing input",
      { instance: SKIPPED, scim: SKIPPED, both: undefined, oneOf: undefined },
    ],
    [
      "the first if it failed and both are needed",
      { instance: FAILED, scim: OK, both: "instance", oneOf: undefined },
    ],
    [
      "the second if it failed and both are needed",
      { instance: WARNED, scim: FAILED, both: "scim-reach", oneOf: undefined },
    ],
    [
      "the first if it is unknown and both are needed",
      { instance: UNKNOWN, scim: WARNED, both: "instance", oneOf: undefined },
    ],
    [
      "the one that failed if the other was skipped",
      { instance: SKIPPED, scim: FAILED, both: "scim-reach", oneOf: "scim-reach" },
    ],
    [
      "the first if both failed",
      { instance: FAILED, scim: FAILED, both: "instance", oneOf: "instance" },
    ],
    [
      "the one that is blocked",
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
