import { describe, expect, test } from "vitest";
import { signedInHome, type Home } from "../support/home.ts";

/** What `--prune` never takes: everything, since the portal lists nothing. */

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

/** Signed in, with the two profiles that a sync made. */
async function syncedHome(): Promise<Home> {
  const home = await signedInHome({ org: { accounts: ACCOUNTS } });
  home.write(CONFIG, SESSION);
  expect((await home.runJson(["profiles", "sync", "--yes"])).add).toHaveLength(2);
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
  ])("%s: --prune --yes, with --force too, exits 5 and leaves every byte", async (_, lose) => {
    const home = await syncedHome();
    const before = home.read(CONFIG);
    lose(home);
    const result = await home.run(PRUNE);
    expect(result).toMatchObject({ exitCode: 5, stdout: "" });
    expect(result.stderr).toContain("No roles are available to you in corp. Nothing was changed.");
    expect(home.read(CONFIG)).toBe(before);
    const forced = await home.run([...PRUNE, "--force", "--json"]);
    expect(forced.exitCode).toBe(5);
    expect(JSON.parse(forced.stdout)).toMatchObject({ error: { code: "ACCESS_DENIED" } });
    expect(home.read(CONFIG)).toBe(before);
    expect(home.list(".aws/latchkey/backups")).toHaveLength(1);
  });
});
