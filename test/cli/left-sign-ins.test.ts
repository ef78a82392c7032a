import { describe, expect, test } from "vitest";
import type { LogoutJson } from "../../src/commands/logout.ts";
import type { SessionStatusJson } from "../../src/commands/status.ts";
import {
  CORP_TOKEN,
  createSignedInHome,
  expireTokenFile,
  SESSION_CONFIG,
  type Home,
  type TokenFileJson,
} from "../support/home.ts";

const START_URL = "https://emu.awsapps.com/start";
const OTHER_URL = "https://other.awsapps.com/start";

/** Signed in to a session that has no section in the config. */
async function createLeftHome(config = ""): Promise<Home> {
  const home = await createSignedInHome();
  home.write(".aws/config", config);
  return home;
}

function writeOther(home: Home): void {
  const token = home.readJson<TokenFileJson>(CORP_TOKEN);
  home.write(".aws/sso/cache/other.json", JSON.stringify({ ...token, startUrl: OTHER_URL }));
}

describe("a sign-in without a section in the config", () => {
  test("is found by status and by latchkey alone, under its start URL", async () => {
    const home = await createLeftHome();
    expect(await home.runJson<SessionStatusJson[]>(["status", "--verify"])).toMatchObject([
      { session: START_URL, state: "usable", verified: true, refreshable: true },
    ]);
    const alone = await home.run([]);
    expect(alone.stdout).toMatch(/emu\.awsapps\.com\/start +signed in/);
    expect(alone.stdout).toContain("latchkey configure");
    expect(alone.stdout).toContain("latchkey logout");
    expect(alone.stdout).not.toContain("latchkey accounts");
  });

  test("is ended by a plain logout if it is the only one", async () => {
    const home = await createLeftHome();
    const { sessions } = await home.runJson<LogoutJson>(["logout"]);
    expect(sessions).toMatchObject([{ session: START_URL, revoked: true }]);
    expect(home.exists(CORP_TOKEN)).toBe(false);
    expect(home.emulator.journal.count("Logout", { status: 200 })).toBe(1);
    expect(await home.run(["logout"])).toMatchObject({
      exitCode: 7,
      stderr: expect.stringContaining("No SSO session"),
    });
  });

  test("is ended by its start URL, and another one stays", { tags: ["long"] }, async () => {
    const home = await createLeftHome();
    writeOther(home);
    expect(await home.run(["logout"])).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining(OTHER_URL),
    });
    const { sessions } = await home.runJson<LogoutJson>(["logout", "--start-url", START_URL]);
    expect(sessions).toMatchObject([{ session: START_URL, revoked: true }]);
    expect(home.list(".aws/sso/cache")).toEqual(["other.json"]);
    await home.runJson(["logout", "--all"]);
    expect(home.list(".aws/sso/cache")).toEqual([]);
  });

  test(
    "is listed next to the sessions of the config, and does not affect them",
    { tags: ["long"] },
    async () => {
      const home = await createLeftHome(SESSION_CONFIG);
      writeOther(home);
      expect(await home.runJson<SessionStatusJson[]>(["status"])).toMatchObject([
        { session: "corp" },
        { session: OTHER_URL },
      ]);
      const { sessions } = await home.runJson<LogoutJson>(["logout"]);
      expect(sessions).toMatchObject([{ session: "corp" }]);
      expect(home.list(".aws/sso/cache")).toEqual(["other.json"]);
    },
  );

  test("is not shown once it has expired and can't be refreshed", async () => {
    const home = await createLeftHome();
    expireTokenFile(home, CORP_TOKEN);
    expect(await home.runJson(["status"])).toMatchObject([{ state: "refreshable" }]);
    const { refreshToken: _gone, ...rest } = home.readJson<TokenFileJson>(CORP_TOKEN);
    home.write(CORP_TOKEN, JSON.stringify(rest));
    const status = await home.run(["status", "--json"]);
    expect([status.exitCode, status.stdout]).toEqual([4, "[]\n"]);
  });
});
