import { describe, expect, test } from "vitest";
import type { AccessDiffJson } from "../../src/commands/access/diff.ts";
import type { LogoutJson } from "../../src/commands/logout.ts";
import { createSignedInHome, expireTokenFile, CORP_TOKEN, type Home } from "../support/home.ts";
import { patience } from "../support/patience.ts";

/** What came and went, by the built program on a history with old dates. */

const USER = "okta.user@example.com";
const SOMEBODY_ELSE = "somebody.else@example.com";
const DIRECTORY = ".aws/latchkey/access-history/ee0bfd2552fbd840c02cc48b6e823320543c450f";
const PAYMENTS = { accountId: "100000000001", accountName: "payments" };
const SEARCH = { accountId: "100000000002", accountName: "search" };
const ORG = { accounts: [{ ...PAYMENTS, roles: ["Deploy", "ViewOnlyAccess"] }] };
/** Nothing listens there. */
const OFFLINE = {
  AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:9",
  AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:9",
  AWS_ENDPOINT_URL_STS: "http://127.0.0.1:9",
};

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 24 * 60 * 60 * 1000).toISOString();
}

function toSeconds(instant: string): string {
  return instant.replace(/\.\d+Z$/, "Z");
}

/** As people read it. */
function formatDay(instant: string): string {
  const date = new Date(instant);
  const month = date.toLocaleString("en", { month: "long" });
  const year = date.getFullYear() === new Date().getFullYear() ? "" : ` ${date.getFullYear()}`;
  return `${date.getDate()} ${month}${year}`;
}

interface Kept {
  readonly spans: readonly object[];
  readonly favourites: readonly object[];
}

const [BEGAN, DEPLOY_GONE, SEARCH_CAME, SEARCH_GONE, LISTED] = [
  daysAgo(60),
  daysAgo(20),
  daysAgo(12),
  daysAgo(5),
  daysAgo(4),
] as const;

/** The history that listings of two months have left: Deploy went, an account came and went. */
async function createOldHome(): Promise<Home> {
  const home = await createSignedInHome({ org: ORG });
  expect(await home.run(["roles"])).toMatchObject({ exitCode: 0 });
  home.emulator.unassign(PAYMENTS.accountId, "Deploy");
  const [file = ""] = listHistories(home);
  const kept = home.readJson<Kept>(file);
  const spans = [
    { ...PAYMENTS, roleName: "ViewOnlyAccess", firstSeen: BEGAN, lastSeen: LISTED },
    {
      ...PAYMENTS,
      roleName: "Deploy",
      firstSeen: BEGAN,
      lastSeen: daysAgo(25),
      goneAt: DEPLOY_GONE,
    },
    {
      ...SEARCH,
      roleName: "Admin",
      firstSeen: SEARCH_CAME,
      lastSeen: daysAgo(6),
      goneAt: SEARCH_GONE,
    },
  ];
  home.write(file, JSON.stringify({ ...kept, beganAt: BEGAN, listedAt: LISTED, spans }));
  return home;
}

function listHistories(home: Home): string[] {
  return home.list(DIRECTORY).map((name) => `${DIRECTORY}/${name}`);
}

async function loginAs(home: Home, username: string): Promise<void> {
  home.emulator.turn("identity", { username });
  const login = await home.run(["login", "--force", "--no-browser"]);
  expect(login, login.stderr).toMatchObject({ exitCode: 0 });
}

