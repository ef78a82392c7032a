import { join } from "node:path";
import { fromIni, fromProcess } from "@aws-sdk/credential-providers";
import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  createHome,
  SESSION_CONFIG,
  createSignedInHome,
  type Home,
  parseOutput,
  type TokenFileJson,
} from "../support/home.ts";
import { loadVectors } from "../support/vectors.ts";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import { CAT } from "../support/commands.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/**
 * What the SDK for JavaScript accepts, by the recorded rows. First, this SDK must still answer as its column says.
 *  Then the bytes that latchkey writes must be accepted like the good rows.
 */
const vectors = loadVectors();

/** Runs with the home's environment in this process, which is where the SDK reads it. */
async function runInHome<T>(home: Home, work: () => Promise<T>): Promise<T> {
  const before = { ...process.env };
  Object.assign(process.env, home.env, { AWS_REGION: "us-east-1", AWS_PROFILE: "p" });
  try {
    return await work();
  } finally {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    Object.assign(process.env, before);
  }
}

async function askClient(home: Home, profile: string, provider: typeof fromIni): Promise<unknown> {
  const path = join(home.path, ".aws/config");
  return runInHome(home, async () => {
    try {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await provider({
        profile,
        filepath: path,
        configFilepath: path,
        ignoreCache: true,
      })();
      return { accessKeyId, secretAccessKey, sessionToken, expiration };
    } catch (thrown) {
      return thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : thrown;
    }
  });
}

describe("credential_process: the SDK for JavaScript, fed each row's bytes", () => {
  const rows = vectors.credential_process;

  test.each(rows.filter(({ stdout }) => stdout !== null))(
    "$id",
    { tags: ["long"] },
    async ({ id, stdout, js }) => {
      const home = await createHome();
      home.write("bytes", stdout ?? "");
      home.write(
        ".aws/config",
        `[profile ${id}]\ncredential_process = ${CAT} ${join(home.path, "bytes")}\n`,
      );
      const seen = await askClient(home, id, fromProcess as typeof fromIni);
      if (typeof js === "string")
        expect(seen).toContain(js.replace(/^ERR (\w+): /, "$1: ").replace(/ tryNext=true$/, ""));
      else if (js.expiration === null)
        expect(Number.isNaN((seen as { expiration: Date }).expiration.getTime())).toBe(true);
      else expect(seen).toEqual({ ...js, expiration: new Date(js.expiration) });
    },
  );

  test.each([
    ["soon", (file: string) => `cat ${file}`, 1],
    ["failout", (file: string) => `sh -c "cat ${file}; exit 1"`, 0],
    ["pipe", (file: string) => `cat ${file} | cat`, 1],
    ["squote", (file: string) => `sh -c 'cat ${file}'`, 1],
    ["tilde", () => "cat ~/bytes", 1],
    ["missing", () => "/no/such/prog", 0],
    ["both", (file: string) => `cat ${file}`, 1],
  ])("%s", { tags: ["long"] }, async (id, command, accepted) => {
    leaveOutOnWindows("lines for sh");
    const home = await createHome();
    const inFourteenMinutes = new Date(Date.now() + 14 * 60_000).toISOString();
    const file = home.write(
      "bytes",
      JSON.stringify({
        Version: 1,
        AccessKeyId: "A",
        SecretAccessKey: "S",
        SessionToken: "T",
        Expiration: id === "soon" ? inFourteenMinutes : "2030-01-01T00:00:00Z",
      }),
    );
    const both =
      id === "both"
        ? "sso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\n"
        : "";
    home.write(
      ".aws/config",
      `[profile ${id}]\n${both}credential_process = ${command(file)}\n[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\n`,
    );
    const seen = await askClient(
      home,
      id,
      (id === "both" ? fromIni : fromProcess) as typeof fromIni,
    );
    if (accepted === 1)
      expect(seen).toMatchObject({ accessKeyId: "A", secretAccessKey: "S", sessionToken: "T" });
    else expect(seen).toMatch(/^CredentialsProviderError: Command failed/);
    expect(rows.map((row) => row.id)).toContain(id);
  });

  test(
    "the bytes that latchkey prints are accepted like the ok row",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const configured = await home.run([
        "configure",
        "--form",
        "credential-process",
        "--profile",
        "p",
        "--sso-session",
        "corp",
        "--account-id",
        "100000000001",
        "--role-name",
        "ViewOnlyAccess",
        "--yes",
      ]);
      expect(configured.exitCode, configured.stderr).toBe(0);
      const printed = parseOutput<Required<ProcessCredentialsJson>>(
        await home.run(["credential-process", "--profile", "p"]),
      );
      expect(await askClient(home, "p", fromProcess as typeof fromIni)).toEqual({
        accessKeyId: printed.AccessKeyId,
        secretAccessKey: printed.SecretAccessKey,
        sessionToken: printed.SessionToken,
        expiration: new Date(printed.Expiration),
      });
    },
  );
});

