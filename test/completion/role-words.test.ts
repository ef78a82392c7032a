import { describe, expect, test } from "vitest";
import { listRoleWords, type AccountInSession } from "../../src/completion/role-words.ts";

const account = (
  accountId: string,
  accountName: string | undefined,
  roleNames: readonly string[],
  session = "corp",
): AccountInSession => ({ session, accountId, accountName, roleNames });

const SMALL: readonly AccountInSession[] = [
  account("111122223333", "payments-prod", ["Admin", "View"]),
  account("111122224444", "payments-dev", ["View"]),
  account("222233334444", "Data Lake", ["View"]),
  account("333344445555", "twin", ["View"]),
  account("444455556666", "Twin", ["View"]),
  account("555566667777", undefined, ["View"]),
  account("666677778888", "7-eleven", ["View"]),
  account("777788889999", "empty", []),
  account("888899990000", "-flag", ["View"]),
  account("999900001111", "111122223333", ["View"]),
];

/** 200 accounts of 50 roles each. */
const LARGE = Array.from({ length: 200 }, (_, at) =>
  account(
    String(100_000_000_000 + at),
    `team${at}-prod`,
    Array.from({ length: 50 }, (_role, role) => `Role${role}`),
  ),
);

const listWords = (accounts: readonly AccountInSession[], typed: string): string[] =>
  listRoleWords(accounts, typed).map(({ word }) => word);

describe("ACCOUNT/ROLE, of few roles", () => {
  test.each([
    ["pay", "payments-prod/Admin payments-prod/View payments-dev/View"],
    ["PAYMENTS-D", "payments-dev/View"],
    ["payments-prod/", "payments-prod/Admin payments-prod/View"],
    ["payments-prod/Ad", "payments-prod/Admin payments-prod/View"],
    ["payments/", ""],
    ["no/such/role", ""],
    ["1111", "111122223333/Admin 111122223333/View 111122224444/View"],
    ["111122223333/", "111122223333/Admin 111122223333/View"],
    ["Data", listAll()],
    ["222", "222233334444/View"],
    ["7", "7-eleven/View"],
    ["66", "666677778888/View"],
    ["", listAll()],
  ])("%j offers %s", (typed, expected) => {
    expect(listWords(SMALL, typed).join(" ")).toBe(expected);
  });

  test("an account is named by its ID if its name is not a plain word or not unique, and is left out if it has no role", () => {
    expect(listWords(SMALL, "")).toEqual(listAll().split(" "));
  });
});

function listAll(): string {
  return "payments-prod/Admin payments-prod/View payments-dev/View 222233334444/View 333344445555/View 444455556666/View 555566667777/View 7-eleven/View 888899990000/View 999900001111/View";
}

describe("ACCOUNT/ROLE, of ten thousand roles", () => {
  test("accounts are offered first, then the roles of one account", () => {
    expect(listWords(LARGE, "")).toHaveLength(200);
    expect(listWords(LARGE, "team1").slice(0, 2)).toEqual(["team1-prod/", "team10-prod/"]);
    expect(listWords(LARGE, "team1-")).toHaveLength(50);
    expect(listWords(LARGE, "team17-prod/")[49]).toBe("team17-prod/Role49");
  });

  test("matches in the same case are preferred, and an account that is the only match is offered with its roles", () => {
    const mixed = [...LARGE, account("999900001111", "Tools", ["View"])];
    expect(listWords(mixed, "T")).toEqual(["Tools/View"]);
    expect(listWords(mixed, "TOO")).toEqual(["Tools/View"]);
    expect(listWords(mixed, "TEAM")).toHaveLength(200);
    expect(listWords(mixed, "t")).toHaveLength(200);
  });

  test("complete words are offered if few roles match", () => {
    const two = [...LARGE.slice(0, 1), ...LARGE.slice(10, 11)];
    expect(listWords(two, "team")).toHaveLength(100);
  });

  test("each word is described by its session and by the account's other name or ID", () => {
    const accounts = [
      ...LARGE.slice(0, 3),
      account("999900001111", "big", ["View"], "https://example.awsapps.com/start"),
    ];
    expect(listRoleWords(accounts, "team")[0]).toEqual({
      word: "team0-prod/",
      meaning: "corp 100000000000, 50 roles",
    });
    expect(listRoleWords(accounts, "99")).toEqual([
      { word: "999900001111/View", meaning: "https://example.awsapps.com/start big" },
    ]);
    expect(listRoleWords(accounts, "big/")).toEqual([
      { word: "big/View", meaning: "https://example.awsapps.com/start 999900001111" },
    ]);
  });
});
