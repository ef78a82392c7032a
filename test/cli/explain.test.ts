import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  createHome,
  createSignedInHome,
  expireTokenFile,
  SESSION_CONFIG,
  type Home,
  type RunResult,
  type TokenFileJson,
} from "../support/home.ts";
import { ENDED, explainJson, inOkta, NO_ACCESS, NO_REFRESH, NO_TOKEN } from "../support/explain.ts";

/** Runs a hint exactly as printed, in a shell. */
async function runCure(home: Home, cure: string): Promise<RunResult> {
  expect(cure).toMatch(/^latchkey /);
  return home.run(cure.split(" ").slice(1), inOkta);
}

function changeToken(home: Home, change: Partial<Record<keyof TokenFileJson, string>>): void {
  const stored = home.readJson<TokenFileJson>(CORP_TOKEN);
  home.write(CORP_TOKEN, JSON.stringify({ ...stored, ...change }));
}

describe("the state of this machine, and a hint that runs as printed", () => {
  test("no token: the hint signs in, and the cause is gone", { tags: ["long"] }, async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const before = await explainJson(home, NO_TOKEN);
    expect(before).toMatchObject({
      exitCode: 0,
      client: "aws-cli",
      cause: "token-missing",
      names: { session: "corp" },
      here: "yes",
      cure: "latchkey login --sso-session corp",
    });
    expect((await runCure(home, before.cure)).exitCode).toBe(0);
    expect(await explainJson(home, NO_TOKEN)).toMatchObject({ cause: "token-missing", here: "no" });
  });

  test(
    "an expired token: with a refresh token it is refreshed; if there is none, or it is refused, the answer tells which",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      expireTokenFile(home, CORP_TOKEN);
      expect(await explainJson(home, NO_REFRESH)).toMatchObject({ here: "no" });

      expireTokenFile(home, CORP_TOKEN);
      home.emulator.revokeSessions();
      expect(await explainJson(home, NO_REFRESH)).toMatchObject({
        cause: "refresh-refused",
        here: "yes",
        checked: expect.stringMatching(
          /^the token of corp expired at .*, and AWS refused to refresh it$/,
        ),
      });

      const other = await createSignedInHome();
      expireTokenFile(other, CORP_TOKEN);
      const { refreshToken: _, ...stored } = other.readJson<TokenFileJson>(CORP_TOKEN);
      other.write(CORP_TOKEN, JSON.stringify(stored));
      const found = await explainJson(other, NO_REFRESH);
      expect(found).toMatchObject({
        cause: "token-expired",
        here: "yes",
        checked: expect.stringMatching(
          /^the token of corp expired at .* and has no refresh token$/,
        ),
      });
      expect((await runCure(other, found.cure)).exitCode).toBe(0);
      expect(await explainJson(other, NO_REFRESH)).toMatchObject({ here: "no" });
    },
  );

  test("an ended session: the hint signs in", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    changeToken(home, { accessToken: "ended-by-somebody", refreshToken: "spent-long-ago" });
    const found = await explainJson(home, ENDED);
    expect(found).toMatchObject({ cause: "session-ended", here: "yes" });
    expect((await runCure(home, found.cure)).exitCode).toBe(0);
    expect(await explainJson(home, ENDED)).toMatchObject({ here: "no" });
  });

  test(
    "a role that is not assigned, also while old credentials of it are cached",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      await home.run(["whoami"], inOkta);
      expect(await explainJson(home, NO_ACCESS)).toMatchObject({ here: "no" });
      home.emulator.setOrg({
        accounts: [{ accountId: "100000000001", accountName: "one", roles: ["Billing"] }],
      });
      expect(await explainJson(home, NO_ACCESS)).toMatchObject({
        cause: "role-not-assigned",
        here: "yes",
        checked: expect.stringContaining("ViewOnlyAccess"),
        cure: expect.stringContaining("Billing"),
      });
    },
  );

  test("a missing profile: the hint uses the nearest name", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    expect(await explainJson(home, "The config profile (okto) could not be found")).toMatchObject({
      cause: "profile-missing",
      names: { profile: "okto" },
      here: "yes",
      cure: "export AWS_PROFILE=okta",
    });
    expect(await explainJson(home, "The config profile (okta) could not be found")).toMatchObject({
      here: "no",
    });
  });

  test(
    "a cause that latchkey cannot check stays unknown, with the account and role of the caller",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const text =
        "An error occurred (AccessDenied) when calling the ListBuckets operation: User: arn:aws:sts::100000000001:assumed-role/AWSReservedSSO_ViewOnlyAccess_0123456789abcdef/ada is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action";
      const found = await explainJson(home, text);
      expect(found).toMatchObject({
        cause: "permission-missing",
        here: "unknown",
        names: { account: "100000000001", role: "ViewOnlyAccess" },
        cure: "latchkey roles 100000000001",
      });
      expect((await runCure(home, found.cure)).exitCode).toBe(0);
    },
  );

  test.each([
    [
      "a session of another Region",
      () => SESSION_CONFIG.replace("sso_region = us-east-1", "sso_region = eu-west-1"),
      NO_REFRESH,
      "region-wrong",
    ],
    [
      "a session that asks for other scopes",
      () =>
        SESSION_CONFIG.replace(
          /sso_registration_scopes = .*/,
          "sso_registration_scopes = codewhisperer:completions",
        ),
      ENDED,
      "scope-missing",
    ],
    [
      "a client without support for sso_session",
      () => SESSION_CONFIG,
      "Missing the following required SSO configuration values: sso_start_url, sso_region. To make sure this profile is properly configured to use SSO, please run: aws configure sso",
      "client-too-old",
    ],
  ])("the hint writes the config: %s", { tags: ["long"] }, async (_, createConfig, text, cause) => {
    const home = await createSignedInHome();
    home.write(".aws/config", createConfig());
    const found = await explainJson(home, text);
    expect(found).toMatchObject({ cause, here: "yes" });
    // A user is asked. Without a terminal, --yes agrees.
    expect(await runCure(home, `${found.cure} --yes`)).toMatchObject({ exitCode: 0 });
    expect((await explainJson(home, text)).here).not.toBe("yes");
  });

  test("--profile selects whose configuration is meant", async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", `${SESSION_CONFIG}\n[profile plain]\nregion = eu-west-1\n`);
    expect(
      await explainJson(home, "Unable to locate credentials", ["--profile", "plain"]),
    ).toMatchObject({ cause: "no-credentials", here: "yes" });
  });
});
