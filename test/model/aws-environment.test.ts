import { describe, expect, test } from "vitest";
import { refusalWords } from "../../src/credentials/refused-role-text.ts";
import {
  childEnvironment,
  chosenRegion,
  switchChanges,
  winningCredentials,
} from "../../src/model/aws-environment.ts";
import { execArguments } from "../../src/shell/exec-arguments.ts";
import { inOrderOfUse, printUsage, readUsage, withUse } from "../../src/profiles/usage.ts";
import { extendedChain } from "../../src/credentials/role-chain.ts";

describe("exec's arguments", () => {
  test("are cut at the first -- and at no other", () => {
    expect(execArguments(["okta", "--", "git", "log", "--", "file", "--profile", "x"])).toEqual({
      own: ["okta"],
      command: ["git", "log", "--", "file", "--profile", "x"],
    });
    expect(execArguments(["--", "--server"])).toEqual({ own: [], command: ["--server"] });
  });

  test.each([
    [["okta", "aws", "s3", "ls", "--recursive"], "latchkey exec okta -- aws s3 ls --recursive"],
    [["-p", "okta", "aws", "s3"], "latchkey exec -p okta -- aws s3"],
    [["--profile=okta", "sh", "-c", "exit 7"], "latchkey exec --profile=okta -- sh -c 'exit 7'"],
    [
      ["--server", "okta", "--region", "eu-west-1", "make"],
      "latchkey exec --server okta --region eu-west-1 -- make",
    ],
    [["it's"], `latchkey exec 'it'"'"'s' -- COMMAND`],
    [[], "latchkey exec PROFILE -- COMMAND"],
    [["okta", "--"], "latchkey exec okta -- COMMAND"],
    [["okta", "--", ""], "latchkey exec okta -- COMMAND"],
  ])("%j lacks a command after --: the hint is the line to type", (argv, line) => {
    expect(() => execArguments(argv)).toThrow(
      expect.objectContaining({ code: "USAGE", hint: line }),
    );
  });
});

describe("the environment of a child", () => {
  const stale = {
    AWS_PROFILE: "other",
    AWS_DEFAULT_PROFILE: "other",
    AWS_ACCESS_KEY_ID: "old",
    AWS_SECRET_ACCESS_KEY: "old",
    AWS_SESSION_TOKEN: "old",
    AWS_SECURITY_TOKEN: "old",
    AWS_CREDENTIAL_EXPIRATION: "old",
    AWS_REGION: "old",
    AWS_DEFAULT_REGION: "old",
    AWS_WEB_IDENTITY_TOKEN_FILE: "old",
    AWS_ROLE_ARN: "old",
    AWS_CONTAINER_CREDENTIALS_FULL_URI: "old",
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "old",
    AWS_CONTAINER_AUTHORIZATION_TOKEN: "old",
    LATCHKEY_EXEC: "old",
  };

  test("has the new identity, both region variables, and nothing of the old one", () => {
    const env = childEnvironment(
      {
        ...stale,
        HOME: "/h",
        AWS_CONFIG_FILE: "/c",
        AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
        AWS_PAGER: "",
        gone: undefined,
      },
      { profile: "okta", region: "eu-west-1", variables: { AWS_ACCESS_KEY_ID: "new" } },
      "linux",
    );
    expect(env).toEqual({
      HOME: "/h",
      AWS_CONFIG_FILE: "/c",
      AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
      AWS_PAGER: "",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      LATCHKEY_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "new",
      LATCHKEY_EXEC: "okta",
    });
  });

  test("loses the old one on Windows in whatever letters it is written, and has no region where none is known", () => {
    expect(
      childEnvironment(
        { aws_profile: "x", Aws_Region: "y" },
        { profile: "p", region: undefined, variables: {} },
        "win32",
      ),
    ).toEqual({ LATCHKEY_EXEC: "p" });
  });
});

