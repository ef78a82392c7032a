import { describe, expect, test } from "vitest";
import { toRoleEntry, toTypedWords, type Entry } from "../../src/choice/entry.ts";

const role = (accountId: string, accountName: string | undefined, session = "corp"): Entry =>
  toRoleEntry({ session, accountId, accountName, roleName: "Deploy" });

const PROFILE: Entry = {
  ...role("100000000004", "shop"),
  profile: "shop-deploy",
  form: "sso-session",
};

const ENTRIES = [
  PROFILE,
  role("100000000001", "Data Lake"),
  role("100000000002", "twin"),
  role("100000000003", "twin"),
  role("100000000005", "shop"),
  role("100000000006", "shared", "corp"),
  role("100000000006", "shared", "corp eu"),
  role("100000000007", undefined),
];

describe("the words that a person types for a row of the picker", () => {
  test.each([
    ["a profile by its name", 0, ["shop-deploy"]],
    ["a role by its account's name", 1, ["Data Lake/Deploy"]],
    ["one of two accounts of a name by its id", 2, ["100000000002/Deploy"]],
    ["also where the other one has a profile", 4, ["100000000005/Deploy"]],
    ["one of two sessions by its flag", 6, ["100000000006/Deploy", "--sso-session", "corp eu"]],
    ["an account without a name by its id", 7, ["100000000007/Deploy"]],
  ])("%s", (_, index, words) => {
    expect(toTypedWords(ENTRIES[index] ?? PROFILE, ENTRIES)).toEqual(words);
  });
});
