import { describe, expect, test } from "vitest";
import type { SyncJson } from "../../src/commands/profiles/sync.ts";
import { isRoleName } from "../../src/model/role.ts";
import { encodeName, parseTemplate, renderTemplate } from "../../src/model/name-template.ts";
import { planNames } from "../../src/sync/names.ts";
import { createSignedInHome, type Home } from "../support/home.ts";

/** Names that the service lists are data: what AWS does not allow is shown and never written, and the others go on. */

const SESSION = `[sso-session corp]
sso_start_url = https://emu.awsapps.com/start
sso_region = us-east-1
sso_registration_scopes = sso:account:access
`;

const FOREIGN_ROLES = [
  "z|>FILE",
  "b;id>x",
  "$(touch FILE)",
  "`touch FILE`",
  "bad\tname",
  "two words",
  'quo"te',
  "o'brien",
  "a\nsso_start_url = https://evil.example",
  "[profile evil]",
  "é",
  "x".repeat(65),
  "role\u200b",
  "-\u0000",
  "\u202eniam",
];

async function createHome(roles: readonly string[]): Promise<Home> {
  const accounts = [{ accountId: "100000000001", accountName: "payments", roles: [...roles] }];
  const home = await createSignedInHome({ org: { accounts } });
  home.write(".aws/config", SESSION);
  return home;
}

describe.each(["sso-session", "legacy", "credential-process"])("the form %s", (form) => {
  test("has no role whose name AWS does not allow, and every other", async () => {
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
  });
});

test("a role's name that AWS does not allow stands in the plan behind an exclamation mark", async () => {
  const home = await createHome(["z|>FILE", "ViewOnlyAccess"]);
  const { stderr, exitCode } = await home.run(["profiles", "sync", "--yes"]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain("! payments-z-file  is of a role whose name AWS does not allow");
  expect(stderr).toContain("(z|>FILE in payments");
});

test.each<readonly [string, boolean]>([
  ["ViewOnlyAccess", true],
  ["a", true],
  ["x".repeat(64), true],
  ["A+B=C,D.E@F-G_h", true],
  ["", false],
  ["a b", false],
  ["a/b", false],
  ["a\n", false],
  ...FOREIGN_ROLES.map((name) => [name, false] as const),
])("%j is a role's name: %j", (name, expected) => {
  expect(isRoleName(name)).toBe(expected);
});

describe("roles of one account that differ in a character which their short names lose", () => {
  const account = { accountId: "100000000001", accountName: "payments", emailAddress: undefined };
  const name = (template: string | undefined, ...roles: readonly string[]): string[] =>
    planNames(
      roles.map((roleName) => ({ account, roleName })),
      () => true,
      {
        template: template === undefined ? undefined : parseTemplate(template),
        session: "corp",
        regions: [],
      },
    ).map((planned) => planned.name);

  test.each<[string | undefined, string[], string[]]>([
    [
      undefined,
      ["A+B=C", "A+B-C", "Admin"],
      ["payments-A+B%3DC", "payments-A+B-C", "payments-admin"],
    ],
    [undefined, ["Admin", "admin"], ["payments-Admin", "payments-admin"]],
    [undefined, ["==", "Admin"], ["payments-%3D%3D", "payments-admin"]],
    [undefined, ["A+B=C"], ["payments"]],
    ["{account.slug}.{role|encode}", ["A+B=C", "A+B-C"], ["payments.A+B%3DC", "payments.A+B-C"]],
  ])("with the template %j, %j are %j", (template, roles, expected) => {
    expect(name(template, ...roles)).toEqual(expected);
  });

  test("both become profiles", async () => {
    const home = await createHome(["A+B=C", "A+B-C"]);
    const { add, collisions } = await home.runJson<SyncJson>(["profiles", "sync", "--yes"]);
    expect(add.map(({ roleName }) => roleName).toSorted()).toEqual(["A+B-C", "A+B=C"]);
    expect(collisions).toEqual([]);
  });

  test("no two texts are encoded alike", () => {
    const texts = ["%3D", "=", "é", "e\u0301", "a b", "a%20b", "\u{1f600}"];
    expect(new Set(texts.map(encodeName)).size).toBe(texts.length);
    const source = { account, roleName: "é=", session: "corp", region: undefined };
    expect(renderTemplate(parseTemplate("{role|encode}"), source)).toBe("%C3%A9%3D");
  });
});
