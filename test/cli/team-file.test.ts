import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, createSignedInHome, type Home } from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";

const TEAM = `# Our team's answers
[session]
name = corp
start_url = https://emu.awsapps.com/start
region = us-east-1
registration_scopes = sso:account:access

[profiles]
template = {account.slug}.{role|lower}
region = eu-west-1
output = json
filter = role:View*
filter = role:Billing
exclude = account:search   ; not ours

[set]
cli_history = enabled
`;
const ORG = {
  accounts: [
    {
      accountId: "100000000001",
      accountName: "payments",
      roles: ["ViewOnlyAccess", "Billing", "AdministratorAccess"],
    },
    { accountId: "100000000002", accountName: "search", roles: ["ViewOnlyAccess"] },
  ],
};
const CONFIG = ".aws/config";

function createTeamHome(team = TEAM): Promise<Home> {
  return createHome({ autoApprove: { afterPolls: 0 }, org: ORG }).then((home) => {
    home.write("team.ini", team);
    return home;
  });
}

const run = (home: Home, ...argv: string[]) => home.run(argv, { cwd: home.path });

describe("a team file", () => {
  test(
    "is enough for a new colleague: one command makes the session, signs in, and writes the profiles",
    { tags: ["long"] },
    async () => {
      const home = await createTeamHome();
      const session = startSession(home, [
        "profiles",
        "sync",
        "--from",
        "team.ini",
        "--no-browser",
      ]);
      await session.answer("Sign in to corp now? (Y/n)", "");
      await session.see("Sign in to corp (https://emu.awsapps.com/start)");
      await session.see("+ [sso-session corp]  https://emu.awsapps.com/start");
      await session.answer("Write them?", "y");
      await session.see("Done. latchkey profiles undo puts it back.");
      expect(await session.ended, session.readText()).toBe(0);
      const profileText = (role: string): string =>
        `[profile payments.${role.toLowerCase()}]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ${role}\nregion = eu-west-1\noutput = json\ncli_history = enabled\nlatchkey_managed = corp\n`;
      expect(home.read(CONFIG)).toBe(
        `${profileText("Billing")}${profileText("ViewOnlyAccess")}${SESSION_CONFIG.slice(SESSION_CONFIG.indexOf("[sso-session"))}`,
      );
      const again = await run(home, "profiles", "sync", "--from", "team.ini", "--yes");
      expect(again).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("Unchanged: 2 kept"),
      });
    },
  );

  test("is overridden by flags, and answers configure, too", { tags: ["long"] }, async () => {
    const home = await createSignedInHome({ org: ORG });
    home.write("team.ini", TEAM);
    home.write(CONFIG, "");
    const synced = await home.runJson<SyncJson>([
      "profiles",
      "sync",
      "--from",
      join(home.path, "team.ini"),
      "--yes",
      "--template",
      "{role}",
      "--filter",
      "account:search",
      "--exclude",
      "nothing",
      "--region",
      "us-east-1",
      "--set",
      "cli_history=disabled",
    ]);
    expect(synced.add).toMatchObject([{ profile: "ViewOnlyAccess", region: "us-east-1" }]);
    expect(home.read(CONFIG)).toContain("cli_history = disabled\n");
    const configured = await run(
      home,
      "configure",
      "--from",
      "team.ini",
      "--profile",
      "okta",
      "--account-id",
      "100000000001",
      "--role-name",
      "ViewOnlyAccess",
      "--yes",
    );
    expect(configured.exitCode, configured.stderr).toBe(0);
    expect(home.read(CONFIG)).toContain(
      "[profile okta]\nsso_session = corp\nsso_account_id = 100000000001\nsso_role_name = ViewOnlyAccess\nregion = eu-west-1\noutput = json\n",
    );
  });

  test(
    "never moves an existing session to another portal without --force",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: ORG });
      home.write(CONFIG, SESSION_CONFIG.replace("emu.awsapps", "mine.awsapps"));
      home.write("team.ini", TEAM);
      for (const command of [
        ["profiles", "sync"],
        ["configure", "--profile", "x", "--account-id", "100000000001", "--role-name", "R"],
      ]) {
        const result = await run(home, ...command, "--from", "team.ini", "--yes");
        expect(result).toMatchObject({ exitCode: 2 });
        expect(result.stderr).toContain("https://mine.awsapps.com/start");
      }
      expect(home.read(CONFIG)).toContain("mine.awsapps");
      expect(
        await run(home, "profiles", "sync", "--from", "team.ini", "--yes", "--force"),
      ).toMatchObject({ exitCode: 0 });
      expect(home.read(CONFIG)).toContain("sso_start_url = https://emu.awsapps.com/start\n");
    },
  );

  test("without a terminal and without a sign-in it gives the first command, and writes nothing", async () => {
    const home = await createTeamHome();
    const result = await run(home, "profiles", "sync", "--from", "team.ini", "--yes");
    expect(result).toMatchObject({ exitCode: 4 });
    expect(result.stderr).toContain(
      "latchkey configure session --sso-session corp --start-url https://emu.awsapps.com/start --sso-region us-east-1",
    );
    expect(home.exists(CONFIG)).toBe(false);
  });

  test("may quote a start URL with a # in it, and must", { tags: ["long"] }, async () => {
    const home = await createTeamHome(TEAM.replace("/start\n", "/start/#/\n"));
    expect(await run(home, "profiles", "sync", "--from", "team.ini", "--yes")).toMatchObject({
      exitCode: 7,
      stderr: expect.stringMatching(/line 4: .*start_url has a # or ; in it/),
    });
    home.write(
      "team.ini",
      TEAM.replace("https://emu.awsapps.com/start\n", '"https://emu.awsapps.com/start/#/"\n'),
    );
    const configured = await run(
      home,
      "configure",
      "--from",
      "team.ini",
      "--profile",
      "okta",
      "--account-id",
      "100000000001",
      "--role-name",
      "R",
      "--yes",
    );
    expect(configured.exitCode, configured.stderr).toBe(0);
    expect(home.read(CONFIG)).toContain("sso_start_url = https://emu.awsapps.com/start/#/\n");
  });
});

