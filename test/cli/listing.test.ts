import { describe, expect, test } from "vitest";
import { createHome, SESSION_CONFIG, createSignedInHome } from "../support/home.ts";
import type { AccountJson } from "../../src/commands/accounts.ts";
import type { ProfileJson } from "../../src/commands/profiles.ts";
import { CAT } from "../support/commands.ts";

describe("accounts and roles", () => {
  test("accounts are listed from all pages, sorted as the AWS CLI sorts them", async () => {
    const home = await createSignedInHome({ org: { accounts: 250 } });
    const accounts = await home.runJson<AccountJson[]>(["accounts"]);
    expect(accounts).toHaveLength(250);
    expect(home.emulator.journal.count("ListAccounts")).toBe(3);
    const names = accounts.map(({ accountName }) => accountName?.toLowerCase());
    expect(names).toEqual([...names].sort());
    expect(accounts[0]).toEqual({
      accountId: expect.stringMatching(/^\d{12}$/),
      accountName: expect.any(String),
      emailAddress: expect.stringContaining("@"),
    });
  });

  test(
    "the table is for people and the CSV for spreadsheets; the count is on stderr",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const table = await home.run(["accounts"]);
      expect(table.stdout).toMatch(/^ACCOUNT {7}NAME +EMAIL\n100000000\d{3} {2}/);
      expect(table.stderr).toBe("3 accounts in corp\n");
      const csv = await home.run(["accounts", "--csv"]);
      expect(csv.stdout).toMatch(/^accountId,accountName,emailAddress\r\n100000000\d{3},/);
    },
  );

  test(
    "names with control characters, quotes and commas stay data",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({
        org: {
          accounts: [
            {
              accountId: "100000000001",
              accountName: 'a\u001b]52;c;eA==\u0007,"b\u202e',
              roles: ["ViewOnlyAccess"],
            },
          ],
        },
      });
      const table = await home.run(["accounts"]);
      expect(table.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect((await home.run(["accounts", "--csv"])).stdout).toContain('""b');
      expect((await home.runJson<AccountJson[]>(["accounts"]))[0]?.accountName).toBe(
        'a\u001b]52;c;eA==\u0007,"b\u202e',
      );
    },
  );

  test(
    "roles of all accounts, of one by id, by name, and by a unique part of its name",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome({
        org: {
          accounts: [
            {
              accountId: "100000000001",
              accountName: "payments-prod",
              roles: ["ViewOnlyAccess", "billing"],
            },
            { accountId: "100000000002", accountName: "payments-dev", roles: ["ViewOnlyAccess"] },
            { accountId: "100000000003", accountName: "Search", roles: ["Admin"] },
          ],
        },
      });
      expect(await home.runJson(["roles"])).toEqual([
        { accountId: "100000000002", accountName: "payments-dev", roleName: "ViewOnlyAccess" },
        { accountId: "100000000001", accountName: "payments-prod", roleName: "billing" },
        { accountId: "100000000001", accountName: "payments-prod", roleName: "ViewOnlyAccess" },
        { accountId: "100000000003", accountName: "Search", roleName: "Admin" },
      ]);
      for (const wanted of ["100000000003", "Search", "sear"])
        expect(await home.runJson(["roles", wanted])).toHaveLength(1);
      const several = await home.run(["roles", "payments"]);
      expect(several).toMatchObject({ exitCode: 2 });
      expect(several.stderr).toContain("payments-dev");
      const none = await home.run(["roles", "Serch"]);
      expect(none).toMatchObject({ exitCode: 5 });
      expect(none.stderr).toContain("The nearest: Search");
    },
  );

  test(
    "a throttled or failing page is requested again, and one that keeps failing writes nothing on stdout",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      home.emulator.setFault({ route: "ListAccounts", status: 429, times: 2 });
      expect(await home.runJson(["accounts"])).toHaveLength(3);
      home.emulator.setFault({ route: "ListAccounts", html: true });
      const result = await home.run(["accounts"]);
      expect(result).toMatchObject({ exitCode: 6, stdout: "" });
      expect(result.stderr).toContain("captive portal");
    },
  );

  test("a repeated page token is an error, not a loop", async () => {
    const home = await createSignedInHome({
      org: { accounts: 250 },
      paging: { pageSize: 2, repeatToken: true },
    });
    const result = await home.run(["accounts"]);
    expect(result).toMatchObject({ exitCode: 6 });
    expect(result.stderr).toContain("the same page twice");
  });

  test("without a token they exit 4 with the login command", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    expect(await home.run(["accounts"])).toEqual({
      exitCode: 4,
      stdout: "",
      stderr:
        'latchkey: error: The SSO session "corp" has no token on this machine.\nlatchkey: hint: latchkey login --sso-session corp\n',
    });
  });
});

/** The minute may change between two runs. */
function removeTimeLeft(text: string): string {
  return text.replace(/\((1 h|59 min) left\)/, "(N left)");
}

