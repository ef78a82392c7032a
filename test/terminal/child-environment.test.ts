import { describe, expect, test } from "vitest";
import { toChildEnvironment, type ChildKind } from "../../src/terminal/child-environment.ts";

/** Each variable, and the kinds of children that inherit it. */
const TABLE: ReadonlyArray<readonly [name: string, kinds: readonly ChildKind[]]> = [
  ["PATH", ["command", "desktop", "keychain"]],
  ["HTTPS_PROXY", ["command", "desktop", "keychain"]],
  ["LATCHKEY_EXEC", ["command", "desktop", "keychain"]],
  ["LATCHKEY_TOKENS", ["command", "desktop", "keychain"]],
  ["LATCHKEY_SCIM_TOKEN", []],
  ["LATCHKEY_TOKEN", []],
  ["LATCHKEY_CLIENT_SECRET", []],
  ["BUN_INSPECT", []],
  ["BUN_INSPECT_CONNECT_TO", []],
  ["BUN_INSPECT_NOTIFY", []],
  ["BUN_INSPECT_PRELOAD", []],
  ["BUN_OPTIONS", []],
  ["BUN_BE_BUN", []],
  ["BUN_INSTALL", ["command", "desktop", "keychain"]],
  ["NODE_OPTIONS", ["command", "desktop"]],
  ["NODE_EXTRA_CA_CERTS", ["command", "desktop"]],
  ["NODE_COMPILE_CACHE", ["command", "desktop"]],
  ["NAPI_RS_NATIVE_LIBRARY_PATH", ["command", "desktop"]],
  ["NAPI_RS_FORCE_WASI", ["command", "desktop"]],
  ["AWS_PROFILE", ["command", "desktop", "keychain"]],
  ["AWS_REGION", ["command", "desktop", "keychain"]],
  ["AWS_VAULT", ["command", "desktop", "keychain"]],
  ["AWS_CONFIG_FILE", ["command", "desktop", "keychain"]],
  ["AWS_ACCESS_KEY_ID", ["command"]],
  ["AWS_SECRET_ACCESS_KEY", ["command"]],
  ["AWS_SESSION_TOKEN", ["command"]],
  ["AWS_SECURITY_TOKEN", ["command"]],
  ["AMAZON_SECRET_ACCESS_KEY", ["command"]],
  ["SECRET_ACCESS_KEY", ["command"]],
  ["AWS_CREDENTIAL_EXPIRATION", ["command"]],
  ["AWS_WEB_IDENTITY_TOKEN_FILE", ["command"]],
  ["AWS_CONTAINER_CREDENTIALS_FULL_URI", ["command"]],
  ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", ["command"]],
  ["AWS_CONTAINER_AUTHORIZATION_TOKEN", ["command"]],
  ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", ["command"]],
  ["AWS_BEARER_TOKEN_BEDROCK", ["command"]],
  ["AWS_BEARER_TOKEN_ANYTHING", ["command"]],
  ["AWS_VAULT_FILE_PASSPHRASE", ["command"]],
  ["AWS_SSO_FILE_PASSWORD", ["command"]],
];

describe("the environment of a child", () => {
  test.each(TABLE)("%s", (name, kinds) => {
    const found = (["command", "desktop", "keychain"] as const).filter(
      (kind) => name in toChildEnvironment({ [name]: "x" }, kind, "linux"),
    );
    expect(found).toEqual(kinds);
  });

  test("compares names without regard to case on Windows only", () => {
    const env = { Latchkey_Scim_Token: "x", aws_session_token: "y", Path: "z" };
    expect(toChildEnvironment(env, "desktop", "win32")).toEqual({ Path: "z" });
    expect(toChildEnvironment(env, "desktop", "linux")).toEqual(env);
  });

  test("leaves out variables that are not set", () => {
    expect(toChildEnvironment({ A: undefined, B: "" }, "command", "linux")).toEqual({ B: "" });
  });
});
