import { describe, expect, test } from "vitest";
import { decideWord, type KnownNames } from "../../src/profiles/word.ts";

const LEGACY_URL = "https://old.awsapps.com/start";

const NAMES: KnownNames = {
  sessions: ["corp", "corp-eu", "okta", "idle"],
  profiles: [
    { profile: "default" },
    { profile: "okta", session: "corp" },
    { profile: "ledger-view", session: "corp" },
    { profile: "ledger-admin", session: "corp" },
    { profile: "pay-view", session: "corp-eu" },
    { profile: "Pay-View", session: "corp-eu" },
    { profile: "pay-admin", session: "corp" },
    { profile: "old-a", session: LEGACY_URL },
    { profile: "old-b", session: LEGACY_URL },
    { profile: "chain-a" },
    { profile: "chain-b" },
    { profile: "two words", session: "corp" },
  ],
  describe: (profile) => (profile === "okta" ? "corp 111122223333 sandbox ReadOnly" : ""),
};

/** The decision as one line: its kind, a `~` where a part was enough, then the names. */
function decide(wanted: "profile" | "session", typed: string, isExact = false): string {
  const decision = decideWord(typed.split(" "), NAMES, { wanted, isExact });
  switch (decision.kind) {
    case "none":
      return "none";
    case "several":
      return `several: ${[...decision.sessions, ...decision.profiles].join(", ")}`;
    default: {
      const below = decision.kind === "session" ? decision.profiles : [];
      const ending = below.length === 0 ? "" : `: ${below.join(", ")}`;
      return `${decision.kind} ${decision.isPart ? "~" : ""}${decision.name}${ending}`;
    }
  }
}

describe("what words mean where a profile is wanted", () => {
  test.each([
    ["a whole name", "ledger-view", "profile ledger-view"],
    ["a profile before the session of the same name", "okta", "profile okta"],
    ["a session, where no profile has the name", "corp-eu", "session corp-eu: pay-view, Pay-View"],
    [
      "a session that is a part of another's name",
      "corp",
      "session corp: okta, ledger-view, ledger-admin, pay-admin, two words",
    ],
    ["a session without profiles", "idle", "session idle"],
    ["a start URL as a session", LEGACY_URL, `session ${LEGACY_URL}: old-a, old-b`],
    ["a part of one name", "ger-v", "profile ~ledger-view"],
    ["a part in other case", "LEDGER-V", "profile ~ledger-view"],
    ["a whole name in other case, before parts", "OKTA", "profile ~okta"],
    ["a whole name before one that differs in case", "pay-view", "profile pay-view"],
    ["a whole name that two have but for case", "PAY-VIEW", "several: pay-view, Pay-View"],
    ["a part of several", "ledger", "several: ledger-view, ledger-admin"],
    ["a part of a session's name alone", "dle", "session ~idle"],
    ["several words, each a part", "view led", "profile ~ledger-view"],
    ["several words of several names", "led ger", "several: ledger-view, ledger-admin"],
    ["several words that are one name", "two words", "profile two words"],
    ["several words of a row", "read sand", "profile ~okta"],
    ["one word of a row, which is no name", "sandbox", "none"],
    ["a part of a start URL, which is no name", "awsapps", "none"],
    ["nothing that is there", "nosuch", "none"],
    ["several words of which one fits", "led nosuch", "none"],
  ])("%s: %s", (_, typed, decision) => {
    expect(decide("profile", typed)).toBe(decision);
  });
});

describe("what words mean where a session is wanted", () => {
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
    ["nothing that is there", "nosuch", "none"],
  ])("%s: %s", (_, typed, decision) => {
    expect(decide("session", typed)).toBe(decision);
  });
});

describe("where only a whole name will do", () => {
  test.each([
    ["profile", "ledger-view", "profile ledger-view"],
    ["profile", "corp-eu", "session corp-eu: pay-view, Pay-View"],
    ["profile", "ger-v", "none"],
    ["profile", "LEDGER-VIEW", "none"],
    ["session", "corp", "session corp"],
    ["session", "pay-admin", "profile pay-admin"],
    ["session", "orp", "none"],
    ["session", "Corp", "none"],
  ] as const)("a %s by %s", (wanted, typed, decision) => {
    expect(decide(wanted, typed, true)).toBe(decision);
  });
});
