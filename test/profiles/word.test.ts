import { describe, expect, test } from "vitest";
import { decideSession } from "../../src/profiles/word.ts";
import { NAMES, LEGACY_URL } from "../support/known-names.ts";

/** Returns the decision as one line: its kind, `~` if a part of the name matched, then the names. */
function decide(typed: string, isExact = false): string {
  const decision = decideSession(typed.split(" "), NAMES, { isExact });
  switch (decision.kind) {
    case "none":
      return "none";
    case "several":
      return `several: ${[...decision.sessions, ...decision.profiles].join(", ")}`;
    default:
      return `${decision.kind} ${decision.isPart ? "~" : ""}${decision.name}`;
  }
}

describe("words that name a session", () => {
  test.each([
    ["a session before the profile of the same name", "okta", "session okta"],
    ["a session that is a part of another's name", "corp", "session corp"],
    ["a profile, for its session", "pay-admin", "profile pay-admin"],
    ["a profile without a session of its own", "chain-a", "profile chain-a"],
    ["a start URL, by a profile that has it", LEGACY_URL, "profile old-a"],
    ["a part of one session", "-eu", "session ~corp-eu"],
    ["a part of several sessions", "orp", "several: corp, corp-eu"],
    ["a part of one profile", "pay-a", "profile ~pay-admin"],
    ["a part of profiles that use one session", "ledger", "session ~corp"],
    ["a part of profiles that use one start URL", "old", "profile ~old-a"],
    ["a part of profiles of several sessions", "admin view", "none"],
    ["a part of profiles that use two sessions", "pay", "several: corp-eu, corp"],
    ["a part of profiles that have none", "chain", "none"],
    ["several words of one profile", "led adm", "profile ~ledger-admin"],
    ["a name that does not exist", "nosuch", "none"],
  ])("%s: %s", (_, typed, decision) => {
    expect(decide(typed)).toBe(decision);
  });
});

describe("words that must be a whole name", () => {
  test.each([
    ["corp", "session corp"],
    ["pay-admin", "profile pay-admin"],
    ["orp", "none"],
    ["Corp", "none"],
  ])("a session by %j: %s", (typed, decision) => {
    expect(decide(typed, true)).toBe(decision);
  });
});
