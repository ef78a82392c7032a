import { execFile } from "node:child_process";
import { copyFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect } from "vitest";
import {
  CORP_TOKEN,
  expireTokenFile,
  createSignedInHome,
  type Home,
  isStandalone,
  parseOutput,
  type TokenFileJson,
} from "../support/home.ts";
import { row } from "./support/row.ts";
import {
  expireSealedToken,
  findFilesHolding,
  createKeychainHome,
  openSealedToken,
  SEALED_TOKEN,
  createSignedInKeychainHome,
} from "./support/sealed-home.ts";
import { startSecretService, type SecretService } from "./support/secret-service.ts";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import { patience } from "../support/patience.ts";

const ROLE = [
  "--sso-session",
  "corp",
  "--account-id",
  "100000000001",
  "--role-name",
  "ViewOnlyAccess",
];
const SEALED_ROLES = ".aws/latchkey/vault/role-credentials";

describe("a Secret Service that works", () => {
  let service: SecretService;
  let env: Readonly<Record<string, string>>;

  beforeAll(async () => {
    service = await startSecretService();
    ({ env } = service);
  });
  afterAll(() => service.stop());

  async function fetchCredentials(home: Home): Promise<Required<ProcessCredentialsJson>> {
    const result = await home.run(["credential-process", ...ROLE], { env });
    expect(result, result.stderr).toMatchObject({ exitCode: 0, stderr: "" });
    return parseOutput(result);
  }

  row(
    91,
    "the keychain needs no temporary directory, from which many machines load no code",
    async () => {
      const home = await createKeychainHome();
      const login = await home.run(["login", "--no-browser"], {
        env: { ...env, TMPDIR: join(home.path, "missing") },
      });
      expect(login, login.stderr).toMatchObject({ exitCode: 0 });
      expect(home.exists(SEALED_TOKEN)).toBe(true);
      expect(home.list(".aws/latchkey/native")).toHaveLength(isStandalone ? 1 : 0);
    },
  );

  row(91, "with the keychain, no token and no served credential is in any file", async () => {
    const home = await createKeychainHome();
    const login = await home.run(["login", "--no-browser"], { env });
    expect(login, login.stderr).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining("profiles with sso_session don't see it"),
    });
    const first = await openSealedToken(home, env);
    const cold = await fetchCredentials(home);
    expect(await fetchCredentials(home)).toEqual(cold);
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
    await expireSealedToken(home, env);
    home.emulator.expireAccessTokens();
    expect(await home.run(["accounts"], { env })).toMatchObject({ exitCode: 0 });
    const second = await openSealedToken(home, env);
    expect(second.accessToken).not.toBe(first.accessToken);
    const secrets = [first, second]
      .flatMap(({ accessToken, refreshToken }) => [accessToken, refreshToken])
      .concat(cold.AccessKeyId, cold.SecretAccessKey, cold.SessionToken);
    expect(secrets.filter((secret) => secret.length < 16)).toEqual([]);
    expect(findFilesHolding(home, secrets)).toEqual([]);
    expect(home.list(".aws/sso/cache")).toEqual([]);
    expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
    expect(statSync(join(home.path, SEALED_TOKEN)).mode & 0o777).toBe(0o600);
    expect(statSync(join(home.path, ".aws/latchkey/vault")).mode & 0o777).toBe(0o700);
  });

  row(
    91,
    "with the keychain, 20 at once on an expired token are all served by one refresh and one fetch",
    async () => {
      const home = await createSignedInKeychainHome(env);
      await expireSealedToken(home, env);
      home.emulator.journal.clear();
      const results = await Promise.all(
        Array.from({ length: 20 }, () => home.run(["credential-process", ...ROLE], { env })),
      );
      expect(results.filter(({ exitCode, stderr }) => exitCode !== 0 || stderr !== "")).toEqual([]);
      expect(new Set(results.map(({ stdout }) => stdout)).size).toBe(1);
      expect(home.emulator.journal.count("CreateToken")).toBe(1);
      expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
    },
    patience(120_000),
  );

  row(91, "with the keychain, an AWS SDK gets credentials by credential_process", async () => {
    const home = await createSignedInKeychainHome(env);
    const configured = await home.run(
      ["configure", "--form", "credential-process", "--profile", "tool", ...ROLE, "--yes"],
      { env },
    );
    expect(configured, configured.stderr).toMatchObject({ exitCode: 0 });
    const script = `
      import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
      import { fromIni } from "@aws-sdk/credential-providers";
      const sts = new STSClient({ endpoint: process.env.AWS_ENDPOINT_URL_STS, region: "us-east-1", credentials: fromIni({ profile: "tool" }) });
      console.log((await sts.send(new GetCallerIdentityCommand({}))).Arn);
    `;
    const cwd = dirname(fileURLToPath(import.meta.url));
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "-e", script],
      { cwd, env: { ...home.env, ...env } },
    );
    expect(stdout).toMatch(/:assumed-role\/AWSReservedSSO_ViewOnlyAccess_/);
  });

  row(
    91,
    "logout ends a sealed token at the service and removes it, even if the settings have changed since",
    async () => {
      const home = await createSignedInKeychainHome(env);
      await fetchCredentials(home);
      expect(await home.run(["settings", "storage", "file"], { env })).toMatchObject({
        exitCode: 0,
      });
      expect(await home.run(["status"], { env })).toMatchObject({
        exitCode: 4,
        stdout: expect.stringContaining("signed out"),
      });
      expect(await home.run(["logout"], { env })).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("Signed out of corp."),
      });
      expect(home.emulator.journal.count("Logout", { status: 200 })).toBe(1);
      expect([...home.list(".aws/latchkey/vault/tokens"), ...home.list(SEALED_ROLES)]).toEqual([]);
      const other = await createSignedInKeychainHome(env);
      other.write(".aws/config", "");
      expect(await other.run(["logout", "--all"], { env })).toMatchObject({ exitCode: 0 });
      expect(other.emulator.journal.count("Logout", { status: 200 })).toBe(1);
      expect(other.exists(SEALED_TOKEN)).toBe(false);
    },
  );

  row(
    91,
    "switching to the keychain moves nothing, reports it, and stops serving plain-text secrets",
    async () => {
      const home = await createSignedInHome();
      await fetchCredentials(home);
      const set = await home.run(["settings", "--sso-session", "corp", "storage", "keychain"], {
        env,
      });
      expect(set).toMatchObject({
        exitCode: 0,
        stdout: "keychain\n",
        stderr: expect.stringContaining("Run: latchkey login"),
      });
      expect(await home.run(["credential-process", ...ROLE], { env })).toMatchObject({
        exitCode: 4,
        stdout: "",
      });
      expect(home.exists(CORP_TOKEN)).toBe(true);
      expect(await home.run(["login", "--no-browser"], { env })).toMatchObject({ exitCode: 0 });
      expect(home.exists(CORP_TOKEN)).toBe(false);
      expect(await home.runJson(["status"], { env })).toMatchObject([
        { state: "usable", storage: "keychain" },
      ]);
      await fetchCredentials(home);
    },
  );

  row(
    91,
    "a login into the keychain does not change another tool's token, and reports it",
    async () => {
      const home = await createSignedInHome();
      const stored = home.readJson<TokenFileJson>(CORP_TOKEN);
      home.write(CORP_TOKEN, JSON.stringify({ ...stored, clientId: "of-another-tool" }));
      await home.run(["settings", "storage", "keychain"], { env });
      expect(await home.run(["login", "--no-browser"], { env })).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("another tool's token of corp stays"),
      });
      expect(home.exists(CORP_TOKEN)).toBe(true);
      expireTokenFile(home, CORP_TOKEN);
      await fetchCredentials(home);
    },
  );

  row(
    91,
    "sealed files that were damaged, swapped or copied from elsewhere count as absent",
    async () => {
      const home = await createSignedInKeychainHome(env);
      await fetchCredentials(home);
      const [session = ""] = home.list(SEALED_ROLES);
      const [file = ""] = home.list(`${SEALED_ROLES}/${session}`);
      const role = `${SEALED_ROLES}/${session}/${file}`;
      // This role's file is replaced by another role's.
      expect(
        await home.run(
          [
            "credential-process",
            "--sso-session",
            "corp",
            "--account-id",
            "100000000002",
            "--role-name",
            "ViewOnlyAccess",
          ],
          { env },
        ),
      ).toMatchObject({ exitCode: 0 });
      const other = home.list(`${SEALED_ROLES}/${session}`).find((name) => name !== file) ?? "";
      copyFileSync(join(home.path, SEALED_ROLES, session, other), join(home.path, role));
      home.emulator.journal.clear();
      await fetchCredentials(home);
      expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
      // One bit of the ciphertext.
      const stored = home.readJson<{ ciphertext: string }>(SEALED_TOKEN);
      const bytes = Buffer.from(stored.ciphertext, "base64");
      bytes[10] = (bytes[10] ?? 0) ^ 1;
      home.write(SEALED_TOKEN, JSON.stringify({ ...stored, ciphertext: bytes.toString("base64") }));
      expect(await home.runJson(["status"], { env }).catch(() => undefined)).toBeUndefined();
      expect(await home.run(["accounts"], { env })).toMatchObject({ exitCode: 4 });
      expect(await home.run(["login", "--no-browser"], { env })).toMatchObject({ exitCode: 0 });
      expect(await home.run(["accounts"], { env })).toMatchObject({ exitCode: 0 });
    },
  );
});
