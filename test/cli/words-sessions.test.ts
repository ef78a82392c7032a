/** @module-tag long */
import { describe, expect, test } from "vitest";
import { CORP_TOKEN, createHome, parseOutput, type Home, type RunResult } from "../support/home.ts";
import { startSession } from "../support/pty.ts";
import { wordsConfig } from "../support/session-words.ts";
import { writeSignIn } from "../support/sign-in-files.ts";
import type { AccountJson } from "../../src/commands/accounts.ts";
import type { LoginAllJson, LoginJson } from "../../src/commands/login.ts";
import type { ProfileJson } from "../../src/commands/profiles.ts";
import type { RoleJson } from "../../src/commands/roles.ts";
import type { SessionStatusJson } from "../../src/commands/status.ts";

const ROLES = ["ViewOnlyAccess", "Billing"];
const ORG = {
  accounts: [
    {
      accountId: "100000000001",
      accountName: "ledger",
      emailAddress: "l@example.com",
      roles: ROLES,
    },
    {
      accountId: "100000000002",
      accountName: "search",
      emailAddress: "s@example.com",
      roles: ROLES,
    },
  ],
};

/** Signed in to "corp" only. */
async function createWordsHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, org: ORG });
  home.write(".aws/config", wordsConfig(home.emulator.startUrl));
  writeSignIn(home);
  return home;
}

const toLine = ({ exitCode, stderr }: RunResult): string => `${exitCode} ${stderr}`;

describe("login and status take a session or a profile as words", () => {
  test.each([
    ["a session", ["other"], "other"],
    ["a profile, for its session", ["ledger-billing"], "other"],
    ["a part of a session", ["oth"], "other"],
    ["a part of a profile", ["BILL"], "other"],
    ["several words of a profile", ["bill", "led"], "other"],
  ])("%s", async (_, words, session) => {
    const home = await createWordsHome();
    const [status] = parseOutput<SessionStatusJson[]>(
      await home.run(["status", ...words, "--json"]),
    );
    expect(status).toMatchObject({ session, state: "signed-out" });
    expect(await home.runJson<LoginJson>(["login", ...words, "--no-browser"])).toMatchObject({
      session,
      alreadySignedIn: false,
    });
    expect(await home.run(["status", ...words])).toMatchObject({ exitCode: 0 });
  });

  test("several matches are listed, and at a terminal asked for; a word without a match gets the nearest name", async () => {
    const home = await createWordsHome();
    for (const command of ["login", "status"]) {
      expect(toLine(await home.run([command, "ledger"]))).toBe(
        '2 latchkey: error: "ledger" fits 2 SSO sessions: corp, other.\nlatchkey: hint: Type more of the name that you mean.\n',
      );
      expect(toLine(await home.run([command, "crop"]))).toMatch(
        /^7 .*No SSO session or profile "crop" in .*\n.*nearest names: corp\n$/,
      );
    }
    const session = startSession(home, ["status", "ledger"]);
    await session.answer("SSO session", "corp");
    expect(await session.ended, session.readText()).toBe(0);
    expect(session.readText()).toMatch(/corp +signed in/);
  });

  test("a flag with the same value is accepted, and with another one refused; a variable is overridden", async () => {
    const home = await createWordsHome();
    for (const argv of [
      ["login", "corp", "--sso-session", "other"],
      ["login", "corp", "--session", "other"],
      ["login", "corp", "--profile", "ledger-billing"],
      ["login", "corp", "--start-url", "https://x.awsapps.com/start", "--sso-region", "us-east-1"],
      ["status", "search", "-p", "ledger-billing"],
      ["logout", "corp", "--sso-session", "other"],
      ["logout", "corp", "--all"],
      ["login", "corp", "--all"],
      ["login", "--all", "--session", "corp"],
    ])
      expect(toLine(await home.run(argv)), argv.join(" ")).toMatch(
        /^2 .*\n.*Give one of the two\.\n$/,
      );
    const env = { LATCHKEY_SSO_SESSION: "other", LATCHKEY_PROFILE: "nosuch" };
    for (const flags of [[], ["--session", "corp"], ["--profile", "search"]])
      expect(await home.runJson<LoginJson>(["login", "corp", ...flags], { env })).toMatchObject({
        session: "corp",
        alreadySignedIn: true,
      });
  });

  test("a pasted start URL selects the only session that has it", async () => {
    const home = await createWordsHome();
    const url = "https://lone.awsapps.com/start";
    home.write(
      ".aws/config",
      `${home.read(".aws/config")}\n[sso-session lone]\nsso_start_url = ${url}\nsso_region = us-east-1\n`,
    );
    expect(await home.run(["status", url, "--json"])).toMatchObject({
      exitCode: 4,
      stdout: expect.stringContaining('"session": "lone"'),
    });
    expect(toLine(await home.run(["status", url, "--session", "corp"]))).toMatch(/^2 /);
    expect(toLine(await home.run(["login", "https://new.awsapps.com/start"]))).toMatch(
      /^2 .*--start-url and --sso-region go together/,
    );
  });

  test("status accepts a profile by --profile", async () => {
    const home = await createWordsHome();
    expect(await home.runJson<SessionStatusJson[]>(["status", "-p", "search"])).toMatchObject([
      { session: "corp" },
    ]);
    expect(toLine(await home.run(["status", "-p", "sear"]))).toMatch(/^7 /);
  });
});

