import { describe, expect, test } from "vitest";
import { createSignedInHome, SESSION_CONFIG, type Home } from "../support/home.ts";
import { printVariables } from "../support/commands.ts";

/** A wrong clock on this machine, and refusals that a plain login does not fix. */

const HOUR = 3_600_000;
const NTP = "Let the system set its clock from the network (NTP).";

/** AWS's clock relative to this machine's. */
function setServerClock(home: Home, offset: number): void {
  home.emulator.clock.set(Date.now() + offset);
}

function refuseCredentials(home: Home, error: string): void {
  home.emulator.setFault({ route: "GetCallerIdentity", status: 403, error });
}

function readNotices(stderr: string): string[] {
  return stderr.split("\n").filter((line) => line.includes("the clock of this machine"));
}

describe("login reports a clock that is minutes off, once", () => {
  test.each([
    ["2 h behind", 2 * HOUR],
    ["2 h ahead of", -2 * HOUR],
    ["10 min behind", HOUR / 6],
  ])("%s", { tags: ["long"] }, async (words, offset) => {
    const home = await createSignedInHome();
    setServerClock(home, offset);
    const already = await home.run(["login"]);
    const anew = await home.run(["login", "--force", "--no-browser"]);
    const notice = `latchkey: notice: the clock of this machine is ${words} the service's: AWS refuses its signatures. ${NTP}`;
    expect(already, already.stderr).toMatchObject({ exitCode: 0 });
    expect(already.stderr).toContain("Already signed in to corp.");
    expect(readNotices(already.stderr)).toEqual([notice]);
    expect(anew, anew.stderr).toMatchObject({ exitCode: 0 });
    expect(anew.stderr).toContain("Signed in to corp.");
    expect(readNotices(anew.stderr)).toEqual([notice]);
  });

  test(
    "does not report a clock that is accurate enough for signatures",
    { tags: ["long"] },
    async () => {
      const home = await createSignedInHome();
      setServerClock(home, 200_000);
      for (const argv of [["login"], ["login", "--force", "--no-browser"]])
        expect(readNotices((await home.run(argv)).stderr)).toEqual([]);
    },
  );
});

describe("new credentials that AWS refuses", () => {
  test.each(["ExpiredToken", "InvalidClientTokenId"])(
    "%s: a wrong clock is named as the cause, with its fix",
    { tags: ["long"] },
    async (error) => {
      const home = await createSignedInHome();
      setServerClock(home, 2 * HOUR);
      refuseCredentials(home, error);
      const result = await home.run(["whoami", "okta"]);
      expect(result).toMatchObject({ exitCode: 5, stdout: "" });
      expect(result.stderr).toContain(
        `does not accept these credentials (${error}): the clock of this machine is 2 h behind the service's.\nlatchkey: hint: ${NTP}\n`,
      );
    },
  );

  test.each(["ExpiredToken", "InvalidClientTokenId"])(
    "%s: if the clock is right, the hint forces a new sign-in, which a plain login would not do",
    { tags: ["long"] },
    async (error) => {
      const home = await createSignedInHome();
      refuseCredentials(home, error);
      const { stderr } = await home.run(["whoami", "okta"]);
      const hint = "latchkey: hint: Sign in again: latchkey login --sso-session corp --force\n";
      expect(stderr).toContain(hint);
      const login = await home.run(["login", "--sso-session", "corp", "--force"]);
      expect(login, login.stderr).toMatchObject({ exitCode: 0 });
      expect(login.stderr).toContain("Signed in to corp.");
    },
  );

  test("are not used again: exec and export fetch others", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const before = await home.run(["export", "okta"]);
    const [dead = ""] = /ASIA\w+/.exec(before.stdout) ?? [];
    expect(dead).toMatch(/^ASIA/);
    refuseCredentials(home, "ExpiredToken");
    await home.run(["whoami", "okta"]);
    for (const argv of [
      ["export", "okta"],
      ["exec", "okta", "--", ...printVariables("AWS_ACCESS_KEY_ID")],
    ]) {
      const { exitCode, stdout } = await home.run(argv);
      expect(exitCode).toBe(0);
      expect(stdout).toContain("ASIA");
      expect(stdout).not.toContain(dead);
    }
  });

  test("a role that is assumed with them names the clock too", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    home.write(
      ".aws/config",
      `${SESSION_CONFIG}[profile deploy]\nrole_arn = arn:aws:iam::100000000003:role/Deploy\nsource_profile = okta\nrole_session_name = ops\nregion = us-east-1\n`,
    );
    setServerClock(home, 2 * HOUR);
    home.emulator.setFault({ route: "AssumeRole", status: 403, error: "ExpiredToken" });
    const result = await home.run(["exec", "deploy", "--", "true"]);
    expect(result, result.stderr).toMatchObject({ exitCode: 5 });
    expect(result.stderr).toContain(
      "(ExpiredToken): the clock of this machine is 2 h behind the service's.",
    );
  });
});
