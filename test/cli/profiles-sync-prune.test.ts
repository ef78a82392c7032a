import { describe, expect, test } from "vitest";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { createSignedInHome, type Home } from "../support/home.ts";

/** What `--prune` never removes: everything if the portal lists nothing, and text written by the user. */

const SESSION = `[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;
const CONFIG = ".aws/config";
const ACCOUNTS = [
  { accountId: "100000000001", accountName: "payments", roles: ["ViewOnlyAccess"] },
  { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
];
const PRUNE = ["profiles", "sync", "--prune", "--yes"];

/** Signed in, with the two profiles of an earlier sync. */
async function createSyncedHome(): Promise<Home> {
  const home = await createSignedInHome({ org: { accounts: ACCOUNTS } });
  home.write(CONFIG, SESSION);
  expect((await home.runJson<SyncJson>(["profiles", "sync", "--yes"])).add).toHaveLength(2);
  return home;
}

describe("a portal that lists nothing", () => {
  test.each<[string, (home: Home) => void]>([
    ["no account", ({ emulator }) => emulator.setOrg({ accounts: [] })],
    [
      "accounts without a role",
      ({ emulator }) => {
        for (const { accountId } of ACCOUNTS) emulator.unassign(accountId, "ViewOnlyAccess");
      },
    ],
  ])(
    "%s: --prune --yes, with --force too, exits 5 and leaves every byte",
    { tags: ["long"] },
    async (_, lose) => {
      const home = await createSyncedHome();
      const before = home.read(CONFIG);
      lose(home);
      const result = await home.run(PRUNE);
      expect(result).toMatchObject({ exitCode: 5, stdout: "" });
      expect(result.stderr).toContain(
        "No roles are available to you in corp. Nothing was changed.",
      );
      expect(home.read(CONFIG)).toBe(before);
      const forced = await home.run([...PRUNE, "--force", "--json"]);
      expect(forced.exitCode).toBe(5);
      expect(JSON.parse(forced.stdout)).toMatchObject({ error: { code: "ACCESS_DENIED" } });
      expect(home.read(CONFIG)).toBe(before);
      expect(home.list(".aws/latchkey/backups")).toHaveLength(1);
    },
  );
});

describe("a profile whose role is gone", () => {
  test(
    "is kept by --prune and reported if it contains a comment of the user; --force removes it",
    { tags: ["long"] },
    async () => {
      const home = await createSyncedHome();
      const line = "sso_account_id = 100000000001\n";
      const before = home.read(CONFIG).replace(line, `# mine\n${line}`);
      expect(before).toContain("# mine");
      home.write(CONFIG, before);
      home.emulator.unassign("100000000001", "ViewOnlyAccess");
      const result = await home.run(PRUNE);
      expect(result).toMatchObject({ exitCode: 0, stdout: "" });
      expect(result.stderr).toContain("Unchanged: 2 kept.");
      expect(result.stderr).toMatch(/1 profile of roles .* since you have edited them/);
      expect(home.read(CONFIG)).toBe(before);
      const { remove } = await home.runJson<SyncJson>([...PRUNE, "--force"]);
      expect(remove).toMatchObject([{ profile: "payments" }]);
      expect(home.read(CONFIG)).not.toContain("[profile payments]");
    },
  );
});