describe("logout", () => {
  test("takes a session, or a profile for its session, by full names only", async () => {
    const home = await createWordsHome();
    expect(toLine(await home.run(["logout", "sear"]))).toMatch(
      /^7 .*No SSO session or profile "sear"/,
    );
    expect(toLine(await home.run(["logout", "CORP"]))).toMatch(/^7 /);
    expect(home.exists(CORP_TOKEN)).toBe(true);
    expect(await home.run(["logout", "search"])).toMatchObject({ exitCode: 0 });
    expect(home.exists(CORP_TOKEN)).toBe(false);
    expect(toLine(await home.run(["logout", "corp"]))).toMatch(/^0 Not signed in to corp/);
  });
});

describe("login --all", () => {
  test("signs in to every session that needs it, and reports the others as signed in", async () => {
    const home = await createWordsHome();
    const { exitCode, stdout, stderr } = await home.run(["login", "--all", "--no-browser"]);
    expect([exitCode, stdout], stderr).toEqual([0, ""]);
    expect(stderr).toMatch(/^Already signed in to corp\./m);
    expect(stderr).toMatch(/^Signed in to other\.[^]*^Signed in to idle\./m);
    const { sessions } = await home.runJson<LoginAllJson>(["login", "--all"]);
    expect(sessions).toMatchObject(
      ["corp", "other", "idle"].map((session) => ({ session, alreadySignedIn: true })),
    );
  });

  test("continues after a failed session, and exits with the worst exit code", async () => {
    const home = await createWordsHome();
    home.write(
      ".aws/config",
      `[sso-session broken]\nsso_region = us-east-1\n${wordsConfig(home.emulator.startUrl).replace("sso_region = us-east-1", "sso_region = nowhere")}`,
    );
    const result = await home.run(["login", "--all", "--no-browser", "--json"]);
    expect(result.exitCode).toBe(7);
    expect(parseOutput<LoginAllJson>(result).sessions).toMatchObject([
      { session: "other", alreadySignedIn: false },
      { session: "idle", alreadySignedIn: false },
      { session: "broken", error: { code: "CONFIG_INVALID", hint: expect.any(String) } },
      { session: "corp", error: { code: "CONFIG_INVALID" } },
    ]);
    const text = await home.run(["login", "--all"]);
    expect(toLine(text)).toMatch(
      /^7 [^]*Already signed in to other[^]*Not signed in to broken: sso_start_url is missing/,
    );
  });

  test("reports a config without a session", async () => {
    const home = await createHome();
    expect(toLine(await home.run(["login", "--all"]))).toMatch(/^7 .*No SSO session in/);
  });
});

