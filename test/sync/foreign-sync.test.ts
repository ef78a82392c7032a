import { describe, expect, test } from "vitest";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { createSignedInHome, type Home } from "../support/home.ts";
import { FOREIGN_ROLES } from "./foreign-roles.ts";

/** Role names from AWS are untrusted. Invalid ones are shown but never written, and the others are synced. */

const SESSION = `[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

async function createHome(roles: readonly string[]): Promise<Home> {
  const accounts = [{ accountId: "100000000001", accountName: "payments", roles: [...roles] }];
  const home = await createSignedInHome({ org: { accounts } });
  home.write(".aws/config", SESSION);
  return home;
}

describe.each(["sso-session", "legacy", "credential-process"])("the form %s", (form) => {
  test(
    "gets a profile for every role with a valid name and for no other",
    { tags: ["long"] },
    async () => {
      const home = await createHome([...FOREIGN_ROLES, "ViewOnlyAccess", "A+B=C,D.E@F-G_h"]);
      const synced = await home.runJson<SyncJson>(["profiles", "sync", "--form", form, "--yes"]);
      expect(synced.applied).toBe(true);
      expect(synced.add.map(({ roleName }) => roleName).toSorted()).toEqual([
        "A+B=C,D.E@F-G_h",
        "ViewOnlyAccess",
      ]);
      expect(synced.collisions.map(({ roleName }) => roleName).toSorted()).toEqual(
        FOREIGN_ROLES.toSorted(),
      );
      for (const { reason } of synced.collisions) expect(reason).toContain("AWS does not allow");
      const config = home.read(".aws/config");
      for (const name of FOREIGN_ROLES) expect(config).not.toContain(name);
      expect(config).not.toMatch(/FILE|evil/);
      expect(home.exists("FILE")).toBe(false);
    },
  );
});

test("the plan shows a role name that AWS does not allow after an exclamation mark", async () => {
  const home = await createHome(["z|>FILE", "ViewOnlyAccess"]);
  const { stderr, exitCode } = await home.run(["profiles", "sync", "--yes"]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("! payments-z-file  has a role name that AWS does not allow");
  expect(stderr).toContain("(z|>FILE in payments");
});

test(
  "two roles of one account that differ only in a character that short names drop both become profiles",
  { tags: ["long"] },
  async () => {
    const home = await createHome(["A+B=C", "A+B-C"]);
    const { add, collisions } = await home.runJson<SyncJson>(["profiles", "sync", "--yes"]);
    expect(add.map(({ roleName }) => roleName).toSorted()).toEqual(["A+B-C", "A+B=C"]);
    expect(collisions).toEqual([]);
  },
);
