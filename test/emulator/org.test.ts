import { describe, expect, test } from "vitest";
import {
  assign,
  formatRoleArn,
  createOrg,
  listOrgAccounts,
  listOrgRoles,
  canUse,
  unassign,
} from "../../src/emulator/state/organization.ts";

describe("an org that is generated from a seed", () => {
  test("has three accounts and two roles by default, one of them ViewOnlyAccess", () => {
    const org = createOrg();
    expect([...org.accounts.keys()]).toEqual(["100000000001", "100000000002", "100000000003"]);
    expect(org.accounts.get("100000000001")?.roles).toEqual([
      "ViewOnlyAccess",
      "AdministratorAccess",
    ]);
    expect(createOrg({ roles: 1 }).accounts.get("100000000002")?.roles).toEqual(["ViewOnlyAccess"]);
  });

  test("is the same for the same seed, and has another order for another seed", () => {
    const listIds = (seed: string) =>
      listOrgAccounts(createOrg({ seed, accounts: 50 })).map((account) => account.accountId);
    expect(listIds("a")).toEqual(listIds("a"));
    expect(listIds("a")).not.toEqual(listIds("b"));
  });

  test("can have a thousand accounts with distinct names, and any number of roles", () => {
    const org = createOrg({ accounts: 1000, roles: 25 });
    expect(new Set([...org.accounts.values()].map((account) => account.accountName)).size).toBe(
      1000,
    );
    const roles = listOrgRoles(org, "100000000777");
    expect(new Set(roles).size).toBe(25);
    expect(roles.every((role) => /^[\w+=,.@-]{1,32}$/.test(role))).toBe(true);
  });
});

test("an account is listed while it has an assignment", () => {
  const org = createOrg({ accounts: 0 });
  assign(org, "300000000001", "Auditor", "audit-prod");
  assign(org, "300000000001", "Auditor");
  expect(listOrgAccounts(org)).toMatchObject([{ accountName: "audit-prod", roles: ["Auditor"] }]);
  expect(canUse(org, "300000000001", "Auditor")).toBe(true);
  unassign(org, "300000000001", "Auditor");
  unassign(org, "399999999999", "Auditor");
  expect(listOrgAccounts(org)).toEqual([]);
});

test("the suffix in an ARN differs by role and by account, never by user", () => {
  const roleSuffix = (accountId: string, roleName: string, username: string) =>
    /_([0-9a-f]{16})\//.exec(formatRoleArn("aws", { accountId, roleName, username }))?.[1];
  expect(roleSuffix("1", "R", "a")).toBe(roleSuffix("1", "R", "b"));
  expect(roleSuffix("1", "R", "a")).not.toBe(roleSuffix("2", "R", "a"));
  expect(roleSuffix("1", "R", "a")).not.toBe(roleSuffix("1", "S", "a"));
});
