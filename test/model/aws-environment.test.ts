import { describe, expect, test } from "vitest";
import {
  childEnvironment,
  findChosenRegion,
  switchChanges,
  listWinningCredentials,
} from "../../src/model/aws-environment.ts";

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
  const switchTo = (
    env: Record<string, string>,
    profile: string | undefined,
    region: string | undefined,
    unset: string[] = [],
  ) => Object.fromEntries(switchChanges(env, { profile, region, unset }));

  test("sets the profile and its region, and takes AWS_DEFAULT_PROFILE away, which botocore would prefer", () => {
    expect(switchTo({ AWS_DEFAULT_PROFILE: "old" }, "okta", "eu-west-1")).toEqual({
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
      switchTo(
        { AWS_REGION: "eu-west-1", AWS_DEFAULT_REGION: "eu-west-1", LATCHKEY_REGION: "eu-west-1" },
        "plain",
        undefined,
      ),
    ).toMatchObject({ AWS_REGION: undefined, AWS_DEFAULT_REGION: undefined });
    expect(switchTo({ AWS_REGION: "us-west-2" }, "plain", undefined)).not.toHaveProperty(
      "AWS_REGION",
    );
  });

  test("takes away the credentials that would win, when asked to", () => {
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

  test("a region that came with a profile is nobody's choice", () => {
    expect(findChosenRegion({ AWS_REGION: "a", LATCHKEY_REGION: "a" })).toBeUndefined();
    expect(findChosenRegion({ AWS_REGION: "b", LATCHKEY_REGION: "a" })).toBe("b");
  });
});
