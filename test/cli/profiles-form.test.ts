import { describe, expect, test } from "vitest";
import type { ProfileJson } from "../../src/commands/profiles.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { createSignedInHome, type Home } from "../support/home.ts";

/** A sync with another --form, and its effect on the profiles of an earlier sync. */

const CONFIG = ".aws/config";
const SESSION = `[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;
const ACCOUNTS = [
  { accountId: "100000000001", accountName: "payments", roles: ["ViewOnlyAccess"] },
  { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
];

async function syncHome(): Promise<Home> {
  const home = await createSignedInHome({ org: { accounts: ACCOUNTS } });
  home.write(CONFIG, SESSION);
  return home;
}

const sync = (home: Home, ...flags: string[]): Promise<SyncJson> =>
  home.runJson(["profiles", "sync", "--yes", ...flags]);
const sections = (home: Home): string[] => home.read(CONFIG).split(/^(?=\[)/m);

/** Edits the profile "payments", and returns its section after the edit. */
function edit(home: Home, from: string, to: string): string {
  const [before = ""] = sections(home).filter((text) => text.startsWith("[profile payments]"));
  expect(before).toContain(from);
  const after = before.replace(from, to);
  home.write(CONFIG, home.read(CONFIG).replace(before, after));
  return after;
}

describe("a sync with another form", () => {
  test(
    "replaces the keys of the previous form; blanks at the end of a value are not a change by the user",
    { tags: ["long"] },
    async () => {
      const home = await syncHome();
      await sync(home);
      edit(home, "sso_role_name = ViewOnlyAccess\n", "sso_role_name = ViewOnlyAccess \n");
      await sync(home, "--form", "credential-process");
      expect(home.read(CONFIG)).not.toContain("sso_account_id");
      const listed = await home.runJson<ProfileJson[]>(["profiles"]);
      expect(listed.map(({ form, managed, accountId }) => [form, managed, accountId])).toEqual([
        ["credential-process", true, "100000000001"],
        ["credential-process", true, "100000000002"],
      ]);
      await sync(home, "--form", "legacy");
      expect(home.read(CONFIG)).not.toContain("credential_process");
      expect(home.read(CONFIG).match(/^sso_start_url/gm)).toHaveLength(3);
    },
  );

  test(
    "keeps a profile that the user moved to another assigned role, and adds one for the first role",
    { tags: ["long"] },
    async () => {
      const home = await syncHome();
      await sync(home);
      home.emulator.assign("100000000001", "Billing");
      const mine = edit(home, "sso_role_name = ViewOnlyAccess\n", "sso_role_name = Billing\n");
      const value = await sync(home, "--form", "credential-process");
      expect(value.add).toMatchObject([{ profile: "payments-viewonlyaccess" }]);
      expect(value.change).toMatchObject([{ profile: "search" }]);
      expect(sections(home)).toContain(mine);
      expect(await sync(home, "--form", "credential-process")).toMatchObject({
        add: [],
        change: [],
        applied: false,
      });
    },
  );

  test(
    "keeps a credential_process that the user has rewritten for the same role",
    { tags: ["long"] },
    async () => {
      const home = await syncHome();
      await sync(home, "--form", "credential-process");
      const mine = edit(home, "credential_process = ", "credential_process = /usr/bin/env ");
      const listed = await home.runJson<ProfileJson[]>(["profiles"]);
      expect(listed[0]).toMatchObject({
        profile: "payments",
        form: "credential-process",
        accountId: "100000000001",
      });
      const value = await sync(home, "--form", "legacy");
      expect(value.add).toEqual([]);
      expect(value.change).toMatchObject([{ profile: "search" }]);
      expect(sections(home)).toContain(mine);
    },
  );
});
