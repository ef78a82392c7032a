import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { fromIni } from "@aws-sdk/credential-providers";
import { describe, expect, test } from "vitest";
import {
  listCachedRoleFiles,
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  makeRenewalsDue,
  createSignedInHome,
  type Home,
  parseOutput,
  type TokenFileJson,
} from "../support/home.ts";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import { patience } from "../support/patience.ts";
import { join } from "node:path";
import { isOnWindows } from "../support/windows.ts";

const ROLE = [
  "--sso-session",
  "corp",
  "--account-id",
  "100000000001",
  "--role-name",
  "ViewOnlyAccess",
];

function secondsAgo(seconds: number): string {
  return new Date(Date.now() - seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");
}

/** A process takes about ten times as long to start under Wine, and one process waits 30 s for another. */
const MANY = isOnWindows ? 30 : 100;

describe("credential-process", () => {
  test("with --json, too, prints an error on stderr only, since SDKs read stdout", async () => {
    const home = await createHome();
    for (const profile of [["--profile", "nosuch"], []])
      expect(await home.run(["credential-process", "--json", ...profile])).toMatchObject({
        exitCode: expect.toBeOneOf([2, 7]),
        stdout: "",
        stderr: expect.stringMatching(/^latchkey: error: .*\nlatchkey: hint: .*\n$/),
      });
  });

  test("prints one object that SDKs accept, cold from the portal and hot from the cache", async () => {
    const home = await createSignedInHome();
    home.emulator.journal.clear();
    const cold = await home.run(["credential-process", ...ROLE]);
    expect(cold).toMatchObject({ exitCode: 0, stderr: "" });
    expect(parseOutput<ProcessCredentialsJson>(cold)).toEqual({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
      SecretAccessKey: expect.any(String),
      SessionToken: expect.any(String),
      Expiration: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      AccountId: "100000000001",
    });
    expect(cold.stdout.length).toBeLessThan(8192);
    expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual([
      "GetRoleCredentials",
    ]);
    const hot = await home.run(["credential-process", ...ROLE]);
    expect(hot).toEqual(cold);
    expect(home.emulator.journal.entries()).toHaveLength(1);
    expect(await home.run(["credential-process", "--profile", "okta"])).toEqual(cold);
  });

  test("refreshes an expired token silently, once, and stores the new one", async () => {
    const home = await createSignedInHome();
    const before = home.readJson<TokenFileJson>(CORP_TOKEN);
    expireTokenFile(home, CORP_TOKEN);
    home.write(
      CORP_TOKEN,
      JSON.stringify({ ...home.readJson<TokenFileJson>(CORP_TOKEN), foreign: { key: [1] } }),
    );
    home.emulator.journal.clear();
    expect(await home.run(["credential-process", ...ROLE])).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    expect(
      home.emulator.journal.entries().map(({ route, grantType }) => grantType ?? route),
    ).toEqual(["refresh_token", "GetRoleCredentials"]);
    const after = home.readJson<TokenFileJson & { readonly foreign: unknown }>(CORP_TOKEN);
    expect(after.accessToken).not.toBe(before.accessToken);
    expect(after.foreign).toEqual({ key: [1] });
    expect(Date.parse(after.expiresAt)).toBeGreaterThan(Date.now() + 3_000_000);
  });

  test("keeps the old refresh token if the service returns none", async () => {
    const home = await createSignedInHome({ omitRefreshToken: { omit: true } });
    const { refreshToken } = home.readJson<TokenFileJson>(CORP_TOKEN);
    expect(refreshToken).toEqual(expect.any(String));
    expireTokenFile(home, CORP_TOKEN);
    expect(await home.run(["credential-process", ...ROLE])).toMatchObject({ exitCode: 0 });
    expect(home.readJson<TokenFileJson>(CORP_TOKEN).refreshToken).toBe(refreshToken);
  });

  test(
    `${MANY} processes at once on an expired token: all get credentials, with one refresh and one fetch`,
    { timeout: patience(120_000) },
    async () => {
      const home = await createSignedInHome({ rotation: { mode: "strict" } });
      expireTokenFile(home, CORP_TOKEN);
      home.emulator.journal.clear();
      const results = await Promise.all(
        Array.from({ length: MANY }, () => home.run(["credential-process", ...ROLE])),
      );
      expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
      expect(home.emulator.journal.count("CreateToken")).toBe(1);
      expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
    },
  );

  test("an ended session exits 4 with the command to run, starts no login, and the refusal is stored", async () => {
    const home = await createSignedInHome();
    home.emulator.revokeSessions();
    expireTokenFile(home, CORP_TOKEN);
    home.emulator.journal.clear();
    const result = await home.run(["credential-process", ...ROLE]);
    expect(result).toEqual({
      exitCode: 4,
      stdout: "",
      stderr:
        'latchkey: error: The SSO session "corp" has expired.\nlatchkey: hint: latchkey login --sso-session corp\n',
    });
    expect(await home.run(["credential-process", ...ROLE])).toEqual(result);
    expect(
      home.emulator.journal.entries().map(({ route, grantType }) => grantType ?? route),
    ).toEqual(["refresh_token"]);
  });

  test("a 401 for a token that looks valid leads to one forced refresh, then the command continues", async () => {
    const home = await createSignedInHome();
    home.emulator.expireAccessTokens();
    home.emulator.journal.clear();
    expect(await home.run(["credential-process", ...ROLE])).toMatchObject({ exitCode: 0 });
    expect(
      home.emulator.journal.entries().map(({ route, status }) => `${route} ${status}`),
    ).toEqual(["GetRoleCredentials 401", "CreateToken 200", "GetRoleCredentials 200"]);
  });

  test("a removed role exits 5 with its reason, and never asks for a login", async () => {
    const home = await createSignedInHome();
    home.emulator.unassign("100000000001", "ViewOnlyAccess");
    const result = await home.run(["credential-process", ...ROLE]);
    expect(result).toMatchObject({ exitCode: 5, stdout: "" });
    expect(result.stderr).toMatch(/ViewOnlyAccess in 100000000001 \(\S+\)/);
  });

  test("valid cached credentials are served during an outage, with a notice", async () => {
    const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 600 } });
    const first = await home.run(["credential-process", ...ROLE]);
    makeRenewalsDue(home);
    home.emulator.setFault({ route: "GetRoleCredentials", status: 503 });
    const second = await home.run(["credential-process", ...ROLE]);
    expect(second).toMatchObject({ exitCode: 0, stdout: first.stdout });
    expect(second.stderr).toMatch(
      /^latchkey: notice: using the cached credentials, good until \d\d:\d\dZ: /,
    );
  });

  test.each<[string, number | undefined, Record<string, string>]>([
    ["answers 503", 503, {}],
    ["can't be reached", undefined, { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" }],
  ])("expired credentials exit 6 if the portal %s", async (_, status, env) => {
    const home = await createSignedInHome();
    await home.run(["credential-process", ...ROLE]);
    const [file = ""] = listCachedRoleFiles(home);
    const stored = JSON.parse(home.read(file)) as Record<string, unknown>;
    home.write(file, JSON.stringify({ ...stored, expiration: secondsAgo(1) }));
    if (status !== undefined) {
      const headers = { "Retry-After": "0" };
      home.emulator.setFault({ route: "GetRoleCredentials", status, headers });
    }
    const result = await home.run(["credential-process", ...ROLE], { env });
    expect(result).toMatchObject({ exitCode: 6, stdout: "" });
    expect(result.stderr).toMatch(/^latchkey: error: /);
  });

  test("the hot path answers only if more than 15 minutes are left", async () => {
    const home = await createSignedInHome({ lifetimes: { roleCredentialsSeconds: 890 } });
    await home.run(["credential-process", ...ROLE]);
    makeRenewalsDue(home);
    home.emulator.journal.clear();
    expect(await home.run(["credential-process", ...ROLE])).toMatchObject({ exitCode: 0 });
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  });

  test("the hot path answers only if the config is unchanged, and not for a session that was removed from it", async () => {
    const home = await createSignedInHome();
    const cold = await home.run(["credential-process", ...ROLE]);
    home.emulator.journal.clear();
    expect(await home.run(["credential-process", ...ROLE])).toEqual(cold);
    expect(home.emulator.journal.entries()).toEqual([]);
    home.write(".aws/config", "[damaged");
    expect(await home.run(["credential-process", ...ROLE])).toMatchObject({
      exitCode: 7,
      stdout: "",
    });
  });

  test("credentials of an earlier person are not served after another client has signed in someone else", async () => {
    const home = await createSignedInHome();
    const first = await home.run(["credential-process", ...ROLE]);
    expect(await home.run(["credential-process", ...ROLE])).toEqual(first);
    // As `aws sso login` would: the token file is another person's, and latchkey was not involved.
    const token = home.readJson<TokenFileJson>(CORP_TOKEN);
    await home.run(["login", "--force", "--no-browser"]);
    await home.run(["credential-process", ...ROLE]);
    home.write(CORP_TOKEN, JSON.stringify(token));
    home.emulator.journal.clear();
    const second = await home.run(["credential-process", ...ROLE]);
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.stdout).not.toBe(first.stdout);
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
    expect(await home.run(["credential-process", ...ROLE])).toEqual(second);
  });

  test("a half-written token file is waited for and never changed", async () => {
    const home = await createSignedInHome();
    const text = home.read(CORP_TOKEN);
    home.write(CORP_TOKEN, text.slice(0, 100));
    setTimeout(() => home.write(CORP_TOKEN, text), 400);
    expect(await home.run(["credential-process", ...ROLE])).toMatchObject({ exitCode: 0 });
    home.write(CORP_TOKEN, text.slice(0, 100));
    const result = await home.run([
      "credential-process",
      "--sso-session",
      "corp",
      "--account-id",
      "100000000002",
      "--role-name",
      "ViewOnlyAccess",
    ]);
    expect(result.exitCode).toBe(4);
    expect(home.read(CORP_TOKEN)).toBe(text.slice(0, 100));
  });
});

