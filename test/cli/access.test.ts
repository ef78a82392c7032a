/** @module-tag long */
import { join, basename } from "node:path";
import { describe, expect, test } from "vitest";
import {
  CORP_TOKEN,
  expireTokenFile,
  createSignedInHome,
  type Home,
  parseOutput,
  type TokenFileJson,
} from "../support/home.ts";
import type { LogoutJson } from "../../src/commands/logout.ts";
import type { RoleJson } from "../../src/commands/roles.ts";
import type { WhoamiJson } from "../../src/commands/whoami.ts";
import { patience } from "../support/patience.ts";
import { expectMode } from "../support/windows.ts";

/** The cached listing: read offline, only by the same sign-in, and compared with the next listing. */

const ACCESS = ".aws/latchkey/access/ee0bfd2552fbd840c02cc48b6e823320543c450f";
/** An address where nothing listens. */
const OFFLINE = {
  AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:9",
  AWS_ENDPOINT_URL_SSO_OIDC: "http://127.0.0.1:9",
};

function countListings(home: Home): number {
  return (
    home.emulator.journal.count("ListAccounts") + home.emulator.journal.count("ListAccountRoles")
  );
}

/** Signs in as another AWS client would: writes a token file without latchkey. */
function signInElsewhere(home: Home): void {
  const stored = home.readJson<TokenFileJson>(CORP_TOKEN);
  home.write(
    CORP_TOKEN,
    JSON.stringify({
      ...stored,
      accessToken: "somebody-elses-token",
      refreshToken: "somebody-elses-refresh-token",
    }),
  );
}

