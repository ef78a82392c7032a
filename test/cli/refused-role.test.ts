import { describe, expect, test } from "vitest";
import { SESSION_CONFIG, createSignedInHome } from "../support/home.ts";

describe("a role that the portal refuses", () => {
  test("is explained: the account by name, the roles there, the nearest, and the command that lists again", async () => {
    const home = await createSignedInHome();
    home.write(".aws/config", SESSION_CONFIG.replace("ViewOnlyAccess", "ViewOnlyAcces"));
    const result = await home.run(["exec", "okta", "--", "true"]);
    expect(result).toMatchObject({ exitCode: 5, stdout: "" });
    expect(result.stderr).toMatch(
      /^latchkey: error: The role ViewOnlyAcces in 100000000001 \(\w+-prod\) is not assigned to you\.\nlatchkey: hint: Your roles there: AdministratorAccess, ViewOnlyAccess \(the nearest: ViewOnlyAccess\)\. New access can lag: a group push takes some minutes, and an old browser session hides it\. Look again: latchkey roles 100000000001 --sso-session corp\n$/,
    );
  });

  test(
    "has different messages if it is listed all the same, and if the account is not the user's",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.deny("100000000001", "ViewOnlyAccess", true);
      expect((await home.run(["export", "okta"])).stderr).toContain(
        "is listed as yours, but the portal refuses it.",
      );
      home.write(".aws/config", SESSION_CONFIG.replace("100000000001", "999999999999"));
      expect((await home.run(["export", "okta"])).stderr).toMatch(
        /The role ViewOnlyAccess in 999999999999 is not assigned to you\.\n.*You have no role there\./,
      );
    },
  );

  test(
    "is still reported as a refusal, and soon, if nothing more can be found out",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.unassign("100000000001", "ViewOnlyAccess");
      for (const route of ["ListAccountRoles", "ListAccounts"] as const)
        home.emulator.setFault({ route, status: 503 });
      const started = Date.now();
      const result = await home.run(["export", "okta", "--json"]);
      expect(JSON.parse(result.stdout)).toMatchObject({
        error: {
          code: "ACCESS_DENIED",
          message: "The role ViewOnlyAccess in 100000000001 is not assigned to you.",
          hint: expect.stringContaining("Look again: latchkey roles 100000000001"),
        },
      });
      expect(Date.now() - started).toBeLessThan(15_000);
    },
  );
});
