/** @module-tag long */
import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createSignedInHome, type Home } from "../support/home.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** Which profiles belong to sync, and what names from the service can never do. */

const SESSION =
  "[sso-session corp]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n";
const CONFIG = ".aws/config";
const ACCOUNTS = [
  { accountId: "100000000001", accountName: "payments", roles: ["ViewOnlyAccess"] },
  { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
];

async function createSyncHome(accounts: object[] = ACCOUNTS, config = SESSION): Promise<Home> {
  const home = await createSignedInHome({ org: { accounts } } as never);
  home.write(CONFIG, config);
  return home;
}

const sync = (home: Home, ...flags: string[]): Promise<SyncJson> =>
  home.runJson(["profiles", "sync", "--yes", ...flags]);
const listProfiles = (home: Home): string[] =>
  [...home.read(CONFIG).matchAll(/^\[profile (.*)\]$/gm)].map(([, name = ""]) => name);
const edit = (home: Home, from: string, to: string): string =>
  home.write(CONFIG, home.read(CONFIG).replace(from, to));

describe("changes by the user", () => {
  test("are kept: a changed value, and a key that was added or removed; the rest is updated", async () => {
    const home = await createSyncHome();
    await sync(home, "--region", "eu-west-1", "--output", "json");
    edit(
      home,
      "region = eu-west-1\noutput = json\nlatchkey_managed = corp\n",
      "region = mx-central-1\ncli_pager = less\nlatchkey_managed = corp\n",
    );
    const value = await sync(home, "--region", "eu-north-1", "--output", "text");
    expect(value.change).toEqual([
      {
        profile: "search",
        from: "search",
        changes: [
          { key: "region", before: "eu-west-1", after: "eu-north-1" },
          { key: "output", before: "json", after: "text" },
        ],
      },
    ]);
    expect(home.read(CONFIG)).toContain(
      "sso_role_name = ViewOnlyAccess\nregion = mx-central-1\ncli_pager = less\nlatchkey_managed = corp\n",
    );
    expect(await sync(home, "--region", "eu-north-1", "--output", "text")).toMatchObject({
      change: [],
      applied: false,
    });
  });

  test("include every value if the record of written values is lost", async () => {
    const home = await createSyncHome();
    await sync(home, "--region", "eu-west-1");
    for (const name of home.list(".aws/latchkey/managed"))
      home.write(`.aws/latchkey/managed/${name}`, "{ torn");
    const before = home.read(CONFIG);
    expect(await sync(home, "--region", "eu-north-1", "--prune")).toMatchObject({
      add: [],
      change: [],
      remove: [],
      kept: 2,
    });
    expect(home.read(CONFIG)).toBe(before);
  });

  test("a profile of the user, of another session's sync, or of the credentials file keeps its name and its bytes", async () => {
    const own =
      "[profile payments]\nregion = x\n[profile search]\nregion = y\nlatchkey_managed = other\n";
    const home = await createSyncHome(
      [
        ...ACCOUNTS,
        { accountId: "100000000003", accountName: "static", roles: ["ViewOnlyAccess"] },
      ],
      own + SESSION,
    );
    home.write(".aws/credentials", "[static]\naws_access_key_id = AKIAEXAMPLE\n");
    const value = await sync(home, "--prune", "--force");
    expect(value).toMatchObject({ add: [], change: [], remove: [], applied: false });
    expect(value.collisions.map(({ profile, reason }) => [profile, reason])).toEqual([
      ["payments", expect.stringContaining("your own profile")],
      ["search", expect.stringContaining("another session")],
      ["static", expect.stringContaining("credentials")],
    ]);
    expect(home.read(CONFIG)).toBe(own + SESSION);
  });

  test("--prune keeps a profile that the user has edited, and reports that; --force removes it", async () => {
    const home = await createSyncHome();
    await sync(home);
    edit(
      home,
      "latchkey_managed = corp\n[profile search]",
      "latchkey_managed = corp\ncolor = red\n[profile search]",
    );
    home.emulator.unassign("100000000001", "ViewOnlyAccess");
    const result = await home.run(["profiles", "sync", "--prune", "--yes"]);
    expect(result.stderr).toContain(
      "1 profile of roles that are no longer assigned to you stay, since you have edited them",
    );
    expect(listProfiles(home)).toEqual(["payments", "search"]);
    expect((await sync(home, "--prune", "--force")).remove).toEqual([
      { profile: "payments", accountId: "100000000001", roleName: "ViewOnlyAccess" },
    ]);
    expect(listProfiles(home)).toEqual(["search"]);
  });

  test("--prune removes no profile of another session, though its roles are not among this session's", async () => {
    const home = await createSyncHome();
    await sync(home);
    home.write(
      CONFIG,
      `${home.read(CONFIG)}[sso-session other]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_registration_scopes = sso:account:access\n`,
    );
    await home.run(["login", "--sso-session", "other", "--no-browser"]);
    home.emulator.setOrg({
      accounts: [{ accountId: "100000000009", accountName: "else", roles: ["ViewOnlyAccess"] }],
    });
    expect(await sync(home, "--sso-session", "other", "--prune")).toMatchObject({
      add: [{ profile: "else" }],
      remove: [],
      kept: 0,
    });
    expect(listProfiles(home)).toEqual(["payments", "search", "else"]);
  });
});

describe("an account with a new name", () => {
  const renamed = [
    { accountId: "100000000001", accountName: "billing", roles: ["ViewOnlyAccess"] },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ];

  test("keeps its profile, which is reported; --rename gives the new name and keeps the content", async () => {
    const home = await createSyncHome();
    await sync(home, "--region", "eu-west-1");
    edit(home, "[profile payments]\n", "[profile payments]\n# mine\n");
    home.emulator.setOrg({ accounts: renamed });
    const result = await home.run(["profiles", "sync", "--yes"]);
    expect(result.stderr).toMatch(
      /1 profile would get another name now.*\(payments, not billing\)/,
    );
    expect(listProfiles(home)).toEqual(["payments", "search"]);
    const before = home.read(CONFIG);
    expect((await sync(home, "--rename", "--region", "eu-north-1")).change[0]).toEqual({
      profile: "billing",
      from: "payments",
      changes: [{ key: "region", before: "eu-west-1", after: "eu-north-1" }],
    });
    expect(home.read(CONFIG)).toBe(
      before
        .replace("[profile payments]", "[profile billing]")
        .replaceAll("eu-west-1", "eu-north-1"),
    );
    expect(await sync(home, "--rename")).toMatchObject({ change: [], applied: false });
  });

  test("a second role in the account does not rename the first profile, and gets its own", async () => {
    const home = await createSyncHome();
    await sync(home);
    home.emulator.assign("100000000001", "Billing");
    expect((await sync(home)).add).toMatchObject([{ profile: "payments-billing" }]);
    expect(listProfiles(home)).toEqual(["payments", "search", "payments-billing"]);
  });

  test("a new account with the name of a removed one takes over its profile with --prune", async () => {
    const home = await createSyncHome();
    await sync(home);
    home.emulator.setOrg({
      accounts: [
        { accountId: "100000000008", accountName: "payments", roles: ["ViewOnlyAccess"] },
        ACCOUNTS[1]!,
      ],
    });
    expect((await sync(home)).collisions).toMatchObject([
      { profile: "payments", accountId: "100000000008" },
    ]);
    expect(await sync(home, "--prune")).toMatchObject({
      add: [],
      remove: [],
      change: [
        {
          profile: "payments",
          changes: [{ key: "sso_account_id", before: "100000000001", after: "100000000008" }],
        },
      ],
    });
    expect(await sync(home, "--prune")).toMatchObject({ change: [], applied: false, kept: 2 });
  });
});

const WIDE = "\u{1F600}".repeat(60);
const HOSTILE = [
  {
    accountId: "000000000001",
    accountName: "x]\n[default]\ncredential_process=/bin/evil",
    roles: ["ViewOnlyAccess"],
  },
  {
    accountId: "000000000002",
    accountName: `"quoted' \u{1F600} \u001b]0;title\u0007`,
    roles: ["ViewOnlyAccess"],
  },
  { accountId: "000000000003", accountName: "n".repeat(200), roles: ["ViewOnlyAccess"] },
  { accountId: "000000000004", accountName: WIDE, roles: ["ViewOnlyAccess"] },
  { accountId: "000000000005", accountName: "default", roles: ["ViewOnlyAccess"] },
  { accountId: "000000000006", accountName: "Same Name", roles: ["ViewOnlyAccess"] },
  { accountId: "000000000007", accountName: "same-name", roles: ["ViewOnlyAccess"] },
  { accountId: "000000000008", accountName: "Zür\u0308ich = # ; 1", roles: ["ViewOnlyAccess"] },
];

describe("names from the service", () => {
  test("are data: the file gets profiles with clean names, other sections stay, and collisions are reported", async () => {
    const home = await createSyncHome(HOSTILE, `[default]\nregion = mine\n${SESSION}`);
    const result = await home.run(["profiles", "sync", "--yes"]);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(listProfiles(home).toSorted()).toEqual(
      [
        "000000000004",
        "n".repeat(200),
        "quoted-0-title",
        "x-default-credential_process-bin-evil",
        "zurich-1",
      ].toSorted(),
    );
    expect(home.read(CONFIG).startsWith(`[default]\nregion = mine\n${SESSION}[profile `)).toBe(
      true,
    );
    expect(home.read(CONFIG)).not.toMatch(/^credential_process/m);
    expect(home.read(CONFIG)).toContain("sso_account_id = 000000000001\n");
    expect(result.stderr).toContain(
      "! default  would be used by every command that names no profile",
    );
    expect(result.stderr.match(/! same-name {2}several roles would have this name/g)).toHaveLength(
      2,
    );
    expect(result.stderr).not.toContain("\u001b");
    expect(await sync(home)).toMatchObject({
      add: [],
      applied: false,
      collisions: [{ profile: "default" }, { profile: "same-name" }, { profile: "same-name" }],
    });
  });

  test("that a template leaves unchanged, and that can't be a profile's name, are reported and not written", async () => {
    const home = await createSyncHome(HOSTILE);
    const value = await sync(home, "--template", "{account.name}");
    expect(value.add.map(({ profile }) => profile).toSorted()).toEqual(
      ["n".repeat(200), "same-name"].toSorted(),
    );
    expect(value.collisions).toHaveLength(6);
    expect(value.collisions[0]?.reason).toMatch(/\|slug|default/);
  });
});

describe("a config that is not a regular file", () => {
  const runWithin = async (
    make: (home: Home, file: string) => void,
  ): Promise<{ exitCode: number; seconds: number }> => {
    const home = await createSyncHome();
    const file = join(home.path, "odd");
    make(home, file);
    const started = Date.now();
    const { exitCode } = await home.run(["profiles", "sync", "--sso-session", "corp", "--yes"], {
      env: { AWS_CONFIG_FILE: file },
    });
    return { exitCode, seconds: (Date.now() - started) / 1000 };
  };

  test.each<[string, (home: Home, file: string) => void]>([
    ["a directory", (_, file) => mkdirSync(file)],
    ["a FIFO", (_, file) => execFileSync("mkfifo", [file])],
    ["a link that points to itself", (_, file) => symlinkSync("odd", file)],
    ["a template", (home) => home.write("odd", `{{ if x }}\n${SESSION}`)],
  ])("%s ends with exit 7 or 8, at once", async (kind, make) => {
    if (/FIFO|link/.test(kind)) leaveOutOnWindows("FIFOs and links");
    const { exitCode, seconds } = await runWithin(make);
    expect([7, 8]).toContain(exitCode);
    expect(seconds).toBeLessThan(10);
  });
});
