import { describe, expect, test } from "vitest";
import { refusalText } from "../../src/credentials/refused-role-text.ts";

describe("a refusal", () => {
  const refused = {
    accountId: "111122223333",
    roleName: "AdministratorAcces",
    accountName: "payments-prod",
    held: ["AdministratorAccess", "Billing"],
    lookAgain: "latchkey roles 111122223333",
  };

  test("names the account, the roles there and the nearest name, and explains why a new role may be missing", () => {
    expect(refusalText(refused)).toEqual({
      message:
        "The role AdministratorAcces in 111122223333 (payments-prod) is not assigned to you.",
      hint: "Your roles there: AdministratorAccess, Billing (the nearest: AdministratorAccess). New access can lag: a group push takes some minutes, and an old browser session hides it. Look again: latchkey roles 111122223333",
    });
  });

  test("contains only what is known", () => {
    expect(refusalText({ ...refused, accountName: undefined, held: undefined })).toMatchObject({
      message: "The role AdministratorAcces in 111122223333 is not assigned to you.",
      hint: expect.stringMatching(/^New access can lag/),
    });
    expect(refusalText({ ...refused, held: [] }).hint).toMatch(/^You have no role there\. /);
    expect(refusalText({ ...refused, held: ["AdministratorAcces"] }).message).toContain(
      "is listed as yours, but the portal refuses it",
    );
    expect(
      refusalText({
        ...refused,
        roleName: "Zzz",
        held: Array.from({ length: 12 }, (_, n) => `Role${n}`),
      }).hint,
    ).toContain("Role7 and 4 more. New");
  });
});
