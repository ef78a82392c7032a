import { describe, expect, test } from "vitest";
import type { AccessDiffJson } from "../../src/commands/access/diff.ts";
import type { LogoutJson } from "../../src/commands/logout.ts";
import { createSignedInHome } from "../support/home.ts";
import {
  createOldHome,
  daysAgo,
  formatDay,
  HISTORY_DIRECTORY,
  listHistories,
  loginAs,
  ORG,
  PAYMENTS,
  SOMEBODY_ELSE,
  USER,
} from "../support/old-history.ts";
import { patience } from "../support/patience.ts";
import { join } from "node:path";

/** Who may see the history, and when it is removed, by the built program. */

describe("the history", { timeout: patience(120_000) }, () => {
  test(
    "is shown to its user only: another user sees none of it, and the first user sees it again",
    { tags: ["long"] },
    async () => {
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
    },
  );

  test(
    "survives logins and a logout, which prints none of it; logout --forget removes it",
    { tags: ["long"] },
    async () => {
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
      expect(forgotten.sessions[0]?.removed).toContain(join(home.path, file));
      expect(home.exists(HISTORY_DIRECTORY)).toBe(false);
    },
  );

  test("loses nothing if several programs write at once", { tags: ["long"] }, async () => {
    const home = await createOldHome();
    home.emulator.assign(PAYMENTS.accountId, "Billing");
    const all = await Promise.all([
      home.run(["roles"]),
      home.run(["favourite", "payments/ViewOnlyAccess"]),
      home.run(["access", "diff"]),
      home.run(["favourite", "okta"]),
    ]);
    expect(all.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(await home.runJson(["favourite"])).toHaveLength(1);
    const { roles } = await home.runJson<AccessDiffJson>(["access", "diff", "--cached"]);
    expect(roles.came.map(({ roleName }) => roleName)).toEqual(["Billing", "Admin"]);
    expect(roles.went.map(({ roleName }) => roleName)).toEqual(["Admin", "Deploy"]);
  });

  test(
    "is not shown to a user without roles, since AWS can't tell whose it is",
    { tags: ["long"] },
    async () => {
      const home = await createOldHome();
      await loginAs(home, USER);
      home.emulator.setOrg({ accounts: [] });
      const result = await home.run(["access", "diff"]);
      expect(result).toMatchObject({ exitCode: 5, stdout: "" });
      expect(result.stderr).toContain("only for a role, and no role was found.");
      expect(result.stderr).not.toMatch(/Deploy|search/);
    },
  );

  test(
    "is available after a login before any listing: STS is asked through one of its roles",
    { tags: ["long"] },
    async () => {
      const home = await createOldHome();
      await loginAs(home, USER);
      home.emulator.journal.clear();
      expect((await home.run(["access", "diff", "--cached"])).stdout).toContain("Deploy");
      await loginAs(home, SOMEBODY_ELSE);
      const theirs = await home.run(["access", "diff", "--cached"]);
      expect(theirs.stdout).toMatch(/^There is no history of your roles in corp yet\./);
      expect(home.emulator.journal.count("ListAccounts")).toBe(0);
      expect(home.emulator.journal.count("GetCallerIdentity")).toBe(2);
    },
  );

  test(
    "is removed by logout --all --forget for every session, even one that the config no longer has",
    { tags: ["long"] },
    async () => {
      const home = await createOldHome();
      const [file = ""] = listHistories(home);
      home.write(".aws/config", "");
      expect(await home.run(["logout", "--all"])).toMatchObject({ exitCode: 0 });
      expect(listHistories(home)).toEqual([file]);
      const { sessions } = await home.runJson<LogoutJson>(["logout", "--all", "--forget"]);
      expect(sessions.flatMap(({ removed }) => removed)).toContain(join(home.path, file));
      expect(home.exists(".aws/latchkey/access-history")).toBe(false);
    },
  );

  test(
    "is written by profiles sync, and by whoami for an earlier listing",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: ORG });
      expect(await home.run(["profiles", "sync", "--yes"])).toMatchObject({ exitCode: 0 });
      expect(listHistories(home)).toHaveLength(1);
      await loginAs(home, SOMEBODY_ELSE);
      home.emulator.setFault({ route: "GetCallerIdentity", status: 403, times: 1 });
      expect(await home.run(["roles"])).toMatchObject({ exitCode: 0 });
      expect(listHistories(home)).toHaveLength(1);
      expect(await home.run(["whoami", "okta"])).toMatchObject({ exitCode: 0 });
      expect(listHistories(home)).toHaveLength(2);
    },
  );
});

test("a refusal tells a former holder of the role when it ended", { tags: ["long"] }, async () => {
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
