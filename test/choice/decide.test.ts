import { describe, expect, test } from "vitest";
import { decideChoice, type ChoiceNames } from "../../src/choice/decide.ts";
import { nameEntries } from "../../src/choice/entry.ts";
import { LEGACY_URL, NAMES } from "../support/known-names.ts";

/** The decision as one line: its kind, a `~` if a part matched, then the names. */
function decide(names: ChoiceNames, typed: string, isExact = false): string {
  const decision = decideChoice(typed.split(" "), names, { isExact });
  switch (decision.kind) {
    case "none":
      return "none";
    case "several":
      return `several: ${nameEntries(decision.entries).join(", ")}`;
    case "role": {
      const { accountId, roleName, session } = decision.role;
      return `role ${decision.isPart ? "~" : ""}${accountId}/${roleName} of ${session}`;
    }
    default: {
      const below = decision.kind === "session" ? nameEntries(decision.entries) : [];
      const ending = below.length === 0 ? "" : `: ${below.join(", ")}`;
      return `${decision.kind} ${decision.isPart ? "~" : ""}${decision.name}${ending}`;
    }
  }
}

describe("what words mean if a profile is expected", () => {
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
    expect(decide(NAMES, typed)).toBe(decision);
  });
});

const ROLE = { session: "corp", accountId: "111122223333", accountName: "sandbox" } as const;

/** The same names with listed roles: `okta` and the two `sand-…` profiles have roles of the sandbox. */
const WITH_ROLES: ChoiceNames = {
  ...NAMES,
  profiles: [
    ...NAMES.profiles.map((row) =>
      row.profile === "okta" ? { ...row, ...ROLE, roleName: "ReadOnly" } : row,
    ),
    ...["sand-eu", "sand-us"].map((profile) => ({
      ...ROLE,
      profile,
      form: "sso-session" as const,
      roleName: "Auditor",
      region: undefined,
      managed: false,
    })),
  ],
  roles: [
    { ...ROLE, roleName: "ReadOnly" },
    { ...ROLE, roleName: "Auditor" },
    { ...ROLE, roleName: "Deploy" },
    { session: "corp", accountId: "222233334444", accountName: "Ledger/Prod", roleName: "Deploy" },
    { session: "corp", accountId: "222233334444", accountName: "Ledger/Prod", roleName: "Billing" },
    { session: "corp-eu", accountId: "333344445555", accountName: "twin", roleName: "Deploy" },
    { session: "corp", accountId: "444455556666", accountName: "twin", roleName: "Deploy" },
    { session: "corp-eu", accountId: "555566667777", accountName: "shared", roleName: "Ops" },
    { session: "corp", accountId: "555566667777", accountName: "shared", roleName: "Ops" },
    { session: "corp", accountId: "666677778888", accountName: undefined, roleName: "Owner" },
    { session: "corp", accountId: "777788889999", accountName: "888899990000", roleName: "Ops" },
  ],
};

describe("what words mean if roles are known too", () => {
  test.each([
    ["a profile's whole name, before everything", "okta", "profile okta"],
    ["an id and a role", "111122223333/Deploy", "role 111122223333/Deploy of corp"],
    ["a name and a role", "sandbox/Deploy", "role 111122223333/Deploy of corp"],
    ["whole names in other case", "SANDBOX/deploy", "role 111122223333/Deploy of corp"],
    ["a role that a profile stands for", "sandbox/ReadOnly", "role 111122223333/ReadOnly of corp"],
    ["a name with a slash", "Ledger/Prod/Billing", "role 222233334444/Billing of corp"],
    ["an account without a name", "666677778888/Owner", "role 666677778888/Owner of corp"],
    ["parts around the slash", "led/bill", "role ~222233334444/Billing of corp"],
    ["parts of a role that one profile stands for", "box/read", "profile ~okta"],
    [
      "parts of a role that two profiles stand for",
      "box/aud",
      "role ~111122223333/Auditor of corp",
    ],
    ["a part of an id", "6666/own", "role ~666677778888/Owner of corp"],
    ["words of a role, in any order", "bill led", "role ~222233334444/Billing of corp"],
    ["one word of a role that a profile stands for", "readonly", "profile ~okta"],
    ["one word that only one role has", "owner", "role ~666677778888/Owner of corp"],
    [
      "a session before parts of roles",
      "corp-eu",
      "session corp-eu: pay-view, Pay-View, twin/Deploy, shared/Ops",
    ],
    [
      "parts of profiles and of roles together",
      "ledger",
      "several: ledger-view, ledger-admin, Ledger/Prod/Deploy, Ledger/Prod/Billing",
    ],
    [
      "a role in two accounts of a name",
      "twin/Deploy",
      "several: 333344445555/Deploy, 444455556666/Deploy",
    ],
    [
      "an account in two sessions",
      "shared/Ops",
      "several: 555566667777/Ops --sso-session corp-eu, 555566667777/Ops --sso-session corp",
    ],
    [
      "the id of one of two accounts of a name",
      "444455556666/Deploy",
      "role 444455556666/Deploy of corp",
    ],
    ["every role of an account", "sandbox/", "several: okta, sandbox/Auditor, sandbox/Deploy"],
    ["a role of every account", "/bill", "role ~222233334444/Billing of corp"],
    ["an id that another account has for its name", "888899990000/Ops", "none"],
    [
      "the id of an account that is called like another's",
      "777788889999/Ops",
      "role 777788889999/Ops of corp",
    ],
    ["a role that is not there", "sandbox/Owner", "none"],
    ["an account that is not there", "999999999999/Deploy", "none"],
  ])("%s: %s", (_, typed, decision) => {
    expect(decide(WITH_ROLES, typed)).toBe(decision);
  });

  test("a profile with the name of an account and a role takes precedence over them", () => {
    const names = {
      ...WITH_ROLES,
      profiles: WITH_ROLES.profiles.map((row) =>
        row.profile === "okta" ? { ...row, profile: "sandbox/Deploy" } : row,
      ),
    };
    expect(decide(names, "sandbox/Deploy")).toBe("profile sandbox/Deploy");
  });
});

describe("what words mean if only full names are allowed", () => {
  test.each([
    ["ledger-view", "profile ledger-view"],
    ["corp-eu", "session corp-eu: pay-view, Pay-View, twin/Deploy, shared/Ops"],
    ["ger-v", "none"],
    ["LEDGER-VIEW", "none"],
    ["sandbox/Deploy", "role 111122223333/Deploy of corp"],
    ["111122223333/Deploy", "role 111122223333/Deploy of corp"],
    ["sandbox/deploy", "none"],
    ["sand/Deploy", "none"],
    ["Sandbox/Deploy", "none"],
  ])("%s", (typed, decision) => {
    expect(decide(WITH_ROLES, typed, true)).toBe(decision);
  });
});
