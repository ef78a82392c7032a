import { describe, expect, test } from "vitest";
import type { FavouriteJson } from "../../src/commands/favourite.ts";
import { createSignedInHome, type Home } from "../support/home.ts";
import { loginAs, PAYMENTS, SEARCH, SOMEBODY_ELSE, USER } from "../support/old-history.ts";
import { patience } from "../support/patience.ts";

const ORG = {
  accounts: [
    { ...PAYMENTS, roles: ["Deploy", "ViewOnlyAccess"] },
    { ...SEARCH, roles: ["Admin"] },
  ],
};

async function listNames(home: Home, command = "favourite"): Promise<string[]> {
  const favourites = await home.runJson<FavouriteJson[]>([command]);
  return favourites.map(({ accountName, roleName }) => `${accountName}/${roleName}`);
}

describe("favourite", { timeout: patience(120_000) }, () => {
  test(
    "marks a role by ACCOUNT/ROLE, by parts of both, by a profile or by its flags, and lists them in that order",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: ORG });
      expect(await home.run(["favourite", "search/Admin"])).toMatchObject({
        exitCode: 0,
        stdout: "",
        stderr: "search/Admin in corp is a favourite.\n",
      });
      const byProfile = await home.run(["favourite", "okta"]);
      expect(byProfile.stderr).toBe("payments/ViewOnlyAccess in corp is a favourite.\n");
      expect(await home.run(["favourite", "payments", "depl"])).toMatchObject({ exitCode: 0 });
      const flags = [
        "--account-id",
        SEARCH.accountId,
        "--role-name",
        "Admin",
        "--sso-session",
        "corp",
      ];
      expect(await home.run(["favourite", ...flags])).toMatchObject({ exitCode: 0 });
      const wanted = ["payments/ViewOnlyAccess", "payments/Deploy", "search/Admin"];
      expect(await listNames(home)).toEqual(wanted);
      expect(await listNames(home, "favorite")).toEqual(wanted);
      const { stdout } = await home.run(["favourite"]);
      expect(stdout).toMatch(
        /^ACCOUNT +NAME +ROLE +SESSION\n100000000001 +payments +ViewOnlyAccess +corp\n/,
      );
    },
  );

  test("--remove removes the mark, also of a role that is gone", { tags: ["long"] }, async () => {
    const home = await createSignedInHome({ org: ORG });
    for (const role of ["payments/Deploy", "search/Admin", "okta"])
      await home.run(["favourite", role]);
    expect(await home.run(["favourite", "okta", "--remove"])).toMatchObject({
      exitCode: 0,
      stderr: "payments/ViewOnlyAccess in corp is no favourite any more.\n",
    });
    home.emulator.unassign(PAYMENTS.accountId, "Deploy");
    await home.run(["roles"]);
    expect(await home.run(["favourite", "Payments/deploy", "--remove"])).toMatchObject({
      exitCode: 0,
    });
    expect(await home.runJson(["favourite", "search/Admin", "--remove"])).toEqual([]);
    const none = await home.run(["favourite"]);
    expect(none.stderr).toBe("No favourites yet. Mark one: latchkey favourite ACCOUNT/ROLE\n");
  });

  test("survives logins, and is used again for that user only", { tags: ["long"] }, async () => {
    const home = await createSignedInHome({ org: ORG });
    await home.run(["favourite", "search/Admin"]);
    await loginAs(home, SOMEBODY_ELSE);
    expect(await listNames(home)).toEqual([]);
    await home.run(["favourite", "payments/Deploy"]);
    await loginAs(home, USER);
    expect(await listNames(home)).toEqual(["search/Admin"]);
    await home.run(["logout", "--forget"]);
    expect(await listNames(home)).toEqual([]);
  });

  test("a role that is not yours is refused with the roles that you have there, and nothing is marked", async () => {
    const home = await createSignedInHome({ org: ORG });
    const refused = await home.run(["favourite", "search/Deploy"]);
    expect(refused).toMatchObject({ exitCode: 5, stdout: "" });
    expect(refused.stderr).toContain("The role Deploy in 100000000002 is not assigned to you.");
    expect(refused.stderr).toContain("hint: Your roles there: Admin.");
    expect(await listNames(home)).toEqual([]);
  });

  test(
    "a profile without an Identity Center role, nothing to remove, and a missing sign-in have their own errors",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({ org: ORG });
      home.write(
        ".aws/config",
        `${home.read(".aws/config")}\n[profile keys]\nregion = eu-west-1\n`,
      );
      const keys = await home.run(["favourite", "keys"]);
      expect(keys).toMatchObject({ exitCode: 7 });
      expect(keys.stderr).toMatch(
        /The profile "keys" .*\n.*hint: .*latchkey configure --profile keys/,
      );
      expect(await home.run(["favourite", "--remove"])).toMatchObject({ exitCode: 2 });
      await home.run(["logout"]);
      expect(await home.run(["favourite", "okta"])).toMatchObject({ exitCode: 4 });
      expect(await listNames(home)).toEqual([]);
    },
  );
});
