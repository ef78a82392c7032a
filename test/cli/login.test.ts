/** @module-tag long */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { clockTimePattern } from "../support/clock-time.ts";
import type { ErrorJson } from "../../src/errors.ts";
import {
  CORP_TOKEN,
  createHome,
  SESSION_CONFIG,
  parseOutput,
  createSignedInHome,
  type Home,
  type TokenFileJson,
} from "../support/home.ts";
import { createNotingBrowser } from "../support/browser.ts";
import { expectMode, testOnPosixOnly, isOnWindows } from "../support/windows.ts";

const secrets = (text: string): string =>
  text.replace(/"(accessToken|refreshToken|clientId|clientSecret)": ?"[^"]+"/g, '"$1":"…"');
const times = (text: string): string => text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, "TIME");

/** Each folder and file below a home: its mode, and its text without secrets and times. */
function readEverything(home: Home): Record<string, string> {
  const paths = readdirSync(home.path, { recursive: true, encoding: "utf8" });
  return Object.fromEntries(
    paths.map((path) => {
      const stat = statSync(join(home.path, path));
      // Windows has no modes, so only the text is compared there.
      const mode = isOnWindows ? "" : (stat.mode & 0o777).toString(8);
      const text = (): string => home.read(path).replace(/"(signInId|stamp)":"[^"]*"/g, `"$1":"…"`);
      return [path, stat.isFile() ? `${mode} ${times(secrets(text()))}` : mode];
    }),
  );
}

