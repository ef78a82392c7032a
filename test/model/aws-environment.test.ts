import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  childEnvironment,
  findChosenRegion,
  findEnvironmentEndpoint,
  hasFormerMark,
  listLeftovers,
  listWinningCredentials,
  switchChanges,
} from "../../src/model/aws-environment.ts";
import {
  findKeyVariables,
  IDENTITY_VARIABLES,
  listOtherKeys,
  listReaderNames,
} from "../../src/model/identity-variables.ts";

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
    AWS_ACCESS_KEY: "old",
    AWS_SECRET_KEY: "old",
    AMAZON_ACCESS_KEY_ID: "old",
    AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: "old",
    AWS_CREDENTIAL_FILE: "old",
    AWS_BEARER_TOKEN_BEDROCK: "old",
    AWS_ACCOUNT_ID: "old",
    AWS_VAULT: "old",
    AWS_SSO_PROFILE: "old",
    AWSUME_PROFILE: "old",
    GRANTED_SSO_ROLE_NAME: "old",
    AWS_OKTA_PROFILE: "old",
    LATCHKEY_EXEC: "old",
    LATCHKEY_SET_REGION: "old",
  };

  test("loses every listed variable except the one that other programs also read", () => {
    const env = Object.fromEntries(IDENTITY_VARIABLES.map(({ name }) => [name, "old"]));
    expect(
      childEnvironment(env, { profile: "p", region: undefined, variables: {} }, "linux"),
    ).toEqual({ LATCHKEY_EXEC: "p", SECRET_ACCESS_KEY: "old" });
  });

  test("has the new identity, both region variables, and no variable of the old identity", () => {
    const env = childEnvironment(
      {
        ...stale,
        HOME: "/h",
        AWS_CONFIG_FILE: "/c",
        AWS_ENDPOINT_URL_STS: "http://127.0.0.1:1",
        AWS_PAGER: "",
        LATCHKEY_REGION: "eu-north-1",
        AWS_VAULT_BACKEND: "file",
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
      LATCHKEY_REGION: "eu-north-1",
      AWS_VAULT_BACKEND: "file",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      LATCHKEY_SET_REGION: "eu-west-1",
      AWS_ACCESS_KEY_ID: "new",
      LATCHKEY_EXEC: "okta",
    });
  });

  test("loses the old identity on Windows in upper or lower case, and has no region if none is known", () => {
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
  const switchTo = (
    env: Record<string, string>,
    profile: string | undefined,
    region: string | undefined,
    unset: string[] = [],
  ) => Object.fromEntries(switchChanges(env, { profile, region, unset }));

  test("sets the profile and its region, and removes AWS_DEFAULT_PROFILE, which botocore would prefer", () => {
    expect(switchTo({ AWS_DEFAULT_PROFILE: "old" }, "okta", "eu-west-1")).toEqual({
      LATCHKEY_PREVIOUS_PROFILE: "old",
      AWS_PROFILE: "okta",
      AWS_DEFAULT_PROFILE: undefined,
      AWS_SDK_LOAD_CONFIG: "1",
      AWS_REGION: "eu-west-1",
      AWS_DEFAULT_REGION: "eu-west-1",
      LATCHKEY_SET_REGION: "eu-west-1",
    });
  });

  test("removes latchkey's own region if the next profile has none, and keeps the user's", () => {
    expect(
      switchTo(
        {
          AWS_REGION: "eu-west-1",
          AWS_DEFAULT_REGION: "eu-west-1",
          LATCHKEY_SET_REGION: "eu-west-1",
        },
        "plain",
        undefined,
      ),
    ).toMatchObject({ AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined });
    expect(switchTo({ AWS_REGION: "us-west-2" }, "plain", undefined)).not.toHaveProperty(
      "AWS_REGION",
    );
  });

  test("removes credentials with priority over the profile if asked to", () => {
    const env = { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" };
    expect(listWinningCredentials(env)).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
    ]);
    expect(switchTo(env, "okta", undefined, listWinningCredentials(env))).toMatchObject({
      AWS_ACCESS_KEY_ID: undefined,
      AWS_SECRET_ACCESS_KEY: undefined,
      AWS_SESSION_TOKEN: undefined,
    });
    expect(listWinningCredentials({ AWS_SESSION_TOKEN: "alone" })).toEqual([]);
  });

  test("does not count a region that came with a profile as the user's choice", () => {
    expect(findChosenRegion({ AWS_REGION: "a", LATCHKEY_SET_REGION: "a" })).toBeUndefined();
    expect(findChosenRegion({ AWS_REGION: "b", LATCHKEY_SET_REGION: "a" })).toBe("b");
  });

  test("keeps the user's AWS_SDK_LOAD_CONFIG, and does not set it without a profile", () => {
    expect(switchTo({ AWS_SDK_LOAD_CONFIG: "0" }, "okta", undefined)).not.toHaveProperty(
      "AWS_SDK_LOAD_CONFIG",
    );
    expect(switchTo({}, undefined, undefined)).not.toHaveProperty("AWS_SDK_LOAD_CONFIG");
  });

  test.each<[Record<string, string>, string[]]>([
    [{ AWS_SDK_LOAD_CONFIG: "1", AWS_SSO_BROWSER: "x" }, []],
    [{ AWS_VAULT: "a", AWS_SSO_PROFILE: "b" }, ["AWS_VAULT", "AWS_SSO_PROFILE"]],
    [{ AWS_SECURITY_TOKEN: "stale" }, ["AWS_SECURITY_TOKEN"]],
    // Together with keys it belongs to them, and is removed with them.
    [{ AWS_SECURITY_TOKEN: "t", AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b" }, []],
  ])("finds the leftovers of another tool in %j: %j", (env, expected) => {
    expect(listLeftovers(env)).toEqual(expected);
  });

  test.each<[Record<string, string>, string[]]>([
    [{ AWS_ACCESS_KEY: "a", AWS_SECRET_KEY: "b" }, ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"]],
    [
      { AMAZON_ACCESS_KEY_ID: "a", AMAZON_SECRET_ACCESS_KEY: "b", AMAZON_SESSION_TOKEN: "c" },
      ["AMAZON_ACCESS_KEY_ID", "AMAZON_SECRET_ACCESS_KEY", "AMAZON_SESSION_TOKEN"],
    ],
    [
      { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SECURITY_TOKEN: "c" },
      ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SECURITY_TOKEN"],
    ],
    [
      { AWS_WEB_IDENTITY_TOKEN_FILE: "a", AWS_ROLE_ARN: "b", AWS_ACCOUNT_ID: "c" },
      ["AWS_ACCOUNT_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN"],
    ],
    [{ AWS_ACCOUNT_ID: "111122223333", AWS_ROLE_ARN: "b" }, []],
    [{ SECRET_ACCESS_KEY: "a" }, []],
    [{ AWS_ACCESS_KEY_ID: "a", SECRET_ACCESS_KEY: "b" }, ["AWS_ACCESS_KEY_ID"]],
  ])("finds the credentials in %j that have priority over the profile: %j", (env, expected) => {
    expect(listWinningCredentials(env)).toEqual(expected);
  });
});

describe("a region mark of version 0.1.0", () => {
  const former = {
    LATCHKEY_PREVIOUS_PROFILE: "",
    LATCHKEY_REGION: "eu-west-1",
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
  };

  test("is recognized by the variables next to it, and removed with the next switch or exec", () => {
    expect(hasFormerMark(former)).toBe(true);
    expect(findChosenRegion(former)).toBeUndefined();
    expect(
      Object.fromEntries(switchChanges(former, { profile: "p", region: undefined, unset: [] })),
    ).toMatchObject({ LATCHKEY_REGION: undefined, AWS_REGION: undefined });
    const child = { profile: "p", region: undefined, variables: {} };
    expect(childEnvironment(former, child, "linux")).not.toHaveProperty("LATCHKEY_REGION");
  });

  test.each([
    { LATCHKEY_REGION: "eu-west-1" },
    { ...former, LATCHKEY_SET_REGION: "eu-west-1" },
    { ...former, LATCHKEY_PREVIOUS_PROFILE: undefined },
    { ...former, LATCHKEY_REGION: "us-east-1" },
  ])("is not confused with a variable that the user has set: %j", (env) => {
    expect(hasFormerMark(env)).toBe(false);
  });
});

describe("clients that use other keys than most", () => {
  test.each<[Record<string, string>, string[]]>([
    [{ AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SESSION_TOKEN: "c" }, []],
    [
      { AWS_ACCESS_KEY: "a", AWS_SECRET_KEY: "b" },
      ["AWS_ACCESS_KEY, AWS_SECRET_KEY: Go (Terraform, kubectl, rclone), Java v1 and Ruby"],
    ],
    // .NET reads only the old name of the secret.
    [
      { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_KEY: "b" },
      [
        "AWS_ACCESS_KEY_ID, AWS_SECRET_KEY: Go (Terraform, kubectl, rclone), .NET, Java v1 and Ruby",
      ],
    ],
    [
      { AWS_ACCESS_KEY_ID: "a", AWS_SECRET_ACCESS_KEY: "b", AWS_SECURITY_TOKEN: "stale" },
      ["AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SECURITY_TOKEN: the AWS CLI and boto3"],
    ],
    [
      {
        AWS_ACCESS_KEY_ID: "a",
        AWS_SECRET_ACCESS_KEY: "b",
        AWS_SESSION_TOKEN: "c",
        AWS_SECURITY_TOKEN: "c",
        AWS_ACCESS_KEY: "a",
        AWS_SECRET_KEY: "b",
      },
      [],
    ],
    [
      { AMAZON_ACCESS_KEY_ID: "a", AMAZON_SECRET_ACCESS_KEY: "b" },
      ["AMAZON_ACCESS_KEY_ID, AMAZON_SECRET_ACCESS_KEY: JavaScript v2 (Serverless 3) and Ruby"],
    ],
    [{ AWS_ACCESS_KEY: "a" }, []],
    [
      { AWS_ACCESS_KEY_ID: "a", SECRET_ACCESS_KEY: "b" },
      ["AWS_ACCESS_KEY_ID, SECRET_ACCESS_KEY: Rust"],
    ],
  ])("are found in %j", (env, expected) => {
    const found = listOtherKeys(env).map(
      ({ variables, readers }) => `${variables.join(", ")}: ${listReaderNames(readers)}`,
    );
    expect(found).toEqual(expected);
  });

  test("current names have priority over old ones", () => {
    const env = { AWS_ACCESS_KEY_ID: "a", AWS_ACCESS_KEY: "x", AWS_SECRET_ACCESS_KEY: "b" };
    expect(findKeyVariables(env, "go")).toEqual(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
    expect(findKeyVariables(env, "dotnet")).toEqual(["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
  });
});

test("a container's relative URI has priority over a full one", () => {
  expect(
    findEnvironmentEndpoint({
      AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: "/v2/credentials/x",
      AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://127.0.0.1:1/",
    }),
  ).toMatchObject({ uri: "http://169.254.170.2/v2/credentials/x" });
});

test("docs/environment.md names every variable of the list", () => {
  const page = readFileSync(new URL("../../docs/environment.md", import.meta.url), "utf8");
  const named = [...page.matchAll(/`([A-Z][A-Z0-9_]+)`/g)].map(([, name]) => name);
  expect(named).toEqual(expect.arrayContaining(IDENTITY_VARIABLES.map(({ name }) => name)));
});
