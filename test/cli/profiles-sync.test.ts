/** @module-tag long */
import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, createSignedInHome, type Home } from "../support/home.ts";
import type { ProfileJson } from "../../src/commands/profiles.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { patience } from "../support/patience.ts";

const SESSION =
  "[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n";
const CONFIG = ".aws/config";
const SMALL = {
  accounts: [
    {
      accountId: "000000000042",
      accountName: "Payments Prod",
      emailAddress: "aws+payments@example.com",
      roles: ["ViewOnlyAccess", "Billing"],
    },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};

/** Signed in, with a config of the session only, or with the given config. */
async function createSyncHome(org: object = SMALL, config = SESSION): Promise<Home> {
  const home = await createSignedInHome({ org });
  home.write(CONFIG, config);
  return home;
}

const sync = (home: Home, ...flags: string[]): Promise<SyncJson> =>
  home.runJson(["profiles", "sync", "--yes", ...flags]);
const listProfiles = (home: Home): string[] =>
  [...home.read(CONFIG).matchAll(/^\[profile (.*)\]$/gm)].map(([, name = ""]) => name);
const readSection = (home: Home, name: string): string =>
  new RegExp(`^\\[profile ${name}\\]\n[^[]*`, "m").exec(home.read(CONFIG))?.[0] ?? "";

describe("an organisation of 8 accounts with 3 roles each", () => {
  test(
    "becomes 24 profiles, once; --prune removes the three of a vanished account; undo restores the exact bytes",
    { timeout: patience(120_000) },
    async () => {
      const home = await createSyncHome({ accounts: 8, roles: 3 });
      const first = await sync(home, "--sso-session", "corp");
      expect([first.add.length, first.change, first.remove, first.kept, first.applied]).toEqual([
        24,
        [],
        [],
        0,
        true,
      ]);
      expect(new Set(listProfiles(home)).size).toBe(24);
      expect(home.read(CONFIG).startsWith(SESSION)).toBe(true);
      const before = statSync(join(home.path, CONFIG)).ino;
      expect(await sync(home)).toMatchObject({
        add: [],
        change: [],
        remove: [],
        kept: 24,
        applied: false,
      });
      expect(statSync(join(home.path, CONFIG)).ino).toBe(before);

      for (const roleName of ["ViewOnlyAccess", "AdministratorAccess", "PowerUserAccess"])
        home.emulator.unassign("100000000007", roleName);
      const full = home.read(CONFIG);
      expect(await sync(home)).toMatchObject({ add: [], remove: [], kept: 24, applied: false });
      const pruned = await sync(home, "--prune");
      expect(pruned.remove.map(({ accountId }) => accountId)).toEqual([
        "100000000007",
        "100000000007",
        "100000000007",
      ]);
      expect([pruned.add, pruned.change, pruned.kept]).toEqual([[], [], 21]);
      expect(listProfiles(home)).toHaveLength(21);

      expect(await home.runJson(["profiles", "undo"])).toEqual({
        restored: true,
        from: expect.stringMatching(/backups[\\/]config\./),
      });
      expect(home.read(CONFIG)).toBe(full);
      // The stored record was restored, too: the three belong to latchkey.
      expect((await sync(home, "--prune")).remove).toHaveLength(3);
    },
  );
});

describe("the plan and the question of a sync", () => {
  test("without a terminal it needs --yes, shows the plan, and writes nothing", async () => {
    const home = await createSyncHome();
    const result = await home.run(["profiles", "sync"]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(/\+ payments-prod-viewonlyaccess +000000000042 ViewOnlyAccess\n/);
    expect(result.stderr).toContain("3 to add, 0 to change, 0 to remove");
    expect(result.stderr).toContain("--yes");
    expect(home.read(CONFIG)).toBe(SESSION);
  });

  test("profiles shows which are managed, and configure marks none", async () => {
    const home = await createSyncHome();
    await sync(home);
    await home.run([
      "configure",
      "--profile",
      "own",
      "--sso-session",
      "corp",
      "--account-id",
      "100000000002",
      "--role-name",
      "ViewOnlyAccess",
      "--yes",
    ]);
    expect(readSection(home, "own")).not.toContain("latchkey_managed");
    expect(
      (await home.runJson<ProfileJson[]>(["profiles"])).map(({ profile, managed }) => [
        profile,
        managed,
      ]),
    ).toEqual([
      ["payments-prod-billing", true],
      ["payments-prod-viewonlyaccess", true],
      ["search", true],
      ["own", false],
    ]);
  });

  test("parallel syncs and other edits lose nothing, and add nothing twice", async () => {
    const home = await createSyncHome();
    const own = [
      "configure",
      "--profile",
      "own",
      "--sso-session",
      "corp",
      "--account-id",
      "100000000002",
      "--role-name",
      "ViewOnlyAccess",
      "--yes",
    ];
    const results = await Promise.all(
      [
        ["profiles", "sync", "--yes"],
        own,
        ["profiles", "sync", "--yes"],
        ["profiles", "sync", "--yes"],
      ].map((argv) => home.run(argv)),
    );
    expect(results.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
    expect(listProfiles(home).toSorted()).toEqual([
      "own",
      "payments-prod-billing",
      "payments-prod-viewonlyaccess",
      "search",
    ]);
    expect(await sync(home, "--region", "eu-west-1")).toMatchObject({ change: [{}, {}, {}] });
  });

  test("a listing that fails in the middle writes nothing", async () => {
    const home = await createSyncHome();
    home.emulator.setFault({
      route: "ListAccountRoles",
      status: 400,
      match: { accountId: "100000000002" },
    });
    const result = await home.run(["profiles", "sync", "--prune", "--yes"]);
    expect(result.exitCode, result.stderr).not.toBe(0);
    expect(home.read(CONFIG)).toBe(SESSION);
  });
});

describe("names, filters and keys", () => {
  test("a profile is named after its account, with the role only if several are assigned, and keeps leading zeros", async () => {
    const home = await createSyncHome();
    await sync(home, "--region", "eu-west-1", "--output", "json", "--set", "cli_history=enabled");
    expect(listProfiles(home)).toEqual([
      "payments-prod-billing",
      "payments-prod-viewonlyaccess",
      "search",
    ]);
    expect(readSection(home, "payments-prod-billing")).toBe(
      "[profile payments-prod-billing]\nsso_session = corp\nsso_account_id = 000000000042\nsso_role_name = Billing\nregion = eu-west-1\noutput = json\ncli_history = enabled\nlatchkey_managed = corp\n",
    );
  });

  test("a template sets the names, from the flag, the variable, or the settings of all sessions or of one", async () => {
    for (const [how, template] of [
      ["--template", "{account.id}:{role}"],
      ["--profile-template", "{session}/{account.slug}.{role|lower}"],
    ] as const) {
      const home = await createSyncHome();
      await sync(home, how, template);
      expect(listProfiles(home)).toEqual(
        template.startsWith("{account")
          ? ["000000000042:Billing", "000000000042:ViewOnlyAccess", "100000000002:ViewOnlyAccess"]
          : [
              "corp/payments-prod.billing",
              "corp/payments-prod.viewonlyaccess",
              "corp/search.viewonlyaccess",
            ],
      );
    }
    const home = await createSyncHome();
    await home.run(["settings", "template", "{role}-{account.id}"]);
    await home.run([
      "settings",
      "--sso-session",
      "corp",
      "template",
      "{email|slug}-{account.name|slug}-{role|slug}",
    ]);
    expect((await home.runJson<SyncJson>(["profiles", "sync", "--dry-run"])).add[0]?.profile).toBe(
      "aws-payments-example.com-payments-prod-billing",
    );
    expect(
      (
        await home.runJson<SyncJson>(["profiles", "sync", "--dry-run"], {
          env: { LATCHKEY_TEMPLATE: "x-{account.id}-{role}" },
        })
      ).add[0]?.profile,
    ).toBe("x-000000000042-Billing");
    expect(await home.run(["settings", "template", "{nope}"])).toMatchObject({ exitCode: 2 });
  });

  test("several regions make one profile each, named by {region} or with the region at the end", async () => {
    const home = await createSyncHome();
    await sync(home, "--region", "eu-west-1", "--region", "us-east-1", "--filter", "role:View*");
    expect(listProfiles(home)).toEqual([
      "payments-prod-viewonlyaccess-eu-west-1",
      "payments-prod-viewonlyaccess-us-east-1",
      "search-eu-west-1",
      "search-us-east-1",
    ]);
    expect(readSection(home, "search-us-east-1")).toContain("region = us-east-1\n");
    const other = await createSyncHome();
    await sync(
      other,
      "--region",
      "eu-west-1",
      "--region",
      "us-east-1",
      "--template",
      "{region}.{account.slug}",
      "--filter",
      "search",
    );
    expect(listProfiles(other)).toEqual(["eu-west-1.search", "us-east-1.search"]);
  });

  test("profiles outside the filter are not changed, also by --prune", async () => {
    const home = await createSyncHome();
    await sync(home);
    const before = home.read(CONFIG);
    expect(await sync(home, "--prune", "--filter", "account:search")).toMatchObject({
      add: [],
      remove: [],
      kept: 3,
    });
    expect(await sync(home, "--prune", "--exclude", "*")).toMatchObject({
      add: [],
      remove: [],
      kept: 3,
    });
    expect(home.read(CONFIG)).toBe(before);
  });

  test.each([
    [
      ["--template", "{account}"],
      /no field "account".*account\.id, account\.name, account\.slug, role, session, email, region/,
    ],
    [["--template", "{role|upper}"], /no filter "upper".*lower, slug, trim/],
    [["--template", "all"], /no field, so every/],
    [["--template", "{role"], /unmatched/],
    [["--template", "a b{role}"], /between its fields/],
    [["--template", "{role}-{region}"], /no region is given/],
    [["--filter", "tag:x"], /no field "tag".*account, role, email/],
    [["--exclude", "role:"], /nothing to compare/],
    [["--region", "eu west"], /--region/],
    [["--set", "credential_process=/bin/evil"], /credential_process/],
    [["--set", "endpoint_url=https://evil.example"], /endpoint_url/],
    [["--set", "cli_pager=evil"], /cli_pager/],
    [["--set", "sso_account_id=1"], /latchkey writes it itself/],
    [["--set", "aws_secret_access_key=x"], /aws_secret_access_key/],
    [["--set", "Credential_Process=x"], /credential_process/],
    [["--set", "color=a\nb"], /line break/],
    [["--set", "color"], /a key and its value/],
    [["--form", "odd"], /--form/],
  ])("%j exits 2 and is named, before any request", async (flags, words) => {
    const home = await createHome();
    home.write(CONFIG, SESSION);
    const result = await home.run(["profiles", "sync", "--yes", ...flags]);
    expect(result).toMatchObject({ exitCode: 2, stdout: "" });
    expect(result.stderr).toMatch(words);
    expect(home.read(CONFIG)).toBe(SESSION);
    expect(home.emulator.journal.entries()).toEqual([]);
  });
});
