import { describe, expect, test } from "vitest";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { createSignedInHome, type Home } from "../support/home.ts";
import { FOREIGN_ROLES } from "./foreign-roles.ts";

/** Names that the service lists are data: what AWS does not allow is shown and never written, and the others go on. */

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
    "has no role whose name AWS does not allow, and every other",
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

test("a role's name that AWS does not allow stands in the plan behind an exclamation mark", async () => {
  const home = await createHome(["z|>FILE", "ViewOnlyAccess"]);
  const { stderr, exitCode } = await home.run(["profiles", "sync", "--yes"]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("! payments-z-file  has a role name that AWS does not allow");
  expect(stderr).toContain("(z|>FILE in payments");
});

test(
  "roles of one account that differ in a character which their short names lose both become profiles",
  { tags: ["long"] },
  async () => {
    const home = await createHome(["A+B=C", "A+B-C"]);
    const { add, collisions } = await home.runJson<SyncJson>(["profiles", "sync", "--yes"]);
    expect(add.map(({ roleName }) => roleName).toSorted()).toEqual(["A+B-C", "A+B=C"]);
    expect(collisions).toEqual([]);
  },
);
