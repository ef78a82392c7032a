import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { CTRL_C, startSession } from "../support/pty.ts";
import { drawScreen } from "../support/screen.ts";

const ACCOUNTS = Array.from({ length: 40 }, (_, at) => ({
  accountId: String(200_000_000_000 + at),
  accountName: `account-${at}`,
  roles: ["Admin", "View"],
}));

/** Signed in, and nothing is listed yet. */
async function createUnlistedHome(): Promise<Home> {
  const home = await createHome({ autoApprove: { afterPolls: 0 }, org: { accounts: ACCOUNTS } });
  home.write(".aws/config", SESSION_CONFIG);
  await home.run(["login", "--no-browser"]);
  return home;
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("the picker during a listing that takes too long", () => {
  test(
    "opens with the rows so far, and later output does not overwrite it",
    { tags: ["long"] },
    async () => {
      const home = await createUnlistedHome();
      home.emulator.turn("setFault", { route: "ListAccountRoles", delayMs: 2_500 });
      const session = startSession(home, ["whoami"]);
      await session.see(/\d+ of 40 accounts are listed; the next listing continues from there/);
      await session.see("type to narrow");
      await sleep(3_000);
      session.type("account");
      await session.see("Profile account");
      const { lines } = await drawScreen(session.readRaw(), 80);
      expect(lines.join("\n")).not.toContain("listedAt");
      // How many of them arrive within the limit depends on the machine.
      expect(lines.filter((line) => /account-\d+ +(Admin|View)/.test(line))).not.toEqual([]);
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
    },
  );

  test(
    "names the session whose roles are missing if there are no rows, and shows them the next time",
    { tags: ["long"] },
    async () => {
      const home = await createUnlistedHome();
      home.emulator.turn("setFault", { route: "ListAccounts", delayMs: 9_000 });
      const startedAt = Date.now();
      const session = startSession(home, ["whoami"]);
      await session.see(
        "the roles of corp are not listed: the service took longer than 6 seconds.",
      );
      await session.see("1 of 1");
      expect(Date.now() - startedAt).toBeLessThan(8_900);
      home.emulator.turn("clearFaults", {});
      // ^R lists again.
      session.type("\u0012");
      await session.see("81 of 81");
      session.type(CTRL_C);
      expect(await session.ended).toBe(130);
    },
  );

  test("keeps its rows if a new listing fails", { tags: ["long"] }, async () => {
    const home = await createUnlistedHome();
    await home.run(["roles"]);
    home.emulator.turn("setFault", { route: "ListAccountRoles", status: 401 });
    const session = startSession(home, ["whoami"]);
    await session.see("81 of 81");
    await session.see("^S favourite · ^R refresh");
    session.type("\u0012");
    await session.see(/the roles of corp are not listed: .*no longer accepted/);
    await session.see("81 of 81");
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
  });
});