describe("--cached", { timeout: patience(120_000) }, () => {
  test("shows the last listing without a network, also once the token has expired, and prints its age", async () => {
    const home = await createSignedInHome({ org: { accounts: 3, roles: 2 } });
    const [accounts, roles] = [
      await home.run(["accounts", "--json"]),
      await home.run(["roles", "--json"]),
    ];
    const one = await home.run(["roles", "100000000002", "--json"]);
    const asked = countListings(home);
    expireTokenFile(home, CORP_TOKEN);
    for (const [argv, stdout] of [
      [["accounts"], accounts.stdout],
      [["roles"], roles.stdout],
      [["roles", "100000000002"], one.stdout],
    ] as const) {
      expect(await home.run([...argv, "--cached", "--json"], { env: OFFLINE })).toEqual({
        exitCode: 0,
        stdout,
        stderr: expect.stringMatching(
          /^latchkey: notice: listed at (\d{4}-\d\d-\d\d )?\d\d:\d\d \(\d+ s ago\); the service was not asked\.\n$/,
        ),
      });
    }
    expect((await home.run(["roles", "--cached"], { env: OFFLINE })).stderr).toMatch(
      /notice: listed at .*\n6 roles in corp\n$/,
    );
    expect(countListings(home)).toBe(asked);
  });

  test("exits 5 if nothing is cached, and names the command that lists", async () => {
    const home = await createSignedInHome();
    for (const command of ["accounts", "roles"]) {
      expect(await home.run([command, "--cached"])).toEqual({
        exitCode: 5,
        stdout: "",
        stderr:
          `latchkey: error: There is no stored listing of ${command} for this sign-in to corp.\nlatchkey: hint: latchkey ${command} --sso-session corp\n`.replace(
            "hint: ",
            "hint: List them once: ",
          ),
      });
    }
    expect(countListings(home)).toBe(0);
  });

  test("rejects an account that is not in the listing, with the nearest name", async () => {
    const home = await createSignedInHome({
      org: { accounts: [{ accountId: "100000000001", accountName: "Search", roles: ["Admin"] }] },
    });
    await home.run(["roles"]);
    expect(await home.run(["roles", "Serch", "--cached"])).toMatchObject({
      exitCode: 5,
      stderr: expect.stringContaining("The nearest: Search"),
    });
  });

  test("never shows another person's listing: not after a new login, a login by another client or a logout", async () => {
    const home = await createSignedInHome();
    const expectKeptAnew = async (): Promise<void> => {
      await home.run(["accounts"]);
      await home.run(["roles"]);
      expect(await home.run(["roles", "--cached"])).toMatchObject({ exitCode: 0 });
    };
    const expectNothing = async (exitCode: number): Promise<void> => {
      for (const command of ["accounts", "roles"])
        expect(await home.run([command, "--cached", "--json"])).toMatchObject({
          exitCode,
          stdout: expect.not.stringContaining("1000000"),
        });
    };
    await expectKeptAnew();
    await home.run(["login", "--force", "--no-browser"]);
    expect(home.list(ACCESS)).toEqual(["accounts.json", "sign-in.json"]);
    expect(home.read(`${ACCESS}/accounts.json`)).not.toContain("listedAt");
    await expectNothing(5);
    await expectKeptAnew();
    const own = home.read(CORP_TOKEN);
    signInElsewhere(home);
    await expectNothing(5);
    home.write(CORP_TOKEN, own);
    await expectKeptAnew();
    const { sessions } = await home.runJson<LogoutJson>(["logout"]);
    expect(sessions[0]?.removed.map((path) => basename(path))).toContain("roles.json");
    await expectNothing(4);
    expect(home.list(".aws/latchkey/access")).toEqual([]);
  });

  test("logout --all also removes the listing of a session that the config no longer has", async () => {
    const home = await createSignedInHome();
    await home.run(["roles"]);
    home.write(".aws/config", "");
    expect(await home.run(["logout", "--all"])).toMatchObject({ exitCode: 0 });
    expect(home.list(".aws/latchkey/access")).toEqual([]);
  });

  test("survives a refresh by latchkey, and ends with a token file that latchkey did not write", async () => {
    const home = await createSignedInHome({ rotation: { mode: "strict" } });
    await home.run(["roles"]);
    expireTokenFile(home, CORP_TOKEN);
    const before = home.readJson<TokenFileJson>(CORP_TOKEN);
    await home.run(["accounts"]);
    const renewed = home.readJson<TokenFileJson>(CORP_TOKEN);
    expect(renewed.refreshToken).not.toBe(before.refreshToken);
    expect(await home.run(["roles", "--cached"], { env: OFFLINE })).toMatchObject({ exitCode: 0 });
    home.write(
      CORP_TOKEN,
      JSON.stringify({ ...renewed, accessToken: "refreshed-by-another-client" }),
    );
    expect(await home.run(["roles", "--cached"], { env: OFFLINE })).toMatchObject({ exitCode: 5 });
  });
});