describe("switching a shell", () => {
  const switched = (
    env: Record<string, string>,
    profile: string | undefined,
    region: string | undefined,
    unset: string[] = [],
  ) => Object.fromEntries(switchChanges(env, { profile, region, unset }));

  test("sets the profile and its region, and takes AWS_DEFAULT_PROFILE away, which botocore would prefer", () => {
    expect(switched({ AWS_DEFAULT_PROFILE: "old" }, "okta", "eu-west-1")).toEqual({
      LATCHKEY_PREVIOUS_PROFILE: "old",
      AWS_PROFILE: "okta",
      AWS_DEFAULT_PROFILE: undefined,
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      LATCHKEY_REGION: "eu-west-1",
    });
  });

  test("takes away a region of its own where the next profile has none, and leaves a person's", () => {
    expect(
      switched(
        { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1", LATCHKEY_REGION: "eu-west-1" },
        "plain",
        undefined,
      ),
    ).toMatchObject({ AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined });
    expect(switched({ AWS_REGION: "us-west-2" }, "plain", undefined)).not.toHaveProperty(
      "AWS_REGION",
    );
  });

  test("takes away the credentials that would win, when asked to", () => {
    const env = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" };
    expect(winningCredentials(env)).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
    ]);
    expect(switched(env, "okta", undefined, winningCredentials(env))).toMatchObject({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
    });
    expect(winningCredentials({ AWS_SESSION_TOKEN: "alone" })).toEqual([]);
  });

  test("a region that came with a profile is nobody's choice", () => {
    expect(chosenRegion({ AWS_REGION: "a", LATCHKEY_REGION: "a" })).toBeUndefined();
    expect(chosenRegion({ AWS_REGION: "b", LATCHKEY_REGION: "a" })).toBe("b");
  });
});

describe("the picker's order", () => {
  const now = new Date("2026-11-24T12:00:00Z");
  const use = (profile: string, uses: number, hoursAgo: number) => ({
    profile,
    uses,
    usedAt: new Date(now.getTime() - hoursAgo * 3_600_000),
  });

  test("is most used and latest first, and the file's own where nothing was used", () => {
    const names = ["a", "b", "c", "d", "e"];
    expect(
      inOrderOfUse(
        names,
        (name) => name,
        [use("d", 2, 0.5), use("b", 3, 12), use("e", 10, 1000)],
        now,
      ),
    ).toEqual(["d", "b", "e", "a", "c"]);
    expect(inOrderOfUse(names, (name) => name, [], now)).toEqual(names);
  });

  test("survives its file, and a file of anything else", () => {
    const usage = withUse(withUse([], "__proto__", now), "__proto__", now);
    expect(readUsage(JSON.parse(printUsage(usage)))).toEqual([
      { profile: "__proto__", uses: 2, usedAt: now },
    ]);
    for (const damaged of [
      undefined,
      null,
      [],
      { version: 2 },
      {
        version: 1,
        profiles: [
          {},
          { profile: "a", uses: -1, usedAt: "2026-01-01T00:00:00Z" },
          { profile: 1 },
          null,
        ],
      },
    ])
      expect(readUsage(damaged)).toEqual([]);
  });
});

test("a profile that leads back to itself, or too far, is named with its way", () => {
  expect(extendedChain(undefined, "a")).toBe("a");
  expect(extendedChain("a,b", "c")).toBe("a,b,c");
  expect(() => extendedChain("a,b", "a")).toThrow(
    expect.objectContaining({
      code: "CONFIG_INVALID",
      message: 'The profile "a" leads back to itself: a → b → a.',
    }),
  );
  expect(() => extendedChain("a,b,c,d", "e")).toThrow(/too many/);
});

describe("a refusal", () => {
  const refused = {
    accountId: "111122223333",
    roleName: "AdministratorAcces",
    accountName: "payments-prod",
    held: ["AdministratorAccess", "Billing"],
    lookAgain: "latchkey roles 111122223333",
  };

  test("names the account, the roles there and the nearest, and says why a new one may not show", () => {
    expect(refusalWords(refused)).toEqual({
      message:
        "The role AdministratorAcces in 111122223333 (payments-prod) is not assigned to you.",
      hint: "You hold there: AdministratorAccess, Billing (the nearest: AdministratorAccess). New access can lag: a group push takes some minutes, and an old browser session hides it. Look again: latchkey roles 111122223333",
    });
  });

  test("says what it could learn and no more", () => {
    expect(refusalWords({ ...refused, accountName: undefined, held: undefined })).toMatchObject({
      message: "The role AdministratorAcces in 111122223333 is not assigned to you.",
      hint: expect.stringMatching(/^New access can lag/),
    });
    expect(refusalWords({ ...refused, held: [] }).hint).toMatch(/^You hold no role there\. /);
    expect(refusalWords({ ...refused, held: ["AdministratorAcces"] }).message).toContain(
      "is listed as yours, but the portal refuses it",
    );
    expect(
      refusalWords({
        ...refused,
        roleName: "Zzz",
        held: Array.from({ length: 12 }, (_, n) => `Role${n}`),
      }).hint,
    ).toContain("Role7 and 4 more. New");
  });
});
