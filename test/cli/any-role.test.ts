import { describe, expect, test } from "vitest";
import type { ProfileJson } from "../../src/commands/profiles.ts";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import { createRolesHome } from "../support/any-role.ts";
import { parseOutput, SESSION_CONFIG, type Home, type RunResult } from "../support/home.ts";
import { printVariables } from "../support/commands.ts";

const LISTING = ["ListAccounts", "ListAccountRoles"] as const;

function countListings(home: Home): number {
  return LISTING.reduce((sum, route) => sum + home.emulator.journal.count(route), 0);
}

async function createListedHome(): Promise<Home> {
  const home = await createRolesHome();
  await home.run(["roles"]);
  return home;
}

const toLine = ({ exitCode, stderr }: RunResult): string => `${exitCode} ${stderr}`;

/** How a role is passed to each command that takes a profile, and where the output shows the account. */
const COMMANDS: ReadonlyArray<
  readonly [name: string, argv: (words: readonly string[]) => string[]]
> = [
  ["exec", (words) => ["exec", ...words, "--", ...printVariables("AWS_ACCOUNT_ID")]],
  ["export", (words) => ["export", ...words, "--format", "dotenv"]],
  ["console", (words) => ["console", ...words, "--print", "--shortcut"]],
  ["whoami", (words) => ["whoami", ...words]],
  ["credential-process", (words) => ["credential-process", ...words]],
];

describe.each(COMMANDS)("%s accepts a role that has no profile", (name, toArgv) => {
  const isExact = name === "credential-process";

  test(
    "by full names, ids and flags, from the cached listing without a request; parts are reported, and refused in programs",
    { tags: ["long"] },
    async () => {
      const home = await createListedHome();
      const before = countListings(home);
      for (const words of [
        ["payments-staging/ViewOnlyAccess"],
        ["100000000002/ViewOnlyAccess"],
        ["--sso-session", "corp", "--account-id", "100000000002", "--role-name", "ViewOnlyAccess"],
        ["--account-id", "100000000002", "--role-name", "ViewOnlyAccess"],
        ["--profile", "payments-staging/ViewOnlyAccess"],
        ["--profile", "100000000002/ViewOnlyAccess", "--sso-session", "corp"],
      ])
        expect(await home.run(toArgv(words)), words.join(" ")).toMatchObject({
          exitCode: 0,
          stdout: expect.stringContaining("100000000002"),
        });
      expect(countListings(home)).toBe(before);

      const part = await home.run(toArgv(["LAKE/bill"]));
      expect(part.exitCode === 0).toBe(!isExact);
      if (!isExact) {
        expect(part.stdout).toContain("100000000003");
        expect(part.stderr).toContain(
          'notice: "LAKE/bill" means the role Data Lake/Billing (100000000003)\n',
        );
      }
      expect((await home.run(toArgv(["--profile", "LAKE/bill"]))).exitCode).not.toBe(0);
    },
  );

  test(
    "a role that is not assigned is refused with the assigned ones, and several matches are listed with what differs",
    { tags: ["long"] },
    async () => {
      const home = await createListedHome();
      const role = toArgv(["payments-prod/Owner"]).filter((word) => word !== "--shortcut");
      expect(toLine(await home.run(role))).toMatch(
        /^5 [^]*Your roles there: AdministratorAccess, ViewOnlyAccess/,
      );
      expect(toLine(await home.run(toArgv(["nowhere/ViewOnlyAccess"])))).toMatch(
        isExact
          ? /^5 [^]*no account "nowhere"/
          : /^5 [^]*No account "nowhere" among the 5[^]*payments-prod/,
      );
      expect(toLine(await home.run(toArgv(["twin/Deploy"])))).toMatch(
        /^2 [^]*"twin\/Deploy" fits 2 roles: 012345678901\/Deploy, 012345678902\/Deploy\./,
      );
      expect((await home.run(toArgv(["012345678902/Deploy"]))).stdout).toContain("012345678902");
    },
  );
});

describe("a role that is in no listing yet", () => {
  test(
    "is looked up once, in its account only; without a slash everything is listed once",
    { tags: ["long"] },
    async () => {
      const home = await createRolesHome();
      expect((await home.run(["export", "lake/bill"])).stdout).toContain("ASIA");
      expect(home.emulator.journal.count("ListAccounts")).toBe(1);
      expect(home.emulator.journal.count("ListAccountRoles")).toBe(1);
      expect(await home.runJson<WhoamiJson>(["whoami", "bill", "lake"])).toMatchObject({
        accountId: "100000000003",
        roleName: "Billing",
        profile: null,
        source: "role",
      });
      const whole = countListings(home);
      expect((await home.run(["export", "stag", "view"])).exitCode).toBe(0);
      expect(countListings(home)).toBe(whole);
    },
  );

  test(
    "that was assigned after the listing is found by listing its account",
    { tags: ["long"] },
    async () => {
      const home = await createListedHome();
      home.emulator.assign("100000000002", "Deploy");
      const result = await home.run([
        "exec",
        "staging/Deploy",
        "--",
        ...printVariables("AWS_ACCOUNT_ID"),
      ]);
      expect(result).toMatchObject({ exitCode: 0, stdout: "100000000002\n" });
    },
  );

  test("a misspelt profile does not start a listing", { tags: ["long"] }, async () => {
    const home = await createRolesHome();
    expect(toLine(await home.run(["export", "okto"]))).toMatch(/^7 [^]*nearest names: okta/);
    expect(countListings(home)).toBe(0);
  });

  test(
    "without a sign-in the error names the login, and a profile's name works as before",
    { tags: ["long"] },
    async () => {
      const home = await createRolesHome();
      await home.run(["logout", "--all"]);
      expect(toLine(await home.run(["export", "lake/bill"]))).toMatch(/^4 [^]*latchkey login/);
      expect(toLine(await home.run(["export", "nosuch"]))).toMatch(/^7 /);
    },
  );
});

