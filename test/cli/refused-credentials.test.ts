import { describe, expect, test } from "vitest";
import {
  createSignedInHome,
  listCachedRoleFiles,
  parseOutput,
  SESSION_CONFIG,
  type Home,
} from "../support/home.ts";
import type { SessionStatusJson } from "../../src/commands/status.ts";
import { printVariables } from "../support/commands.ts";

/** Cached role credentials that AWS refuses, and roles that the portal refuses. */

const CHAINED = `${SESSION_CONFIG}[profile deploy]
role_arn = arn:aws:iam::100000000003:role/Deploy
source_profile = okta
region = us-east-1
`;

/** As if AWS had revoked the cached credentials: AWS does not know their key. */
async function cacheDeadCredentials(home: Home): Promise<void> {
  await home.run(["export", "okta"]);
  for (const file of listCachedRoleFiles(home))
    home.write(
      file,
      JSON.stringify({ ...home.readJson<object>(file), accessKeyId: "ASIADEADDEADDEADDEAD" }),
    );
  home.emulator.journal.clear();
}

/** Removes the role and keeps the sign-in. */
function endRole(home: Home): void {
  home.emulator.deny("100000000001", "ViewOnlyAccess");
}

const ECHO_KEY = ["--", ...printVariables("AWS_ACCESS_KEY_ID")];

describe("cached role credentials that AWS calls invalid", () => {
  test.each([
    ["whoami", ["whoami", "okta", "--json"]],
    ["a chained role", ["whoami", "deploy", "--json"]],
    ["console", ["console", "okta", "--print"]],
  ])("are fetched again once, without a notice: %s", { tags: ["long"] }, async (_, argv) => {
    const home = await createSignedInHome();
    home.write(".aws/config", CHAINED);
    await cacheDeadCredentials(home);
    const result = await home.run(argv);
    expect(result, result.stderr).toMatchObject({ exitCode: 0, stderr: "" });
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
    const exec = await home.run(["exec", "okta", ...ECHO_KEY]);
    expect(exec.stdout).toMatch(/^ASIA/);
    expect(exec.stdout).not.toContain("DEAD");
    expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
  });

  test(
    "are not used again if the role was removed, and status and latchkey alone show that until the next sign-in",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      await cacheDeadCredentials(home);
      endRole(home);
      expect(await home.run(["whoami", "okta"])).toMatchObject({ exitCode: 5 });
      expect(listCachedRoleFiles(home)).toEqual([]);
      const exec = await home.run(["exec", "okta", ...ECHO_KEY]);
      expect(exec).toMatchObject({ exitCode: 5, stdout: "" });
      const refused = "AWS refused the role ViewOnlyAccess in 100000000001";
      expect((await home.run(["status"])).stdout).toContain(refused);
      expect((await home.run([])).stdout).toContain(refused);
      expect(parseOutput<SessionStatusJson[]>(await home.run(["status", "--json"]))).toMatchObject([
        { state: "usable", notes: [expect.stringContaining(refused)] },
      ]);
      await home.run(["login", "--force", "--no-browser"]);
      expect((await home.run(["status"])).stdout).not.toContain(refused);
    },
  );

  test(
    "the refusal of a role is forgotten when the role works again",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      endRole(home);
      expect(await home.run(["export", "okta"])).toMatchObject({ exitCode: 5 });
      expect((await home.run(["status"])).stdout).toContain("AWS refused");
      home.emulator.deny("100000000001", "ViewOnlyAccess", false);
      expect(await home.run(["export", "okta"])).toMatchObject({ exitCode: 0 });
      expect((await home.run(["status"])).stdout).not.toContain("AWS refused");
    },
  );
});

describe("the session of a chained role", () => {
  test(
    "has the signed-in user's name, which is requested from AWS once per sign-in",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", CHAINED);
      home.emulator.journal.clear();
      for (const _ of [1, 2]) {
        expect(await home.run(["export", "deploy"])).toMatchObject({ exitCode: 0 });
      }
      expect(home.emulator.journal.count("GetCallerIdentity")).toBe(1);
      expect(await home.runJson(["whoami", "deploy"])).toMatchObject({
        arn: expect.stringMatching(/:assumed-role\/Deploy\/okta.user@example\.com$/),
        userName: "okta.user@example.com",
      });
    },
  );

  test(
    "has the profile's role_session_name if there is one, without a request for the user's name",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.write(".aws/config", `${CHAINED}role_session_name = ops\n`);
      home.emulator.journal.clear();
      await home.run(["export", "deploy"]);
      expect(home.emulator.journal.count("GetCallerIdentity")).toBe(0);
      expect(await home.runJson(["whoami", "deploy"])).toMatchObject({ userName: "ops" });
    },
  );
});
