import { describe, expect, test } from "vitest";
import { isRoleName } from "../../src/model/role.ts";
import { encodeName, parseTemplate, renderTemplate } from "../../src/model/name-template.ts";
import { planNames } from "../../src/sync/names.ts";
import { FOREIGN_ROLES } from "./foreign-roles.ts";

/** Role names from AWS are untrusted. Invalid ones are shown but never written, and the others are synced. */

test.each<readonly [string, boolean]>([
  ["ViewOnlyAccess", true],
  ["a", true],
  ["x".repeat(64), true],
  ["A+B=C,D.E@F-G_h", true],
  ["", false],
  ["a b", false],
  ["a/b", false],
  ["a\n", false],
  ...FOREIGN_ROLES.map((name) => [name, false] as const),
])("%j is a role's name: %j", (name, expected) => {
  expect(isRoleName(name)).toBe(expected);
});

describe("roles of one account that differ only in a character that short names drop", () => {
  const account = { accountId: "100000000001", accountName: "payments", emailAddress: undefined };
  const name = (template: string | undefined, ...roles: readonly string[]): string[] =>
    planNames(
      roles.map((roleName) => ({ account, roleName })),
      () => true,
      {
        template: template === undefined ? undefined : parseTemplate(template),
        session: "corp",
        regions: [],
      },
    ).map((planned) => planned.name);

  test.each<[string | undefined, string[], string[]]>([
    [
      undefined,
      ["A+B=C", "A+B-C", "Admin"],
      ["payments-A+B%3DC", "payments-A+B-C", "payments-admin"],
    ],
    [undefined, ["Admin", "admin"], ["payments-Admin", "payments-admin"]],
    [undefined, ["==", "Admin"], ["payments-%3D%3D", "payments-admin"]],
    [undefined, ["A+B=C"], ["payments"]],
    ["{account.slug}.{role|encode}", ["A+B=C", "A+B-C"], ["payments.A+B%3DC", "payments.A+B-C"]],
  ])("with the template %j, %j are %j", (template, roles, expected) => {
    expect(name(template, ...roles)).toEqual(expected);
  });

  test("no two texts have the same encoded form", () => {
    const texts = ["%3D", "=", "é", "e\u0301", "a b", "a%20b", "\u{1f600}"];
    expect(new Set(texts.map(encodeName)).size).toBe(texts.length);
    const source = { account, roleName: "é=", session: "corp", region: undefined };
    expect(renderTemplate(parseTemplate("{role|encode}"), source)).toBe("%C3%A9%3D");
  });
});