describe("the cache files", { timeout: patience(120_000) }, () => {
  test("are readable by their owner only, hold no secret, and keep the account's name for whoami after a new login", async () => {
    const home = await createSignedInHome();
    await home.run(["roles"]);
    expect(home.list(ACCESS)).toEqual([
      "accounts.json",
      "notes.json",
      "roles.json",
      "sign-in.json",
    ]);
    const { accessToken, refreshToken } = home.readJson<TokenFileJson>(CORP_TOKEN);
    for (const name of home.list(ACCESS)) {
      expectMode(join(home.path, ACCESS, name), 0o600);
      for (const secret of [accessToken, refreshToken])
        expect(home.read(`${ACCESS}/${name}`)).not.toContain(secret);
    }
    expectMode(join(home.path, ACCESS), 0o700);
    await home.run(["login", "--force", "--no-browser"]);
    expect((await home.runJson<WhoamiJson>(["whoami", "okta"])).accountName).toEqual(
      expect.any(String),
    );
  });

  test("are ignored if torn, foreign, wrong in any part or too large, and the next listing replaces them", async () => {
    const home = await createSignedInHome();
    await home.run(["roles"]);
    const damages: ReadonlyArray<(text: string) => string> = [
      (text) => text.slice(0, text.length / 2),
      (text) => text.replace('"version":1', '"version":2'),
      (text) => text.replace('"us-east-1"', '"eu-west-1"'),
      (text) => text.replace("https://emu.", "https://other."),
      (text) => text.replace(/"signIn":"[0-9a-f]{4}/, '"signIn":"0000'),
      (text) => text.replace('"100000000001"', '"../../../etc"'),
      (text) => text.replace('"ViewOnlyAccess"', "7"),
      (text) => text.replace(/"listedAt":"[^"]*"/, '"listedAt":"yesterday"'),
      () => "[".repeat(100_000),
      (text) => text + " ".repeat(17 * 1024 * 1024),
    ];
    const good = home.read(`${ACCESS}/roles.json`);
    for (const damage of damages) {
      expect(damage(good)).not.toBe(good);
      home.write(`${ACCESS}/roles.json`, damage(good));
      expect(await home.run(["roles", "--cached"]), String(damage)).toMatchObject({
        exitCode: 5,
        stdout: "",
      });
    }
    expect(await home.run(["roles"])).toMatchObject({ exitCode: 0, stderr: "6 roles in corp\n" });
    expect(await home.run(["roles", "--cached"])).toMatchObject({ exitCode: 0 });
  });
});

describe("a change between two listings", { timeout: patience(120_000) }, () => {
  const ORG = {
    accounts: [
      {
        accountId: "100000000001",
        accountName: "payments-prod",
        roles: ["Admin", "ViewOnlyAccess"],
      },
      { accountId: "100000000002", accountName: "old-sandbox", roles: ["Admin", "Billing"] },
    ],
  };

  test("is reported once on stderr by the next listing of roles; the JSON output stays the list", async () => {
    const home = await createSignedInHome({ org: ORG });
    expect((await home.run(["roles"])).stderr).toBe("4 roles in corp\n");
    home.emulator.assign("100000000003", "Admin", "new\n+ forged");
    home.emulator.assign("100000000003", "Billing");
    home.emulator.unassign("100000000002", "Admin");
    home.emulator.unassign("100000000002", "Billing");
    home.emulator.assign("100000000001", "Billing");
    const next = await home.run(["roles"]);
    expect(next.stderr).toMatch(
      /^5 roles in corp\nSince the listing of (\d{4}-\d\d-\d\d )?\d\d:\d\d \(\d+ s ago\):\n/,
    );
    expect(next.stderr.split("\n").slice(2)).toEqual([
      "  + new\\u{a}+ forged (100000000003): Admin, Billing",
      "  + payments-prod (100000000001): Billing",
      "  - old-sandbox (100000000002): Admin, Billing",
      "",
    ]);
    expect((await home.run(["roles"])).stderr).toBe("5 roles in corp\n");
    home.emulator.unassign("100000000001", "Billing");
    const json = await home.run(["roles", "--json"]);
    expect(json.stderr).toBe("");
    expect(parseOutput<RoleJson[]>(json)).toHaveLength(4);
  });

  test("is reported for accounts; a new name is not a new account, and many are counted", async () => {
    const home = await createSignedInHome({ org: ORG });
    await home.run(["accounts"]);
    home.emulator.setOrg({
      accounts: [{ accountId: "100000000001", accountName: "payments", roles: ["Admin"] }],
    });
    expect((await home.run(["accounts"])).stderr).toMatch(
      /^1 account in corp\nSince .*:\n {2}- old-sandbox \(100000000002\)\n$/,
    );
    home.emulator.setOrg({ accounts: 40 });
    expect((await home.run(["accounts"])).stderr).toMatch(/(\n {2}\+ .*){10}\n {2}… 29 more\n$/);
  });

  test("is not reported to a new sign-in, which may belong to another person", async () => {
    const home = await createSignedInHome({ org: ORG });
    await home.run(["roles"]);
    await home.run(["login", "--force", "--no-browser"]);
    home.emulator.unassign("100000000002", "Admin");
    expect((await home.run(["roles"])).stderr).toBe("3 roles in corp\n");
  });
});
