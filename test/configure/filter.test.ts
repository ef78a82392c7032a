import { describe, expect, test } from "vitest";
import { parseRoleFilter } from "../../src/configure/filter.ts";

const account = {
  accountId: "000000000042",
  accountName: "payments-prod",
  emailAddress: "aws+pay@example.com",
};

describe("a filter", () => {
  const fits = (filters: string[], excludes: string[] = []): boolean =>
    parseRoleFilter(filters, excludes)({ account, roleName: "ViewOnlyAccess" });

  test.each<[string[], string[], boolean]>([
    [[], [], true],
    [["payments-*"], [], true],
    [["PAYMENTS-PROD"], [], true],
    [["payments"], [], false],
    [["000000000042"], [], true],
    [["View*"], [], true],
    [["account:View*"], [], false],
    [["role:view????access"], [], true],
    [["role:Billing", "role:View*"], [], true],
    [["role:View*", "account:search"], [], false],
    [["email:*@example.com"], [], true],
    [[], ["role:ViewOnlyAccess"], false],
    [["payments-*"], ["*"], false],
    [["*a*a*a*a*a*a*a*b"], [], false],
  ])("%j without %j: %s", (filters, excludes, expected) =>
    expect(fits(filters, excludes)).toBe(expected),
  );

  test("matches a glob with many stars in a short time", () => {
    const started = performance.now();
    parseRoleFilter(
      [`${"a*".repeat(200)}b`],
      [],
    )({ account: { ...account, accountName: "a".repeat(20_000) }, roleName: "R" });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