describe("the order of precedence", () => {
  test(
    "a profile whose name is an account and a role wins over that role",
    { tags: ["long"] },
    async () => {
      const home = await createListedHome();
      home.write(
        ".aws/config",
        `${SESSION_CONFIG}[profile payments-staging/ViewOnlyAccess]\nsso_session = corp\nsso_account_id = 100000000003\nsso_role_name = Billing\n`,
      );
      expect(
        await home.runJson<WhoamiJson>(["whoami", "payments-staging/ViewOnlyAccess"]),
      ).toMatchObject({ accountId: "100000000003", profile: "payments-staging/ViewOnlyAccess" });
    },
  );

  test("a part that matches profiles and roles lists both", { tags: ["long"] }, async () => {
    const home = await createListedHome();
    const result = await home.run(["export", "view"]);
    expect(toLine(result)).toMatch(
      /^2 [^]*"view" fits 3 profiles and roles: Data Lake\/ViewOnlyAccess, okta, payments-staging\/ViewOnlyAccess\./,
    );
  });

  test("a part of a role that has a profile selects that profile", { tags: ["long"] }, async () => {
    const home = await createListedHome();
    expect(await home.runJson<WhoamiJson>(["whoami", "prod", "view"])).toMatchObject({
      profile: "okta",
    });
    const whole = await home.runJson<WhoamiJson>(["whoami", "payments-prod/ViewOnlyAccess"]);
    expect(whole).toMatchObject({ profile: null, region: "eu-west-1" });
  });

  test("words and flags that name different things are refused", { tags: ["long"] }, async () => {
    const home = await createListedHome();
    for (const flags of [
      ["--account-id", "100000000002"],
      ["--role-name", "ViewOnlyAccess"],
      ["--profile", "okta"],
    ])
      expect(toLine(await home.run(["export", "lake/billing", ...flags]))).toMatch(
        /^2 [^]*contradict each other/,
      );
    const same = [
      "--account-id",
      "100000000003",
      "--role-name",
      "Billing",
      "--sso-session",
      "corp",
    ];
    expect((await home.run(["export", "lake/billing", ...same])).exitCode).toBe(0);
    expect(toLine(await home.run(["export", "--account-id", "100000000003"]))).toMatch(
      /^2 [^]*must be given together/,
    );
  });
});

test("the age of an old listing is shown", { tags: ["long"] }, async () => {
  const home = await createListedHome();
  const [file = ""] = home
    .list(".aws/latchkey/access")
    .map((folder) => `.aws/latchkey/access/${folder}/roles.json`);
  const old = new Date(Date.now() - 3 * 24 * 3_600_000).toISOString();
  home.write(file, home.read(file).replace(/"listedAt":"[^"]*"/, `"listedAt":"${old}"`));
  const result = await home.run(["export", "lake/bill"]);
  expect(result.exitCode).toBe(0);
  expect(result.stderr).toMatch(/listed at .*3 d.* ago\); the service was not asked/);
});

test(
  "whoami --clients works on profiles only, and reports that for a role",
  { tags: ["long"] },
  async () => {
    const home = await createListedHome();
    expect(toLine(await home.run(["whoami", "lake/bill", "--clients"]))).toMatch(
      /^2 [^]*that role has no profile/,
    );
  },
);

test(
  "export of a role writes a section that every SDK reads, also if the account's name has a blank",
  { tags: ["long"] },
  async () => {
    const home = await createListedHome();
    const argv = ["export", "lake/bill", "--write", "--yes", "--json"];
    const written = parseOutput<{ profile: string }>(await home.run(argv));
    expect(written).toMatchObject({ profile: "data-lake-billing-keys" });
    expect(home.read(".aws/credentials")).toContain("[data-lake-billing-keys]");
    const text = await home.run(["export", "lake/bill", "--format", "credentials-file"]);
    expect(text).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\[data-lake-billing\]\n/),
    });
  },
);

test(
  "profiles --all also lists the roles without a profile, in the shape of the profiles",
  { tags: ["long"] },
  async () => {
    const home = await createListedHome();
    const profiles = await home.runJson<ProfileJson[]>(["profiles"]);
    const all = await home.runJson<ProfileJson[]>(["profiles", "--all"]);
    expect(all.slice(0, profiles.length)).toEqual(profiles);
    expect(all).toHaveLength(7);
    expect(all).toContainEqual({
      profile: null,
      form: "role",
      session: "corp",
      accountId: "100000000003",
      roleName: "Billing",
      region: null,
      managed: false,
    });
    const found = await home.runJson<ProfileJson[]>(["profiles", "lake", "bill", "--all"]);
    expect(found).toHaveLength(1);
    const named = await home.run([
      "profiles",
      "--all",
      "--query",
      "[].profile",
      "--output",
      "text",
    ]);
    expect(named.stdout).toContain("okta");
  },
);
