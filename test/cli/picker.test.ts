import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { CTRL_C, DOWN, ENTER, startSession, type Session } from "../support/pty.ts";
import { drawScreen, type Resize } from "../support/screen.ts";

const NAMES = [
  "billing-prod",
  "payments-prod",
  "payments-staging",
  "全角の名前-prod",
  "search-dev",
];
const ROLES = ["PowerUserAccess", "ViewOnlyAccess"];
const EXPECTED = ["payments-prod-poweruseraccess", "payments-prod", "PowerUserAccess"];

/** A profile for each account and role, with the account names stored. */
async function createPickerHome(): Promise<Home> {
  const accounts = NAMES.map((accountName, at) => ({
    accountId: `10000000000${at + 1}`,
    accountName,
    roles: ROLES,
  }));
  const home = await createHome({ autoApprove: { afterPolls: 0 }, org: { accounts } });
  home.write(".aws/config", SESSION_CONFIG);
  await home.run(["login", "--no-browser"]);
  await home.run(["accounts"]);
  const profiles = accounts.flatMap(({ accountId, accountName }) =>
    ROLES.map(
      (role) =>
        `[profile ${accountName}-${role.toLowerCase()}]\nsso_session = corp\nsso_account_id = ${accountId}\nsso_role_name = ${role}\nregion = eu-west-1\n`,
    ),
  );
  home.write(".aws/config", SESSION_CONFIG + profiles.join(""));
  return home;
}

/** A command that prints the chosen profile, and asks only for a profile. */
const PICKING = ["whoami", "--json"];

function startPicking(home: Home, columns = 80): Session {
  return startSession(home, PICKING, columns);
}

describe("the picker", () => {
  test(
    "keeps the typed text as one filter while the selection moves",
    { tags: ["long"] },
    async () => {
      const home = await createPickerHome();
      const session = startPicking(home);
      await session.see("11 of 11");
      session.type("pay");
      await session.see("6 of 11");
      session.type(DOWN);
      session.type("pow");
      await session.see("paypow");
      await session.see(/>  payments-prod-poweruseraccess/);
      session.type(ENTER);
      expect(await session.ended, session.readText()).toBe(0);
      expect(session.readText()).toContain('"profile": "payments-prod-poweruseraccess"');
    },
  );

  test.each([80, 40])(
    "at %i columns shows account and role, as much of the rest as fits, and never wraps",
    { tags: ["long"] },
    async (columns) => {
      const home = await createPickerHome();
      const session = startPicking(home, columns);
      await session.see("11 of 11");
      session.type("prod pow pay");
      await session.see("Profile prod pow pay");
      await session.see("of 11");
      const { lines, isWrapped } = await drawScreen(session.readRaw(), columns);
      expect(isWrapped).toBe(false);
      expect(lines[0]).toBe("? Profile prod pow pay");
      const row = lines.find((line) => line.startsWith(">")) ?? "";
      expect(row).toMatch(/payments-prod +PowerUserAccess/);
      for (const line of lines) expect(line.length).toBeLessThan(columns);
      // The columns that did not fit are shown below, for the selected row.
      const all = lines.join("\n");
      for (const cell of EXPECTED) expect(all).toContain(cell);
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
    },
  );

  test("fits wide characters", { tags: ["long"] }, async () => {
    const home = await createPickerHome();
    const session = startPicking(home, 40);
    await session.see("11 of 11");
    session.type("全角");
    await session.see("2 of 11");
    const { lines, isWrapped } = await drawScreen(session.readRaw(), 40);
    expect(isWrapped).toBe(false);
    expect(lines.filter((line) => /全角の名前-prod +\S+Access$/.test(line))).toHaveLength(2);
    session.type(CTRL_C);
    await session.ended;
  });

  test(
    "is redrawn when the terminal becomes narrower, and when it becomes wider",
    { tags: ["long"] },
    async () => {
      const home = await createPickerHome();
      const session = startPicking(home, 80);
      await session.see("11 of 11");
      const resizes: Resize[] = [];
      for (const columns of [40, 100]) {
        const at = session.readRaw().length;
        resizes.push({ at, columns });
        session.resize(columns, 30);
        // The screen is cleared first, then drawn.
        await expect
          .poll(() => session.readRaw().slice(at), { timeout: patience(10_000) })
          .toMatch(/\u001b\[2J[^]*11 of 11/);
        const { lines } = await drawScreen(session.readRaw(), 80, resizes);
        expect(lines.filter((line) => line.includes("11 of 11"))).toHaveLength(1);
        expect(lines.filter((line) => line.startsWith("? Profile"))).toHaveLength(1);
        for (const line of lines) expect(line.length, lines.join("\n")).toBeLessThan(columns);
      }
      session.type(CTRL_C);
      await session.ended;
    },
  );

  test(
    "reports that nothing matches; Enter does nothing then, and the typed text can be deleted",
    { tags: ["long"] },
    async () => {
      const home = await createPickerHome();
      const session = startPicking(home);
      await session.see("type to narrow");
      session.type("zzz");
      await session.see("nothing fits");
      await session.see("0 of 11");
      session.type(`${ENTER}\u0015`);
      await session.see("11 of 11");
      expect(session.readText().match(/type to narrow/g)?.length ?? 0).toBeLessThanOrEqual(2);
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
    },
  );

  test("leaves nothing on the screen", { tags: ["long"] }, async () => {
    const home = await createPickerHome();
    const session = startPicking(home);
    await session.see("11 of 11");
    session.type(CTRL_C);
    await session.ended;
    const { lines } = await drawScreen(session.readRaw(), 80);
    expect(lines[0]).toBe("{");
    expect(lines.join("\n")).not.toContain("Profile");
  });
});
