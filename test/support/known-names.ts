import type { ChoiceNames } from "../../src/choice/decide.ts";

/** Profiles and sessions of an example config, for tests of how words are interpreted. */

export const LEGACY_URL = "https://old.awsapps.com/start";

const PROFILES: ReadonlyArray<{ readonly profile: string; readonly session?: string }> = [
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
];

export const NAMES: ChoiceNames = {
  sessions: ["corp", "corp-eu", "okta", "idle"],
  profiles: PROFILES.map((row) => ({ form: "other", region: undefined, managed: false, ...row })),
  describe: (profile) => (profile === "okta" ? "corp 111122223333 sandbox ReadOnly" : ""),
  roles: [],
};