describe("login", () => {
  test("shows the code, the URL and the client's name, waits for a person, and leaves the AWS CLI's token file", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    let approved = false;
    const result = await home.run(["login", "--no-browser"], {
      onStderr(text) {
        const code = /Code\s+([A-Z]{4}-[A-Z]{4})/.exec(text)?.[1];
        if (code !== undefined && !approved) {
          approved = true;
          home.emulator.approveDevice(code);
        }
      },
    });
    expect(result).toMatchObject({ exitCode: 0, stdout: "" });
    expect(result.stderr).toMatch(
      /Open {3}http:\/\/127\.0\.0\.1:\d+\/start\/device\?user_code=[A-Z]{4}-[A-Z]{4}/,
    );
    expect(result.stderr).toMatch(
      /Before you approve, check that the page shows this code and "latchkey on [^"]+"\./,
    );

    const text = home.read(CORP_TOKEN);
    const token = home.readJson<TokenFileJson>(CORP_TOKEN);
    const until = clockTimePattern(token.expiresAt);
    expect(result.stderr).toMatch(
      new RegExp(
        `Signed in to corp\\. The token \\(good until ${until}, in (1 h|59 min)\\) renews itself`,
      ),
    );
    expect(Object.keys(token)).toEqual([
      "startUrl",
      "region",
      "accessToken",
      "expiresAt",
      "clientId",
      "clientSecret",
      "registrationExpiresAt",
      "refreshToken",
    ]);
    expect(token).toMatchObject({
      startUrl: "https://emu.awsapps.com/start",
      region: "us-east-1",
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(text).toMatch(
      /^\{"startUrl": "https:\/\/emu\.awsapps\.com\/start", "region": "us-east-1", /,
    );
    expect(text.endsWith("\n")).toBe(false);
    expectMode(join(home.path, CORP_TOKEN), 0o600);
    expectMode(join(home.path, ".aws/latchkey"), 0o700);
  });

  test("leaves the same files, keys and modes as the tests' prepared signed-in homes", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const login = await home.run(["login", "--no-browser"]);
    expect(login, login.stderr).toMatchObject({ exitCode: 0 });
    const left = readEverything(home);
    expect(Object.keys(left).filter((path) => path.endsWith(".json"))).toHaveLength(3);
    expect(readEverything(await createSignedInHome())).toEqual(left);
  });

  test("registers with the session's scopes only, and uses the registration again", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    await home.run(["login", "--no-browser"]);
    await home.run(["login", "--no-browser", "--force"]);
    const registrations = home.emulator.journal.entries({ route: "RegisterClient" });
    expect(registrations).toHaveLength(1);
    expect(registrations[0]?.body).toEqual({
      clientName: expect.stringMatching(/^latchkey on /),
      clientType: "public",
      scopes: ["sso:account:access"],
    });
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(2);
  });

  test("does nothing while the token is valid, and prints its expiry after one request to the portal", async () => {
    const home = await createSignedInHome();
    home.emulator.journal.clear();
    const result = await home.run(["login"]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toMatch(/^Already signed in to corp\. The token \(good until/);
    expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual(["ListAccounts"]);
    expect(await home.runJson(["login"])).toEqual({
      session: "corp",
      startUrl: "https://emu.awsapps.com/start",
      region: "us-east-1",
      expiresAt: expect.stringMatching(/Z$/),
      refreshable: true,
      alreadySignedIn: true,
    });
  });

  test("a token that the portal refuses leads to a refresh, and an ended session to a new login", async () => {
    const home = await createSignedInHome();
    home.emulator.expireAccessTokens();
    home.emulator.journal.clear();
    expect(await home.runJson(["login", "--no-browser"])).toMatchObject({ alreadySignedIn: true });
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(0);
    home.emulator.revokeSessions();
    expect(await home.runJson(["login", "--no-browser"])).toMatchObject({ alreadySignedIn: false });
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
  });

  test("reports that a valid token is not verified if the service can't be reached, and exits 0", async () => {
    const home = await createSignedInHome();
    const result = await home.run(["login"], {
      env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" },
    });
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toContain("Not verified: the service could not be reached.");
  });

  test("a denied code exits 9 at once and leaves nothing", async () => {
    const home = await createHome();
    home.write(".aws/config", SESSION_CONFIG);
    let denied = false;
    const result = await home.run(["login", "--no-browser"], {
      onStderr(text) {
        const code = /Code\s+(\S+)/.exec(text)?.[1];
        if (code === undefined || denied) return;
        denied = true;
        home.emulator.denyDevice(code);
      },
    });
    expect(result).toMatchObject({ exitCode: 9, stdout: "" });
    expect(result.stderr).toContain(
      "latchkey: error: The sign-in was refused on the approval page.",
    );
    expect(result.stderr).toContain("latchkey: hint: Start again: latchkey login");
    expect(home.exists(CORP_TOKEN)).toBe(false);
  });

  test("an expired code exits 9", async () => {
    const home = await createHome({ lifetimes: { deviceCodeSeconds: 2 } });
    home.write(".aws/config", SESSION_CONFIG);
    const result = await home.run(["login", "--no-browser", "--json"]);
    expect(result.exitCode).toBe(9);
    expect(parseOutput<ErrorJson>(result)).toEqual({
      error: {
        code: "LOGIN_FAILED",
        message: expect.stringContaining("The code expired"),
        hint: expect.stringContaining("latchkey login"),
      },
    });
  });

  test("slow_down adds five seconds to the polling interval", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 }, slowDown: { next: 1 } });
    home.write(".aws/config", SESSION_CONFIG);
    expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
    const [first, second] = home.emulator.journal.entries({ route: "CreateToken" });
    expect(second!.arrivedAtMs - first!.arrivedAtMs).toBeGreaterThanOrEqual(5900);
  });

  test("a registration that the service has forgotten is made again once", async () => {
    const home = await createSignedInHome();
    home.emulator.invalidateClient();
    expect(await home.run(["login", "--no-browser", "--force"])).toMatchObject({ exitCode: 0 });
    expect(home.emulator.journal.count("RegisterClient")).toBe(1);
  });

  test("a start URL and a region without a config make a legacy sign-in named after the start URL", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    const result = await home.run([
      "login",
      "--start-url",
      "https://emu.awsapps.com/start",
      "--sso-region",
      "us-east-1",
      "--no-browser",
    ]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain("can't be renewed");
    expect(home.list(".aws/sso/cache")).toHaveLength(1);
    expect(
      home.readJson<TokenFileJson>(`.aws/sso/cache/${home.list(".aws/sso/cache")[0]}`),
    ).not.toHaveProperty("refreshToken");
  });

  test("opens the browser of BROWSER, with the URL that contains the code, and without a shell", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const script = createNotingBrowser(home);
    expect(await home.run(["login"], { env: { BROWSER: script } })).toMatchObject({ exitCode: 0 });
    expect(home.read("opened")).toMatch(
      /^http:\/\/127\.0\.0\.1:\d+\/start\/device\?user_code=[A-Z]{4}-[A-Z]{4}$/,
    );
  });

  test("a session's own browser command wins over the general one and over BROWSER, and %s becomes the URL", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const script = createNotingBrowser(home);
    await home.run(["settings", "browser", `${script} general`]);
    await home.run([
      "settings",
      "--sso-session",
      "corp",
      "browser",
      `${script} --profile work --private-window %s`,
    ]);
    expect(await home.run(["login"], { env: { BROWSER: "/bin/false" } })).toMatchObject({
      exitCode: 0,
    });
    expect(home.read("opened")).toMatch(
      /^--profile\|work\|--private-window\|http:\/\/127\.0\.0\.1:\d+\/start\/device\?user_code=[A-Z-]{9}$/,
    );
    await home.run(["settings", "--sso-session", "corp", "browser", "--unset"]);
    expect(await home.run(["login", "--force"], { env: { BROWSER: "/bin/false" } })).toMatchObject({
      exitCode: 0,
    });
    expect(home.read("opened")).toMatch(/^general\|http/);
  });

  testOnPosixOnly("WSL is Linux")(
    "in WSL, Windows' browser is opened by WSL's own opener",
    async () => {
      const home = await createHome({ autoApprove: { afterPolls: 0 } });
      home.write(".aws/config", SESSION_CONFIG);
      home.write("bin/wslview", `#!/bin/sh\nprintf '%s' "$*" > ${home.path}/opened\n`, 0o755);
      const result = await home.run(["login"], {
        env: { WSL_DISTRO_NAME: "Debian", PATH: `${home.path}/bin:${home.env["PATH"]}` },
      });
      expect(result).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining("Your browser should open now."),
      });
      expect(home.read("opened")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/start\/device\?user_code=/);
    },
  );

  testOnPosixOnly("Windows is a desktop")(
    "in CI with permission to sign in, without a terminal and a browser, it prints code and URL on stderr and waits",
    async () => {
      const home = await createHome({ autoApprove: { afterPolls: 2 } });
      home.write(".aws/config", SESSION_CONFIG);
      await home.run(["settings", "agents", "allow"]);
      const result = await home.run(["login"], { env: { CI: "true" } });
      expect(result).toMatchObject({ exitCode: 0, stdout: "" });
      expect(result.stderr).toMatch(/Code {3}[A-Z]{4}-[A-Z]{4}\n {2}Open {3}http/);
      expect(result.stderr).not.toContain("Your browser should open now.");
      expect(home.emulator.journal.count("CreateToken")).toBe(3);
    },
  );

  test("a missing browser does not stop the sign-in", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    expect(await home.run(["login"], { env: { BROWSER: "/nonexistent/browser" } })).toMatchObject({
      exitCode: 0,
    });
  });

  test("deletes the role credentials cached for the session: they may be another person's", async () => {
    const home = await createSignedInHome();
    await home.run(["credential-process", "--profile", "okta"]);
    expect(home.list(".aws/latchkey/role-credentials")).toHaveLength(1);
    await home.run(["login", "--force", "--no-browser"]);
    expect(home.list(".aws/latchkey/role-credentials")).toHaveLength(0);
  });
});