describe("access diff", { timeout: patience(120_000) }, () => {
  test("lists anew, and says what came and went, by date, newest first", async () => {
    const home = await createOldHome();
    home.emulator.assign(PAYMENTS.accountId, "Billing");
    const { stdout, stderr, exitCode } = await home.run(["access", "diff"]);
    expect({ stdout, exitCode }).toEqual({
      exitCode: 0,
      stdout: [
        formatDay(daysAgo(0)),
        "  + payments (100000000001): Billing",
        "",
        formatDay(SEARCH_GONE),
        "  - search (100000000002), the account is gone: Admin",
        "",
        formatDay(SEARCH_CAME),
        "  + search (100000000002), a new account: Admin",
        "",
        formatDay(DEPLOY_GONE),
        "  - payments (100000000001): Deploy",
        "",
      ].join("\n"),
    });
    expect(stderr).toMatch(/^Last listed \d\d:\d\d \(\d+ s ago\)\.\n$/);
  });

  test("has it all as JSON", async () => {
    const home = await createOldHome();
    const diff = await home.runJson<AccessDiffJson>(["access", "diff", "corp", "--since", "3w"]);
    expect(diff).toEqual({
      session: "corp",
      userName: USER,
      since: expect.stringMatching(/Z$/),
      listedAt: expect.stringMatching(/Z$/),
      accounts: {
        came: [{ ...SEARCH, at: toSeconds(SEARCH_CAME) }],
        went: [{ ...SEARCH, at: toSeconds(SEARCH_GONE), lastSeenAt: expect.any(String) }],
      },
      roles: {
        came: [{ ...SEARCH, roleName: "Admin", at: toSeconds(SEARCH_CAME) }],
        went: [
          {
            ...SEARCH,
            roleName: "Admin",
            at: toSeconds(SEARCH_GONE),
            lastSeenAt: expect.any(String),
          },
          {
            ...PAYMENTS,
            roleName: "Deploy",
            at: toSeconds(DEPLOY_GONE),
            lastSeenAt: expect.any(String),
          },
        ],
      },
    });
    const names = ["access", "diff", "--query", "roles.went[].roleName", "--output", "text"];
    expect((await home.run(names)).stdout).toBe("Admin\tDeploy\n");
  });

  test("--cached goes by what is kept, without a network, and --since narrows it", async () => {
    const home = await createOldHome();
    expireTokenFile(home, CORP_TOKEN);
    const cached = (...words: readonly string[]) =>
      home.run(["access", "diff", "--cached", ...words], { env: OFFLINE });
    expect((await cached("--since", "10d")).stdout).toBe(
      `${formatDay(SEARCH_GONE)}\n  - search (100000000002), the account is gone: Admin\n`,
    );
    expect(await cached("--since", "2d")).toEqual({
      exitCode: 0,
      stdout: `Nothing came or went in corp since ${formatDay(daysAgo(2))}.\n`,
      stderr: expect.stringMatching(/^Last listed \d{4}-\d\d-\d\d \d\d:\d\d \(4 d ago\)\.\n$/),
    });
    expect((await cached("--since", "1y")).stderr).toContain(
      `The history began ${formatDay(BEGAN)}.`,
    );
  });

  test("begins with the first listing, which is no change", async () => {
    const home = await createSignedInHome({ org: ORG });
    const first = await home.run(["access", "diff"]);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/^The history of your roles in corp begins with the listing of /);
    home.emulator.assign(SEARCH.accountId, "Admin", SEARCH.accountName);
    expect((await home.run(["access", "diff"])).stdout).toContain(
      "  + search (100000000002), a new account: Admin\n",
    );
    expect((await home.runJson<AccessDiffJson>(["access", "diff"])).roles.came).toHaveLength(1);
  });

  test("with nothing kept says so", async () => {
    const home = await createSignedInHome({ org: ORG });
    await home.run(["roles"]);
    for (const file of listHistories(home)) home.write(file, "{");
    expect(await home.run(["access", "diff", "--cached"], { env: OFFLINE })).toMatchObject({
      exitCode: 0,
      stdout:
        "No history of your roles in corp is kept yet. It begins with the next listing of all roles.\n",
    });
  });

  test.each([
    ["mondy", 'takes a time in the past, and "mondy" is none.'],
    ["2100-01-01", "lies in the future."],
  ])("--since %s exits 2 with examples, before anything is asked", async (since, words) => {
    const home = await createSignedInHome({ org: ORG });
    const { exitCode, stderr, stdout } = await home.run(["access", "diff", "--since", since]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toContain("hint: For example: --since monday, --since 3d, --since 'last week'");
    expect(home.emulator.journal.count("ListAccounts")).toBe(0);
  });

  test("without a sign-in exits 4, also with --cached", async () => {
    const home = await createOldHome();
    await home.run(["logout"]);
    for (const words of [[], ["--cached"]])
      expect(await home.run(["access", "diff", ...words])).toMatchObject({
        exitCode: 4,
        stdout: "",
        stderr: expect.stringContaining("hint: latchkey login --sso-session corp"),
      });
  });

  test("asks STS once for the name where it is not known, and says why it can't be learnt", async () => {
    const home = await createSignedInHome({ org: ORG });
    home.emulator.setFault({ route: "GetCallerIdentity", status: 403 });
    await home.run(["roles"]);
    expect(listHistories(home)).toEqual([]);
    const refused = await home.run(["access", "diff", "--cached"]);
    expect(refused).toMatchObject({ exitCode: 5, stdout: "" });
    home.emulator.clearFaults();
    home.emulator.journal.clear();
    for (let time = 0; time < 2; time += 1)
      expect(await home.run(["access", "diff", "--cached"])).toMatchObject({ exitCode: 0 });
    expect(home.emulator.journal.count("GetCallerIdentity")).toBe(1);
    expect(home.emulator.journal.count("ListAccounts")).toBe(0);
    expect(listHistories(home)).toHaveLength(1);
  });
});

