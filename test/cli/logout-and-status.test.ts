import { describe, expect, test } from "vitest";
import { clockTimePattern, zoneAtNoon } from "../support/clock-time.ts";
import {
  createReturningBrowser,
  CORP_TOKEN,
  createHome,
  expireTokenFile,
  SESSION_CONFIG,
  createSignedInHome,
  parseOutput,
  type TokenFileJson,
} from "../support/home.ts";
import type { LogoutJson } from "../../src/commands/logout.ts";
import type { SessionStatusJson } from "../../src/commands/status.ts";
import type { SessionState } from "../../src/sign-in/status.ts";
import { join } from "node:path";

describe("logout and status", () => {
  test(
    "logout revokes the token at AWS, removes token and role credentials, and reports that as JSON",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      await home.run(["credential-process", "--profile", "okta"]);
      const { sessions } = await home.runJson<LogoutJson>(["logout"]);
      expect(sessions).toEqual([
        {
          session: "corp",
          revoked: true,
          removed: [
            expect.stringContaining(join("sso", "cache")),
            expect.stringContaining("role-credentials"),
          ],
        },
      ]);
      expect(home.emulator.journal.count("Logout", { status: 200 })).toBe(1);
      expect(home.exists(CORP_TOKEN)).toBe(false);
      expect(await home.run(["credential-process", "--profile", "okta"])).toMatchObject({
        exitCode: 4,
      });
    },
  );

  test(
    "logout removes the local files even if the service can't be reached, and reports that AWS did not confirm",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const result = await home.run(["logout"], {
        env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" },
      });
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stderr).toContain("The service did not confirm it");
      expect(home.exists(CORP_TOKEN)).toBe(false);
    },
  );

  test("logout --all also ends tokens without a session in the config and clears the AWS CLI's cache, but keeps registrations", async () => {
    const home = await createSignedInHome();
    home.write(
      ".aws/sso/cache/registration.json",
      '{"clientId": "c", "clientSecret": "s", "expiresAt": "2030-01-01T00:00:00Z"}',
    );
    home.write(
      ".aws/sso/cache/other.json",
      '{"accessToken": "x", "expiresAt": "2030-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://other.awsapps.com/start"}',
    );
    home.write(".aws/cli/cache/a.json", '{"ProviderType": "sso", "Credentials": {}}');
    home.write(".aws/cli/cache/b.json", '{"Credentials": {}}');
    await home.runJson(["logout", "--all"]);
    expect(home.list(".aws/sso/cache")).toEqual(["registration.json"]);
    expect(home.list(".aws/cli/cache")).toEqual(["b.json"]);
  });

  test(
    "status follows a session from signed out to expired, with an exit code for scripts",
    { tags: ["long"] },
    async () => {
      const home = await createHome({ autoApprove: { afterPolls: 0 } });
      home.write(".aws/config", SESSION_CONFIG);
      const readState = async (): Promise<[SessionState | undefined, number]> => {
        const result = await home.run(["status", "--json"]);
        return [parseOutput<SessionStatusJson[]>(result)[0]?.state, result.exitCode];
      };
      expect(await readState()).toEqual(["signed-out", 4]);
      await home.run(["login", "--no-browser"]);
      expect(await readState()).toEqual(["usable", 0]);
      expireTokenFile(home, CORP_TOKEN);
      expect(await readState()).toEqual(["refreshable", 0]);
      const { refreshToken: _gone, ...rest } = home.readJson<TokenFileJson>(CORP_TOKEN);
      home.write(CORP_TOKEN, JSON.stringify(rest));
      expect(await readState()).toEqual(["expired", 4]);
      home.write(CORP_TOKEN, "{");
      expect(await readState()).toEqual(["unreadable", 4]);
    },
  );

  test("status --verify shows the service's answer", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    expect(await home.runJson(["status", "--verify"])).toMatchObject([
      { session: "corp", state: "usable", verified: true },
    ]);
    home.emulator.expireAccessTokens();
    expect(await home.runJson(["status", "--verify"])).toMatchObject([
      { state: "refreshable", verified: false },
    ]);
  });

  test(
    "logout --forget also removes the client registrations of that session only, of both flows, also without the service",
    { tags: ["long"] },
    async () => {
      const home = await createHome({
        autoApprove: { afterPolls: 0 },
        authorize: { mode: "auto" },
      });
      home.write(
        ".aws/config",
        `${SESSION_CONFIG}[sso-session other]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`,
      );
      await home.run(["login", "--sso-session", "corp", "--use-pkce"], {
        env: { BROWSER: createReturningBrowser(home) },
      });
      for (const session of ["corp", "other"])
        await home.run(["login", "--sso-session", session, "--force", "--no-browser"]);
      await home.run(["credential-process", "--profile", "okta"]);
      expect(home.list(".aws/latchkey/registrations")).toHaveLength(3);
      await home.runJson(["logout", "--sso-session", "other"]);
      expect(home.list(".aws/latchkey/registrations")).toHaveLength(3);
      await home.run(["login", "--sso-session", "other", "--no-browser"]);
      const { sessions } = await home.runJson<LogoutJson>(
        ["logout", "--sso-session", "corp", "--forget"],
        {
          env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" },
        },
      );
      expect(sessions).toMatchObject([{ session: "corp", revoked: false }]);
      expect(
        sessions[0]?.removed.filter((path) => /[\\/]registrations[\\/]/.test(path)),
      ).toHaveLength(2);
      expect(home.list(".aws/latchkey/registrations")).toHaveLength(1);
      expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
      expect(home.list(".aws/sso/cache")).toHaveLength(1);
      expect(await home.runJson(["login", "--sso-session", "other", "--no-browser"])).toMatchObject(
        {
          alreadySignedIn: true,
        },
      );
      await home.run(["logout", "--all", "--forget"]);
      expect([home.list(".aws/latchkey/registrations"), home.list(".aws/sso/cache")]).toEqual([
        [],
        [],
      ]);
    },
  );

  test(
    "status of a named session exits 0 if it is usable or refreshable, 4 if not, and 7 if it does not exist",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const runStatus = async (name = "corp"): Promise<number> =>
        (await home.run(["status", "--sso-session", name])).exitCode;
      expect(await runStatus()).toBe(0);
      expireTokenFile(home, CORP_TOKEN);
      expect(await runStatus()).toBe(0);
      const { refreshToken: _gone, ...rest } = home.readJson<TokenFileJson>(CORP_TOKEN);
      home.write(CORP_TOKEN, JSON.stringify(rest));
      expect(await runStatus()).toBe(4);
      await home.run(["logout"]);
      expect([await runStatus(), await runStatus("crop")]).toEqual([4, 7]);
    },
  );

  test(
    "status shows when the token and the registration expire, what AWS does not tell beforehand, and the service's answer",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const plain = await home.run(["status"]);
      const { expiresAt, registrationExpiresAt } = home.readJson<TokenFileJson>(CORP_TOKEN);
      const [until, registered] = [
        clockTimePattern(expiresAt),
        clockTimePattern(registrationExpiresAt),
      ];
      expect(plain.stdout).toMatch(/^SESSION +STATE +TOKEN +RENEWABLE +REGISTERED UNTIL\n/);
      expect(plain.stdout).toMatch(
        new RegExp(
          `^corp +signed in +(1 h|59 min.*) left \\(${until}\\) +yes +${registered}$`,
          "m",
        ),
      );
      expect(plain.stdout).toMatch(
        /which AWS does not tell beforehand\.\nFrom local files\. Use --verify to ask AWS\.\n$/,
      );
      const readVerified = async (env: Record<string, string> = {}): Promise<string> =>
        (await home.run(["status", "--verify"], { env: { TZ: zoneAtNoon(), ...env } })).stdout;
      expect(await readVerified()).toMatch(/accepts it$/m);
      expect(await readVerified({ AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" })).toMatch(
        /no answer$/m,
      );
      home.emulator.expireAccessTokens();
      expect(await readVerified()).toMatch(/refuses it$/m);
    },
  );

  test(
    "status --short is one line for a prompt, makes no request, and keeps the exit code",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(
        ".aws/config",
        `${SESSION_CONFIG}[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = us-east-1\n`,
      );
      home.emulator.journal.clear();
      expect(await home.run(["status", "--short"])).toMatchObject({
        exitCode: 0,
        stderr: "",
        stdout: expect.stringMatching(/^corp (1h|59m), other out\n$/),
      });
      expireTokenFile(home, CORP_TOKEN);
      expect(await home.run(["status", "--short", "--sso-session", "corp"])).toMatchObject({
        exitCode: 0,
        stdout: "corp renews\n",
      });
      expect(await home.run(["status", "--short", "--sso-session", "other"])).toMatchObject({
        exitCode: 4,
        stdout: "other out\n",
      });
      expect(home.emulator.journal.entries()).toEqual([]);
      expect(await (await createHome()).run(["status", "--short"])).toMatchObject({
        exitCode: 4,
        stdout: "",
      });
    },
  );
});