describe("lists", () => {
  const names = (rows: readonly AccountJson[]) => rows.map(({ accountName }) => accountName);

  test("accounts: a full name of a session or a profile selects the session, other words filter the accounts", async () => {
    const home = await createWordsHome();
    const list = (...words: string[]) => home.runJson<AccountJson[]>(["accounts", ...words]);
    expect(names(await list("corp"))).toEqual(["ledger", "search"]);
    expect(names(await list("search"))).toEqual(["ledger", "search"]);
    expect(names(await list("corp", "example", "S@"))).toEqual(["search"]);
    const env = { AWS_PROFILE: "search" };
    const narrow = (...words: string[]) =>
      home.runJson<AccountJson[]>(["accounts", ...words], { env });
    expect(names(await narrow("0001"))).toEqual(["ledger"]);
    expect(names(await narrow("EXAMPLE", "led"))).toEqual(["ledger"]);
    expect(names(await narrow("orp"))).toEqual(["ledger", "search"]);
    expect(toLine(await home.run(["accounts", "serach"], { env }))).toMatch(
      /^5 .*No account "serach".*\n.*nearest: search/,
    );
    expect(toLine(await home.run(["accounts", "corp", "--session", "other"]))).toMatch(/^2 /);
    expect(toLine(await home.run(["accounts", "other"]))).toMatch(/^4 .*"other"/);
  });

  test("roles: an account as before, otherwise a session or a profile", async () => {
    const home = await createWordsHome();
    const list = async (...words: string[]) =>
      (await home.runJson<RoleJson[]>(["roles", ...words])).map(
        ({ accountName, roleName }) => `${accountName} ${roleName}`,
      );
    const all = [
      "ledger Billing",
      "ledger ViewOnlyAccess",
      "search Billing",
      "search ViewOnlyAccess",
    ];
    expect(await list("corp")).toEqual(all);
    expect(await list("ledger-view")).toEqual(all);
    expect(await list("search")).toEqual(all.slice(2));
    expect(await list("led", "--session", "corp")).toEqual(all.slice(0, 2));
    expect(await list("corp", "--account-id", "100000000001")).toEqual(all.slice(0, 2));
    expect(toLine(await home.run(["roles", "nosuch", "--session", "corp"]))).toMatch(/^5 /);
    const env = { AWS_PROFILE: "ledger-billing" };
    expect((await home.run(["roles", "corp"], { env })).exitCode).toBe(0);
    expect((await home.run(["roles", "search"], { env })).exitCode).toBe(0);
    expect((await home.run(["roles", "100000000001"], { env })).exitCode).toBe(4);
  });

  test("profiles: words filter, list and ls are the list, and words without a match are an error", async () => {
    const home = await createWordsHome();
    const list = async (...words: string[]) =>
      (await home.runJson<ProfileJson[]>(["profiles", ...words])).map(({ profile }) => profile);
    expect(await list()).toEqual(["ledger-view", "ledger-billing", "search"]);
    expect(await list("list")).toEqual(await list());
    expect(await list("ls", "ledger")).toEqual(["ledger-view", "ledger-billing"]);
    expect(await list("view", "CORP")).toEqual(["ledger-view", "search"]);
    expect(await list("100000000002")).toEqual(["search"]);
    expect(toLine(await home.run(["profiles", "serach"]))).toMatch(
      /^7 .*No profile "serach" in .*\n.*nearest names: search\n$/,
    );
    const failed = await home.run(["profiles", "nosuch", "--json"]);
    expect(parseOutput(failed)).toMatchObject({ error: { code: "CONFIG_INVALID" } });
  });
});

describe("configure", () => {
  const answers = ["--account-id", "100000000002", "--role-name", "Billing", "--yes"];

  test("takes the profile's name as a word, exact and new, and rejects a flag with another name", async () => {
    const home = await createWordsHome();
    const run = (...words: string[]) =>
      home.run(["configure", ...words, "--session", "corp", ...answers]);
    expect(await run("sear")).toMatchObject({ exitCode: 0 });
    expect(home.read(".aws/config")).toContain("[profile sear]\n");
    expect(toLine(await run("one", "--profile", "two"))).toMatch(/^2 .*"one" and --profile two/);
    expect(await run("sso", "third")).toMatchObject({ exitCode: 0 });
    expect(home.read(".aws/config")).toContain("[profile third]\n");
  });

  test("session: takes the session's name as a word, before the variable", async () => {
    const home = await createWordsHome();
    const flags = [
      "--start-url",
      "https://x.awsapps.com/start",
      "--sso-region",
      "eu-west-1",
      "--yes",
    ];
    const env = { LATCHKEY_SSO_SESSION: "other" };
    const { exitCode, stderr } = await home.run(["configure", "session", "new", ...flags], { env });
    expect(exitCode, stderr).toBe(0);
    expect(home.read(".aws/config")).toContain("[sso-session new]\n");
    expect(
      toLine(await home.run(["configure", "session", "new", "--sso-session", "old", ...flags])),
    ).toMatch(/^2 /);
  });
});
