import { describe, expect, test } from "vitest";
import type { AccessDiffJson } from "../../src/commands/access/diff.ts";
import { createSignedInHome, expireTokenFile, CORP_TOKEN } from "../support/home.ts";
import {
  BEGAN,
  createOldHome,
  daysAgo,
  DEPLOY_GONE,
  formatDay,
  listHistories,
  OFFLINE,
  ORG,
  PAYMENTS,
  SEARCH,
  SEARCH_CAME,
  SEARCH_GONE,
  toSeconds,
  USER,
} from "../support/old-history.ts";
import { patience } from "../support/patience.ts";

/** What was added and removed, by the built program on a history with old dates. */

describe("access diff", { timeout: patience(120_000) }, () => {
  test(
    "lists again, and shows what was added and removed, by date, newest first",
    { tags: ["long"] },
    async () => {
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
    },
  );

  test("prints all of it as JSON", { tags: ["long"] }, async () => {
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

  test(
    "--cached uses the stored history, without a network, and --since narrows it",
    { tags: ["long"] },
    async () => {
      const home = await createOldHome();
      expireTokenFile(home, CORP_TOKEN);
      const runCached = (...words: readonly string[]) =>
        home.run(["access", "diff", "--cached", ...words], { env: OFFLINE });
      expect((await runCached("--since", "10d")).stdout).toBe(
        `${formatDay(SEARCH_GONE)}\n  - search (100000000002), the account is gone: Admin\n`,
      );
      expect(await runCached("--since", "2d")).toEqual({
        exitCode: 0,
        stdout: `Nothing changed in corp since ${formatDay(daysAgo(2))}.\n`,
        stderr: expect.stringMatching(/^Last listed \d{4}-\d\d-\d\d \d\d:\d\d \(4 d ago\)\.\n$/),
      });
      expect((await runCached("--since", "1y")).stderr).toContain(
        `The history began ${formatDay(BEGAN)}.`,
      );
    },
  );

  test("starts with the first listing, which is not a change", { tags: ["long"] }, async () => {
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

  test("reports an empty history", { tags: ["long"] }, async () => {
    const home = await createSignedInHome({ org: ORG });
    await home.run(["roles"]);
    for (const file of listHistories(home)) home.write(file, "{");
    expect(await home.run(["access", "diff", "--cached"], { env: OFFLINE })).toMatchObject({
      exitCode: 0,
      stdout:
        "There is no history of your roles in corp yet. It begins with the next listing of all roles.\n",
    });
  });

  test.each([
    ["mondy", 'takes a time in the past, but "mondy" is not one.'],
    ["2100-01-01", "is in the future."],
  ])("--since %s exits 2 with examples, before any request", async (since, words) => {
    const home = await createSignedInHome({ org: ORG });
    const { exitCode, stderr, stdout } = await home.run(["access", "diff", "--since", since]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(words);
    expect(stderr).toContain("hint: For example: --since monday, --since 3d, --since 'last week'");
    expect(home.emulator.journal.count("ListAccounts")).toBe(0);
  });

  test("exits 4 without a sign-in, also with --cached", { tags: ["long"] }, async () => {
    const home = await createOldHome();
    await home.run(["logout"]);
    for (const words of [[], ["--cached"]])
      expect(await home.run(["access", "diff", ...words])).toMatchObject({
        exitCode: 4,
        stdout: "",
        stderr: expect.stringContaining("hint: latchkey login --sso-session corp"),
      });
  });

  test(
    "asks STS once for an unknown user name, and gives the reason if STS can't tell",
    { tags: ["long"] },
    async () => {
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
    },
  );
});