describe("token_acceptance: the SDK for JavaScript, fed each row's token file", () => {
  const LEGACY = SESSION_CONFIG.replace(
    /sso_session = corp\n/,
    "sso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\n",
  );

  test("every row is covered", () => {
    expect(vectors.token_acceptance.map(({ id }) => id)).toEqual([
      "full valid",
      "only accessToken+expiresAt, future",
      "no expiresAt",
      "expired, no refreshToken",
      "profile names an absent sso-session",
    ]);
  });

  test("full valid, as latchkey writes it: ok", async () => {
    const home = await createSignedInHome();
    expect(await askClient(home, "okta", fromIni)).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
    });
  });

  test("only accessToken and expiresAt in the future: ok, for the SDK and for latchkey", async () => {
    const home = await createSignedInHome();
    const { accessToken, expiresAt } = home.readJson<TokenFileJson>(CORP_TOKEN);
    home.write(CORP_TOKEN, JSON.stringify({ accessToken, expiresAt }));
    expect(await askClient(home, "okta", fromIni)).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
    });
    expect(await home.run(["credential-process", "--profile", "okta"])).toMatchObject({
      exitCode: 0,
    });
  });

  test("no expiresAt: refused in a session, not checked in the legacy form", async () => {
    const home = await createSignedInHome();
    const { expiresAt: _gone, ...rest } = home.readJson<TokenFileJson>(CORP_TOKEN);
    home.write(CORP_TOKEN, JSON.stringify(rest));
    expect(await askClient(home, "okta", fromIni)).toContain(
      vectors.token_acceptance[2]?.js_session?.replace(/ \.\.\.$/, ""),
    );
    home.write(".aws/config", LEGACY);
    const legacyFile = `.aws/sso/cache/${(await import("../../src/model/sso-session.ts")).tokenCacheKey("https://emu.awsapps.com/start")}.json`;
    home.write(legacyFile, JSON.stringify(rest));
    expect(await askClient(home, "okta", fromIni)).toMatchObject({
      accessKeyId: expect.stringMatching(/^ASIA/),
    });
  });

  test("expired without a refresh token: refused with the message of the row", async () => {
    const home = await createSignedInHome();
    const { refreshToken: _gone, ...rest } = home.readJson<TokenFileJson>(CORP_TOKEN);
    home.write(CORP_TOKEN, JSON.stringify({ ...rest, expiresAt: "2020-01-01T00:00:00Z" }));
    expect(await askClient(home, "okta", fromIni)).toMatch(
      /Token is expired|Value not present for 'refreshToken' in SSO Token\. Cannot refresh\./,
    );
  });

  test("a profile that names an absent session: the SDK's TypeError; latchkey names the file and the nearest name", async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", SESSION_CONFIG.replace("sso_session = corp", "sso_session = s9"));
    expect(await askClient(home, "okta", fromIni)).toContain(vectors.token_acceptance[4]?.js);
    expect(await home.run(["whoami", "okta"])).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining('No SSO session "s9"'),
    });
  });
});