const replaceInTeam = (from: string, to: string): string => TEAM.replace(from, to);

describe("errors in a team file", () => {
  test.each([
    [
      "an unknown key",
      replaceInTeam("output = json", "outptu = json"),
      11,
      /"outptu".*\[profiles\]/,
    ],
    ["an unknown section", replaceInTeam("[set]", "[sets]"), 17, /"sets"/],
    ["a key before the first section", `name = x\n${TEAM}`, 1, /before the first section/],
    [
      "a program",
      replaceInTeam("cli_history = enabled", "credential_process = /bin/evil"),
      17,
      /can't set "credential_process"/,
    ],
    [
      "an endpoint",
      replaceInTeam("cli_history = enabled", "endpoint_url = https://evil.example"),
      17,
      /endpoint_url/,
    ],
    ["a pager", replaceInTeam("cli_history = enabled", "cli_pager = evil"), 17, /cli_pager/],
    [
      "a program in the session section",
      replaceInTeam("name = corp", "credential_process = /bin/evil"),
      3,
      /credential_process/,
    ],
    ["__proto__", replaceInTeam("name = corp", "__proto__ = x"), 3, /__proto__/],
    ["a key of the prototype", replaceInTeam("name = corp", "constructor = x"), 3, /constructor/],
    ["a section of the prototype", replaceInTeam("[set]", "[__proto__]"), 17, /__proto__/],
    [
      "a line break in a value",
      replaceInTeam("name = corp", 'name = "corp]\\n[default]\\nx = y"'),
      3,
      /line break, a control character or a bracket/,
    ],
    ["a bracket", replaceInTeam("cli_history = enabled", "cli_history = [default]"), 17, /bracket/],
    [
      "a control character",
      replaceInTeam("name = corp", "name = \u001b[0mcorp"),
      3,
      /control character/,
    ],
    [
      "an invalid start URL",
      replaceInTeam("https://emu", "http://emu"),
      4,
      /start_url is not an https URL/,
    ],
    ["an invalid region", replaceInTeam("us-east-1", "../evil"), 5, /region/],
    ["an invalid template", replaceInTeam("{account.slug}", "{account}"), 9, /template/],
    ["an invalid filter", replaceInTeam("role:View*", "tag:x"), 12, /filter/],
    [
      "a duplicate key",
      replaceInTeam("output = json", "output = json\noutput = text"),
      12,
      /twice/,
    ],
    [
      "a line without meaning",
      replaceInTeam("name = corp", "corp"),
      3,
      /neither a section nor a key/,
    ],
    ["a setting with a wrong value", replaceInTeam("enabled", "a b"), 17, /cli_history/],
  ])("%s exits 7 and names the line", async (_, team, line, words) => {
    const home = await createTeamHome(team);
    const result = await run(home, "profiles", "sync", "--from", "team.ini", "--yes");
    expect(result).toMatchObject({ exitCode: 7, stdout: "" });
    expect(result.stderr).toContain(`team.ini, line ${line}:`);
    expect(result.stderr).toMatch(words);
    expect(home.exists(CONFIG)).toBe(false);
  });

  test("a missing file exits 2 and names the flag", async () => {
    const home = await createHome();
    expect(await home.run(["profiles", "sync", "--from", "nowhere.ini"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("--from"),
    });
  });
});
