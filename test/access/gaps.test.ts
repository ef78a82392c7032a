import { expect, test } from "vitest";
import type { Route } from "../../src/emulator/routes.ts";
import { giveProgram } from "../support/home.ts";
import { CONFIG, createFullHome, readListings } from "./full-home.ts";

/** What an incomplete listing reports, and what must not follow from it. */

test.each<[string, Route, unknown]>([
  [
    "an account",
    "ListAccounts",
    { accountList: [{ accountId: "100000000001", accountName: "payments" }, { accountId: 5 }] },
  ],
  ["a role", "ListAccountRoles", { roleList: [{ roleName: "ViewOnlyAccess" }, null] }],
])(
  "%s that can't be read is left out and reported; the others are listed, and nothing is pruned or stored",
  { tags: ["long"] },
  async (_, route, body) => {
    const { home: emulated } = await createFullHome();
    const home = giveProgram(emulated);
    const [config, kept] = [home.read(CONFIG), readListings(home)];
    home.emulator.setFault({ route, status: 200, body });
    const listed = await home.run(["roles", "--csv"]);
    expect(listed.exitCode).toBe(0);
    expect(listed.stdout).toContain("100000000001,payments,ViewOnlyAccess");
    expect(listed.stderr).toContain("the service's answer was incomplete");
    const synced = await home.run(["profiles", "sync", "--prune", "--force", "--yes"]);
    expect(synced).toMatchObject({ exitCode: 0 });
    expect(synced.stderr).toContain("the service's answer was incomplete");
    expect(home.read(CONFIG)).toBe(config);
    expect(readListings(home)).toEqual(kept);
  },
);

test(
  "an account whose roles are refused loses no profile, and the incomplete listing is not stored",
  { tags: ["long"] },
  async () => {
    const { home: emulated } = await createFullHome();
    const home = giveProgram(emulated);
    const [config, kept] = [home.read(CONFIG), readListings(home)];
    home.emulator.setFault({
      route: "ListAccountRoles",
      match: { accountId: "100000000002" },
      status: 403,
    });
    const synced = await home.run(["profiles", "sync", "--prune", "--force", "--yes"]);
    expect(synced).toMatchObject({ exitCode: 0 });
    expect(home.read(CONFIG)).toBe(config);
    expect(readListings(home)).toEqual(kept);
  },
);