describe("the AWS SDK for JavaScript with latchkey's files", () => {
  const fetchIdentity = async (home: Home): Promise<string | undefined> => {
    const before = { ...process.env };
    try {
      Object.assign(process.env, home.env, { AWS_PROFILE: "okta", AWS_REGION: "us-east-1" });
      const credentials = fromIni({
        profile: "okta",
        filepath: join(home.path, ".aws/config"),
        configFilepath: join(home.path, ".aws/config"),
        ignoreCache: true,
      });
      const sts = new STSClient({ endpoint: home.emulator.url, region: "us-east-1", credentials });
      return (await sts.send(new GetCallerIdentityCommand({}))).Arn;
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    }
  };

  test("fromIni gets the role after a login, and again after the token has expired, without a browser", async () => {
    const home = await createSignedInHome();
    expect(await fetchIdentity(home)).toMatch(
      /:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/,
    );
    expireTokenFile(home, CORP_TOKEN);
    home.emulator.journal.clear();
    expect(await fetchIdentity(home)).toMatch(/AWSReservedSSO_ViewOnlyAccess_/);
    expect(home.emulator.journal.count("CreateToken", { grantType: "refresh_token" })).toBe(1);
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(0);
  });

  test("fromIni runs latchkey as the profile's credential_process", async () => {
    const home = await createSignedInHome();
    const configured = await home.run([
      "configure",
      "--form",
      "credential-process",
      "--profile",
      "okta",
      ...ROLE,
      "--yes",
    ]);
    expect(configured.exitCode, configured.stderr).toBe(0);
    home.emulator.journal.clear();
    expect(await fetchIdentity(home)).toMatch(/AWSReservedSSO_ViewOnlyAccess_/);
    expect(
      home.emulator.journal.count("GetRoleCredentials", (entry) =>
        /app\/latchkey/.test(entry.headers["user-agent"] ?? ""),
      ),
    ).toBe(1);
  });
});
