import { describe, expect, test } from "vitest";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import { clockTimePattern } from "../support/clock-time.ts";
import { PROGRAM, createSignedInHome } from "../support/home.ts";
import { ACCOUNT, toEnvironment, createHomeOfAllKinds } from "../support/profile-kinds.ts";
import { join } from "node:path";

const ROLE_ARN =
  /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/;

describe("whoami names the source of the credentials", () => {
  test(
    "for a profile with an SSO session: account, role, user, region and both expiries with it",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      await home.run(["accounts"]);
      const identity = await home.runJson<WhoamiJson>(["whoami", "okta"]);
      expect(identity).toMatchObject({
        source: "profile",
        profile: "okta",
        accountId: ACCOUNT,
        accountName: expect.any(String),
        roleName: "ViewOnlyAccess",
        userName: "okta.user@example.com",
        region: "eu-west-1",
        session: "corp",
        notices: [],
      });
      expect(identity.arn).toMatch(ROLE_ARN);
      for (const end of [identity.credentialsExpireAt, identity.sessionExpiresAt])
        expect(Date.parse(end ?? "")).toBeGreaterThan(Date.now());
      const { stdout, stderr } = await home.run(["whoami", "okta"]);
      expect(stdout).toMatch(
        /^okta\.user@example\.com\n {2}account {7}100000000001 {2}\S.*\n {2}role {10}ViewOnlyAccess\n {2}region {8}eu-west-1\n {2}session {7}/,
      );
      const [tokenEnd, credentialsEnd] = [
        clockTimePattern(identity.sessionExpiresAt ?? ""),
        clockTimePattern(identity.credentialsExpireAt ?? ""),
      ];
      const life = `corp, signed in, token until ${tokenEnd} \\(renews itself\\)\n {2}credentials {3}until ${credentialsEnd} \\(.* left\\)`;
      expect(stdout).toMatch(
        new RegExp(
          `\n {2}session {7}${life}, from the profile "okta", by its SSO session\n {2}arn`,
        ),
      );
      expect(stderr).toBe("");
    },
  );

  test(
    "for keys in the environment, which win over AWS_PROFILE, with a notice; a named profile wins over them",
    { tags: ["long"] },
    async () => {
      const { home, keys } = await createHomeOfAllKinds();
      const env = { ...toEnvironment(keys), AWS_PROFILE: "okta", AWS_REGION: "eu-north-1" };
      expect(await home.runJson(["whoami"], { env })).toMatchObject({
        source: "environment",
        profile: null,
        accountId: "100000000002",
        region: "eu-north-1",
        session: null,
      });
      const { stdout, stderr } = await home.run(["whoami"], { env });
      expect(stdout).toContain("from AWS_ACCESS_KEY_ID in the environment");
      expect(stderr).toMatch(
        /^latchkey: notice: the environment takes precedence: most AWS clients use AWS_ACCESS_KEY_ID instead of the profile "okta" in AWS_PROFILE.*\nlatchkey: notice: JavaScript uses 100000000001 ViewOnlyAccess/,
      );
      expect(await home.runJson(["whoami", "okta"], { env })).toMatchObject({
        source: "profile",
        accountId: ACCOUNT,
        notices: [expect.stringContaining("AWS_ACCESS_KEY_ID is set")],
      });
      expect(
        await home.runJson(["whoami"], { env: { ...env, AWS_SECRET_ACCESS_KEY: "" } }),
      ).toMatchObject({ source: "profile", accountId: ACCOUNT });
    },
  );

  test(
    "for the environment of exec, by its values and by its endpoint",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      for (const [server, variable] of [
        [[], "AWS_ACCESS_KEY_ID"],
        [["--server"], "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
      ] as const) {
        const { stdout, stderr } = await home.run([
          "exec",
          "okta",
          ...server,
          "--",
          ...PROGRAM,
          "whoami",
        ]);
        expect(stdout, stderr).toContain(
          `from ${variable} in the environment, set by latchkey exec okta`,
        );
        expect(stdout).toContain("region        eu-west-1");
      }
    },
  );

  test(
    "for the credentials file, also if the config has another source for the profile, with a notice",
    { tags: ["long"] },
    async () => {
      const { home } = await createHomeOfAllKinds();
      expect(await home.runJson(["whoami", "static"])).toMatchObject({
        source: "credentials-file",
        profile: "static",
        accountId: "100000000002",
        region: "eu-west-3",
        session: null,
        credentialsExpireAt: null,
        notices: [],
      });
      expect((await home.run(["whoami", "static"])).stdout).toContain(
        `from the profile "static" of the credentials file (${join(home.path, ".aws/credentials")}, line 2)`,
      );
      expect(await home.runJson(["whoami", "both"])).toMatchObject({
        source: "credentials-file",
        accountId: "100000000002",
        notices: [
          expect.stringMatching(
            /^Java and Rust use 100000000001 ViewOnlyAccess, the profile "both" through latchkey/,
          ),
          expect.stringMatching(/^\.NET refuses the profile: /),
        ],
      });
      home.write(
        ".aws/credentials",
        "[okta]\naws_access_key_id = AKIDX\naws_secret_access_key = SKX\n",
      );
      expect(await home.runJson<WhoamiJson>(["whoami", "okta"])).toMatchObject({
        source: "profile",
        accountId: ACCOUNT,
        notices: [
          expect.stringMatching(
            /^JavaScript, Go v2, Go v1 and Terraform use the profile "okta" of the credentials file \(.*credentials, line 2\)$/,
          ),
        ],
      });
    },
  );

  test(
    "for a credential_process, latchkey's own and another's, and for keys in the config",
    { tags: ["long"] },
    async () => {
      const { home } = await createHomeOfAllKinds();
      expect(await home.runJson(["whoami", "own"])).toMatchObject({
        source: "credential-process",
        profile: "own",
        accountId: ACCOUNT,
        session: "corp",
      });
      expect((await home.run(["whoami", "own"])).stdout).toContain(
        'from the profile "own" through latchkey',
      );
      expect(await home.runJson(["whoami", "foreign"])).toMatchObject({
        source: "credential-process",
        accountId: "100000000002",
        session: null,
      });
      expect(await home.runJson(["whoami", "inline"])).toMatchObject({
        source: "profile",
        accountId: "100000000002",
      });
      expect((await home.run(["whoami", "inline"])).stdout).toMatch(
        /from keys in the config \(.*config, line \d+\)/,
      );
    },
  );

  test(
    "for a chained role, with the session at the end of the chain",
    { tags: ["long"] },
    async () => {
      const { home } = await createHomeOfAllKinds();
      expect(await home.runJson(["whoami", "chain"])).toMatchObject({
        source: "chained-role",
        profile: "chain",
        accountId: "100000000009",
        roleName: "Deployer",
        userName: "me",
        session: "corp",
      });
      expect((await home.run(["whoami", "chain"])).stdout).toContain(
        'from the profile "chain", a role assumed with the credentials of "okta"',
      );
    },
  );
});
