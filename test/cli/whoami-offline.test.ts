import { describe, expect, test } from "vitest";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import { CORP_TOKEN, expireTokenFile, createSignedInHome } from "../support/home.ts";
import { ACCOUNT, toEnvironment, createHomeOfAllKinds } from "../support/profile-kinds.ts";

describe("whoami --offline", () => {
  test(
    "shows what local files contain for every source, and makes no request",
    { tags: ["long"] },
    async () => {
      const { home, keys } = await createHomeOfAllKinds();
      await home.run(["export", "okta"]);
      home.emulator.journal.clear();
      const runOffline = (profile: string, env = {}): Promise<WhoamiJson> =>
        home.runJson(["whoami", ...(profile === "" ? [] : [profile]), "--offline"], { env });
      expect(await runOffline("okta")).toMatchObject({
        source: "profile",
        accountId: ACCOUNT,
        roleName: "ViewOnlyAccess",
        arn: null,
        userId: null,
        userName: null,
        region: "eu-west-1",
        session: "corp",
        sessionExpiresAt: expect.any(String),
        credentialsExpireAt: expect.any(String),
      });
      expect(await runOffline("chain")).toMatchObject({
        source: "chained-role",
        accountId: "100000000009",
        roleName: "Deployer",
        session: "corp",
        credentialsExpireAt: null,
      });
      expect(await runOffline("static")).toMatchObject({
        source: "credentials-file",
        accountId: null,
      });
      expect(await runOffline("foreign")).toMatchObject({
        source: "credential-process",
        accountId: null,
      });
      expect(
        await runOffline("", {
          ...toEnvironment(keys),
          AWS_CREDENTIAL_EXPIRATION: "2090-01-01T00:00:00+00:00",
        }),
      ).toMatchObject({
        source: "environment",
        accountId: null,
        credentialsExpireAt: "2090-01-01T00:00:00Z",
      });
      expect((await home.run(["whoami", "okta", "--offline"])).stdout).toMatch(
        /^From local files; AWS was not asked\n/,
      );
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );

  test(
    "works signed out and with an expired token, and shows that",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      expireTokenFile(home, CORP_TOKEN);
      expect((await home.run(["whoami", "okta", "--offline"])).stdout).toMatch(
        /session {7}corp, token expired at \S+( \S+)? \(renews itself\)\n {2}credentials {3}none cached, from the profile "okta"/,
      );
      await home.run(["logout", "--all"]);
      expect((await home.run(["whoami", "okta", "--offline"])).stdout).toContain(
        "corp, no token on this machine",
      );
      expect(await home.run(["whoami", "okta"])).toMatchObject({ exitCode: 4, stdout: "" });
    },
  );
});