describe("the history", { timeout: patience(120_000) }, () => {
  test("is shown to its user alone: somebody else sees nothing of it, and it is there again for the first", async () => {
    const home = await createOldHome();
    await loginAs(home, SOMEBODY_ELSE);
    for (const words of [["--json"], ["--cached", "--json"], [], ["--cached"]]) {
      const { stdout, stderr, exitCode } = await home.run(["access", "diff", ...words]);
      expect(exitCode, stderr).toBe(0);
      expect(stdout + stderr).not.toMatch(/Deploy|search|okta\.user/);
    }
    const refused = await home.run([
      "exec",
      "--account-id",
      PAYMENTS.accountId,
      "--role-name",
      "Deploy",
      "--sso-session",
      "corp",
      "--",
      "true",
    ]);
    expect(refused.stderr).not.toContain("You had");
    await loginAs(home, USER);
    const { roles } = await home.runJson<AccessDiffJson>(["access", "diff"]);
    expect(roles.went.map(({ roleName }) => roleName)).toEqual(["Admin", "Deploy"]);
    expect(listHistories(home)).toHaveLength(2);
  });

  test("outlives logins and a logout, which names none of it; logout --forget ends it", async () => {
    const home = await createOldHome();
    const [file = ""] = listHistories(home);
    await loginAs(home, USER);
    const kept = await home.runJson<LogoutJson>(["logout"]);
    expect(kept.sessions.flatMap(({ removed }) => removed).join("\n")).not.toContain(
      "access-history",
    );
    expect(listHistories(home)).toEqual([file]);
    await loginAs(home, USER);
    expect((await home.run(["access", "diff"])).stdout).toContain("Deploy");
    const forgotten = await home.runJson<LogoutJson>(["logout", "--forget"]);
    expect(forgotten.sessions[0]?.removed).toContain(`${home.path}/${file}`);
    expect(home.exists(DIRECTORY)).toBe(false);
  });

  test("logout --all --forget ends that of every session, also of those that the config no longer has", async () => {
    const home = await createOldHome();
    const [file = ""] = listHistories(home);
    home.write(".aws/config", "");
    expect(await home.run(["logout", "--all"])).toMatchObject({ exitCode: 0 });
    expect(listHistories(home)).toEqual([file]);
    const { sessions } = await home.runJson<LogoutJson>(["logout", "--all", "--forget"]);
    expect(sessions.flatMap(({ removed }) => removed)).toContain(`${home.path}/${file}`);
    expect(home.exists(".aws/latchkey/access-history")).toBe(false);
  });

  test("is written by profiles sync, and by whoami for what was listed before", async () => {
    const home = await createSignedInHome({ org: ORG });
    expect(await home.run(["profiles", "sync", "--yes"])).toMatchObject({ exitCode: 0 });
    expect(listHistories(home)).toHaveLength(1);
    await loginAs(home, SOMEBODY_ELSE);
    home.emulator.setFault({ route: "GetCallerIdentity", status: 403, times: 1 });
    expect(await home.run(["roles"])).toMatchObject({ exitCode: 0 });
    expect(listHistories(home)).toHaveLength(1);
    expect(await home.run(["whoami", "okta"])).toMatchObject({ exitCode: 0 });
    expect(listHistories(home)).toHaveLength(2);
  });
});

test("a refusal says until when the role was held, to who held it", async () => {
  const home = await createOldHome();
  home.write(
    ".aws/config",
    home.read(".aws/config").replace("sso_role_name = ViewOnlyAccess", "sso_role_name = Deploy"),
  );
  const { stderr, exitCode } = await home.run(["exec", "okta", "--", "true"]);
  expect(exitCode).toBe(5);
  expect(stderr).toContain(
    `The role Deploy in 100000000001 (payments) is not assigned to you. You had Deploy there until ${formatDay(daysAgo(25))}.\n`,
  );
});
