import { describe, expect, test } from "vitest";
import { parseTemplate, renderTemplate, slug } from "../../src/model/name-template.ts";
import { roleFilter } from "../../src/configure/filter.ts";
import { parseExtraKeys } from "../../src/configure/extra-keys.ts";

const account = {
  accountId: "000000000042",
  accountName: " Payments (Prod) ",
  emailAddress: "aws+pay@example.com",
};
const source = { account, roleName: "ViewOnlyAccess", session: "corp", region: "eu-west-1" };

describe("a template", () => {
  test.each([
    ["{account.slug}-{role|lower}", "payments-prod-viewonlyaccess"],
    ["{account.id}:{role}", "000000000042:ViewOnlyAccess"],
    ["{account.name|trim|lower}", "payments (prod)"],
    ["{ account.name | slug }", "payments-prod"],
    ["{session}/{email|slug}.{region}", "corp/aws-pay-example.com.eu-west-1"],
    ["x{role}", "xViewOnlyAccess"],
  ])("%s makes %s", (text, name) => expect(renderTemplate(parseTemplate(text), source)).toBe(name));

  test("falls back on the account's id where it has no name, or none that leaves a letter", () => {
    const nameless = { ...source, account: { ...account, accountName: undefined } };
    expect(renderTemplate(parseTemplate("{account.name}/{account.slug}"), nameless)).toBe(
      "000000000042/000000000042",
    );
    expect(
      renderTemplate(parseTemplate("{account.slug}"), {
        ...source,
        account: { ...account, accountName: "\u{1F600} ]" },
      }),
    ).toBe("000000000042");
  });

  test.each([
    ["Zürich Süd", "zurich-sud"],
    ["a__b..c", "a__b..c"],
    ["--x--", "x"],
    ["../../etc", "etc"],
    ["İstanbul", "istanbul"],
    ["x]\n[default]", "x-default"],
    ["", ""],
  ])("the slug of %j is %j", (text, word) => expect(slug(text)).toBe(word));
});

describe("a filter", () => {
  const fits = (filters: string[], excludes: string[] = []): boolean =>
    roleFilter(
      filters,
      excludes,
    )({ account: { ...account, accountName: "payments-prod" }, roleName: "ViewOnlyAccess" });

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

  test("takes no longer for a glob made to take long", () => {
    const started = performance.now();
    roleFilter(
      [`${"a*".repeat(200)}b`],
      [],
    )({ account: { ...account, accountName: "a".repeat(20_000) }, roleName: "R" });
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});

test("of two values for one key the later counts, and blanks around are no part of it", () => {
  expect(
    parseExtraKeys(["retry_mode=standard", " Retry_Mode = adaptive ", "max_attempts=3"]),
  ).toEqual([
    ["retry_mode", "adaptive"],
    ["max_attempts", "3"],
  ]);
});