describe("whoami", () => {
  test("prints what STS verified, for people and as JSON", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    await home.run(["accounts"]);
    const identity = await home.runJson(["whoami", "--profile", "okta"]);
    const [entry] = home.emulator.journal.entries({ route: "GetCallerIdentity" });
    expect(identity).toMatchObject({
      accountId: "100000000001",
      accountName: expect.any(String),
      arn: entry?.arn,
      roleName: "ViewOnlyAccess",
      userName: "okta.user@example.com",
      profile: "okta",
      source: "profile",
      session: "corp",
      credentialsExpireAt: expect.stringMatching(/Z$/),
      sessionExpiresAt: expect.stringMatching(/Z$/),
    });
    const text = await home.run(["whoami", "okta"]);
    expect(text.stdout).toMatch(/^okta\.user@example\.com\n {2}account {7}100000000001 /);
    const again = await home.run(["whoami"], { env: { AWS_PROFILE: "okta" } });
    expect(removeTimeLeft(again.stdout)).toBe(removeTimeLeft(text.stdout));
  });

  test(
    "works on a legacy profile and on one with latchkey as its credential_process",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      const role = ["--account-id", "100000000001", "--role-name", "ViewOnlyAccess", "--yes"];
      await home.run([
        "configure",
        "--profile",
        "process",
        "--form",
        "credential-process",
        "--sso-session",
        "corp",
        ...role,
      ]);
      await home.run([
        "configure",
        "--profile",
        "old",
        "--form",
        "legacy",
        "--start-url",
        "https://emu.awsapps.com/start",
        "--sso-region",
        "us-east-1",
        ...role,
      ]);
      expect(await home.runJson(["whoami", "process"])).toMatchObject({
        source: "credential-process",
        session: "corp",
      });
      expect(await home.run(["whoami", "old"])).toMatchObject({ exitCode: 4 });
      expect(await home.run(["login", "--profile", "old", "--no-browser"])).toMatchObject({
        exitCode: 0,
      });
      expect(await home.runJson(["whoami", "old"])).toMatchObject({ source: "profile" });
    },
  );
});

test(
  "whoami resolves a foreign profile as the AWS SDK does, and never prints its command line",
  { tags: ["long"] },
  async () => {
    const home = await createSignedInHome();
    const printed = await home.run(["credential-process", "--profile", "okta"]);
    const file = home.write("keys.json", printed.stdout);
    home.write(
      ".aws/config",
      `${SESSION_CONFIG}[profile foreign]\ncredential_process = ${CAT} ${file}\n[profile broken]\ncredential_process = /nonexistent --token=hunter2\n`,
    );
    expect(await home.runJson(["whoami", "foreign"])).toMatchObject({
      source: "credential-process",
      session: null,
      roleName: "ViewOnlyAccess",
      sessionExpiresAt: null,
    });
    const broken = await home.run(["whoami", "broken", "--debug"]);
    expect(broken).toMatchObject({ exitCode: 7 });
    expect(broken.stderr).not.toContain("hunter2");
  },
);

describe("profiles", () => {
  const CONFIG = `${SESSION_CONFIG}[profile old]\nsso_start_url = https://emu.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 000000000002\nsso_role_name = R\n[profile keys]\nregion = eu-west-9 # why\n`;

  test("lists every profile with its form, also those in the credentials file only", async () => {
    const home = await createHome();
    home.write(".aws/config", CONFIG);
    home.write(
      ".aws/credentials",
      "[default]\naws_access_key_id = A\naws_secret_access_key = S\n[keys]\naws_access_key_id = B\n",
    );
    const profiles = await home.runJson<ProfileJson[]>(["configure", "list-profiles"]);
    expect(profiles.map(({ profile, form, session }) => [profile, form, session])).toEqual([
      ["okta", "sso-session", "corp"],
      ["old", "legacy", "https://emu.awsapps.com/start"],
      ["keys", "other", null],
      ["default", "other", null],
    ]);
    expect(profiles[1]).toEqual({
      profile: "old",
      form: "legacy",
      session: "https://emu.awsapps.com/start",
      accountId: "000000000002",
      roleName: "R",
      region: null,
      managed: false,
    });
  });

  test("reports where AWS clients read the file differently", async () => {
    const home = await createHome();
    home.write(".aws/config", CONFIG);
    const { stderr } = await home.run(["profiles"]);
    expect(stderr).toContain(
      'line 17: of [profile keys] region the AWS CLI and .NET see "eu-west-9 # why", JavaScript, Go v2, Java and Rust see "eu-west-9"',
    );
  });

  test("lists the readable profiles of a file that the AWS CLI refuses, and gives the reason", async () => {
    const home = await createHome();
    home.write(
      ".aws/config",
      "[profile a]\nregion = x\n[profile a]\nregion = y\n[profile b]\nnonsense\n",
    );
    const result = await home.run(["profiles"]);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(/^PROFILE.*\na .*y\nb /);
    expect(result.stderr).toContain("can't read");
    expect(result.stderr).toContain("a section that occurs twice in line 3");
  });
});
