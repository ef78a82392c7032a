import { describe, expect, test } from "vitest";
import type { ConsoleJson } from "../../src/commands/console.ts";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import type { ProcessCredentialsJson } from "../../src/model/role.ts";
import { parseOutput, PROGRAM, type Home } from "../support/home.ts";
import { createForeignHome } from "../support/profile-kinds.ts";
import { printVariables } from "../support/commands.ts";

const arnOf = async (home: Home, profile: string): Promise<string | null> =>
  (await home.runJson<WhoamiJson>(["whoami", profile])).arn;

describe("profiles that AWS SDKs resolve", () => {
  test(
    "a role with an SSO profile as its source, and a role with that role as its source, use latchkey's credentials",
    { tags: ["long"] },
    async () => {
      const home = await createForeignHome();
      home.emulator.journal.clear();
      expect(await arnOf(home, "chain")).toBe("arn:aws:sts::100000000009:assumed-role/Deployer/me");
      expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual([
        "AssumeRole",
        "GetCallerIdentity",
      ]);
      expect(await arnOf(home, "longer")).toBe(
        "arn:aws:sts::100000000008:assumed-role/Auditor/latchkey",
      );
    },
  );

  test(
    "AssumeRole gets the profile's values: external id, duration and session name, signed by its source",
    { tags: ["long"] },
    async () => {
      const home = await createForeignHome();
      home.write(
        ".aws/config",
        `${home.read(".aws/config")}[profile asked]\nrole_arn = arn:aws:iam::100000000009:role/Deployer\nsource_profile = kept\nregion = us-east-1\nexternal_id = ticket-7\nduration_seconds = 1800\nrole_session_name = night-shift\n`,
      );
      const keys = home.readJson<ProcessCredentialsJson>("keys.json");
      // A source that is in the credentials file only.
      home.write(
        ".aws/credentials",
        `[kept]\naws_access_key_id = ${keys.AccessKeyId}\naws_secret_access_key = ${keys.SecretAccessKey}\naws_session_token = ${keys.SessionToken}\n`,
      );
      const exported = await home.run(["export", "asked"]);
      expect(exported, exported.stderr).toMatchObject({ exitCode: 0 });
      const { Expiration } = parseOutput<ProcessCredentialsJson>(exported);
      const [asked] = home.emulator.journal.entries({ route: "AssumeRole" });
      expect(asked?.body).toMatchObject({
        RoleArn: "arn:aws:iam::100000000009:role/Deployer",
        RoleSessionName: "night-shift",
        ExternalId: "ticket-7",
        DurationSeconds: "1800",
      });
      expect(asked?.headers["authorization"]).toContain(`Credential=${keys.AccessKeyId}/`);
      const minutes = (Date.parse(Expiration ?? "") - Date.now()) / 60_000;
      expect(minutes).toBeGreaterThan(28);
      expect(minutes).toBeLessThanOrEqual(30);
    },
  );

  test("exec, export and console accept them, too", { tags: ["long"] }, async () => {
    const home = await createForeignHome();
    const { AccessKeyId } = parseOutput<ProcessCredentialsJson>(
      await home.run(["export", "chain"]),
    );
    expect(AccessKeyId).toMatch(/^ASIA/);
    expect((await home.run(["exec", "chain", "--", ...printVariables("AWS_REGION")])).stdout).toBe(
      "eu-west-1\n",
    );
    expect((await home.runJson<ConsoleJson>(["console", "chain"])).url).toContain("Action=login");
    expect((await home.run(["export", "static", "--format", "env"])).stdout).toBe(
      "export AWS_ACCESS_KEY_ID=AKIDX\nexport AWS_SECRET_ACCESS_KEY=SKX\n",
    );
    expect(await arnOf(home, "process")).toContain("ViewOnlyAccess");
    expect(JSON.parse((await home.run(["export", "process"])).stdout)).toMatchObject({
      Version: 1,
      AccessKeyId: expect.stringMatching(/^ASIA/),
    });
  });

  test(
    "a source whose sign-in has ended, and a refused role, have their own errors",
    { tags: ["long"] },
    async () => {
      const home = await createForeignHome();
      home.emulator.deny("100000000009", "Deployer", true);
      expect(await home.run(["export", "chain"])).toMatchObject({
        exitCode: 5,
        stderr: expect.stringContaining(
          'STS refuses the role of the profile "chain" (AccessDenied)',
        ),
      });
      await home.run(["logout", "--all"]);
      expect(await home.run(["export", "chain"])).toMatchObject({
        exitCode: 4,
        stderr: expect.stringContaining("latchkey login --sso-session corp"),
      });
    },
  );

  test(
    "profiles in a circle are named, whether by source_profile or by credential_process",
    { tags: ["long"] },
    async () => {
      const home = await createForeignHome();
      expect(await home.run(["export", "loop"])).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining("loop → pool → loop"),
      });
      home.write(
        ".aws/config",
        `[profile self]\ncredential_process = ${PROGRAM.join(" ")} export self\n`,
      );
      expect(await home.run(["export", "self"])).toMatchObject({ exitCode: 7, stdout: "" });
    },
  );

  test(
    "an MFA code without a terminal exits 2, and long-term keys open no console",
    { tags: ["long"] },
    async () => {
      const home = await createForeignHome();
      expect(await home.run(["export", "mfa"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("arn:aws:iam::100000000001:mfa/me"),
      });
      expect(await home.run(["console", "static", "--print"])).toMatchObject({
        exitCode: 7,
        stderr: expect.stringContaining("long-term keys"),
      });
    },
  );
});
