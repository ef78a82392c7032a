import { describe, expect, test } from "vitest";
import { parseTemplate, renderTemplate, slug } from "../../src/model/name-template.ts";

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
  ])("%s gives %s", (text, name) => expect(renderTemplate(parseTemplate(text), source)).toBe(name));

  test("uses the account's id if the name is missing or has no usable letter", () => {
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
