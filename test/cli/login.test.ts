import { statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { CORP_TOKEN, createHome, expireTokenFile, SESSION_CONFIG, signedInHome } from "../support/home.ts";

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
    expect(result.stderr).toMatch(/Open {3}http:\/\/127\.0\.0\.1:\d+\/start\/device\?user_code=[A-Z]{4}-[A-Z]{4}/);
    expect(result.stderr).toMatch(/Approve only what you have just asked for: the page must show this very code and "latchkey on [^"]+"\./);
    expect(result.stderr).toMatch(/Signed in to corp\. The token \(good until \d\d:\d\d, in (1 h|59 min)\) renews itself/);

    const text = home.read(CORP_TOKEN);
    const token = JSON.parse(text);
    expect(Object.keys(token)).toEqual(["startUrl", "region", "accessToken", "expiresAt", "clientId", "clientSecret", "registrationExpiresAt", "refreshToken"]);
    expect(token).toMatchObject({ startUrl: "https://emu.awsapps.com/start", region: "us-east-1", expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/) });
    expect(text).toMatch(/^\{"startUrl": "https:\/\/emu\.awsapps\.com\/start", "region": "us-east-1", /);
    expect(text.endsWith("\n")).toBe(false);
    expect(statSync(join(home.path, CORP_TOKEN)).mode & 0o777).toBe(0o600);
    expect(statSync(join(home.path, ".aws/latchkey")).mode & 0o777).toBe(0o700);
  });

  test("registers with the session's scopes and nothing else, and uses the registration again", async () => {
    const home = await signedInHome();
    await home.run(["login", "--no-browser", "--force"]);
    const registrations = home.emulator.journal.entries({ route: "RegisterClient" });
    expect(registrations).toHaveLength(1);
    expect(registrations[0]?.body).toEqual({ clientName: expect.stringMatching(/^latchkey on /), clientType: "public", scopes: ["sso:account:access"] });
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(2);
  });

  test("is a no-op that says until when while the token is good, after one question to the portal", async () => {
    const home = await signedInHome();
    home.emulator.journal.clear();
    const result = await home.run(["login"]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toMatch(/^Already signed in to corp\. The token \(good until/);
    expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual(["ListAccounts"]);
    expect(await home.runJson(["login"])).toEqual({ session: "corp", startUrl: "https://emu.awsapps.com/start", region: "us-east-1", expiresAt: expect.stringMatching(/Z$/), refreshable: true, alreadySignedIn: true });
  });

  test("a token that the portal refuses leads to a refresh, and a session that is over to a new login", async () => {
    const home = await signedInHome();
    home.emulator.expireAccessTokens();
    home.emulator.journal.clear();
    expect(await home.runJson(["login", "--no-browser"])).toMatchObject({ alreadySignedIn: true });
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(0);
    home.emulator.revokeSessions();
    expect(await home.runJson(["login", "--no-browser"])).toMatchObject({ alreadySignedIn: false });
    expect(home.emulator.journal.count("StartDeviceAuthorization")).toBe(1);
  });

  test("says that a good token is not verified where the service can't be reached, and exits 0", async () => {
    const home = await signedInHome();
    const result = await home.run(["login"], { env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" } });
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
    expect(result.stderr).toContain("latchkey: error: The sign-in was refused on the approval page.");
    expect(result.stderr).toContain("latchkey: hint: Start again: latchkey login");
    expect(home.exists(CORP_TOKEN)).toBe(false);
  });

  test("a code that runs out exits 9", async () => {
    const home = await createHome({ lifetimes: { deviceCodeSeconds: 2 } });
    home.write(".aws/config", SESSION_CONFIG);
    const result = await home.run(["login", "--no-browser", "--json"]);
    expect(result.exitCode).toBe(9);
    expect(JSON.parse(result.stdout)).toEqual({ error: { code: "LOGIN_FAILED", message: expect.stringContaining("ran out"), hint: expect.stringContaining("latchkey login") } });
  });

  test("slow_down adds five seconds to the pace", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 }, slowDown: { next: 1 } });
    home.write(".aws/config", SESSION_CONFIG);
    expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
    const [first, second] = home.emulator.journal.entries({ route: "CreateToken" });
    expect(second!.arrivedAtMs - first!.arrivedAtMs).toBeGreaterThanOrEqual(5900);
  });

  test("a registration that the service has forgotten is made anew once", async () => {
    const home = await signedInHome();
    home.emulator.invalidateClient();
    expect(await home.run(["login", "--no-browser", "--force"])).toMatchObject({ exitCode: 0 });
    expect(home.emulator.journal.count("RegisterClient")).toBe(2);
  });

  test("a start URL and a region without a config make a legacy sign-in under the start URL's name", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    const result = await home.run(["login", "--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1", "--no-browser"]);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain("can't be renewed");
    expect(home.list(".aws/sso/cache")).toHaveLength(1);
    expect(JSON.parse(home.read(`.aws/sso/cache/${home.list(".aws/sso/cache")[0]}`))).not.toHaveProperty("refreshToken");
  });

  test("opens the browser by BROWSER, with the URL that has the code in it, and no shell in between", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const script = home.write("browser.sh", `#!/bin/sh\nprintf '%s' "$*" > ${home.path}/opened\n`, 0o755);
    expect(await home.run(["login"], { env: { BROWSER: script } })).toMatchObject({ exitCode: 0 });
    expect(home.read("opened")).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/start\/device\?user_code=[A-Z]{4}-[A-Z]{4}$/);
  });

  test("a missing browser does not stop the sign-in", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    expect(await home.run(["login"], { env: { BROWSER: "/nonexistent/browser" } })).toMatchObject({ exitCode: 0 });
  });

  test("drops the role credentials cached for the session: they may be another person's", async () => {
    const home = await signedInHome();
    await home.run(["credential-process", "--profile", "okta"]);
    expect(home.list(".aws/latchkey/role-credentials")).toHaveLength(1);
    await home.run(["login", "--force", "--no-browser"]);
    expect(home.list(".aws/latchkey/role-credentials")).toHaveLength(0);
  });
});

describe("logout and status", () => {
  test("logout revokes at the service, removes token and role credentials, and says so as JSON", async () => {
    const home = await signedInHome();
    await home.run(["credential-process", "--profile", "okta"]);
    const { sessions } = await home.runJson(["logout"]);
    expect(sessions).toEqual([{ session: "corp", revoked: true, removed: [expect.stringContaining("sso/cache"), expect.stringContaining("role-credentials")] }]);
    expect(home.emulator.journal.count("Logout", { status: 200 })).toBe(1);
    expect(home.exists(CORP_TOKEN)).toBe(false);
    expect(await home.run(["credential-process", "--profile", "okta"])).toMatchObject({ exitCode: 4 });
  });

  test("logout removes what is here also where the service can't be reached, and says that it was not confirmed", async () => {
    const home = await signedInHome();
    const result = await home.run(["logout"], { env: { AWS_ENDPOINT_URL_SSO: "http://127.0.0.1:1" } });
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).toContain("The service did not confirm it");
    expect(home.exists(CORP_TOKEN)).toBe(false);
  });

  test("logout --all also ends tokens that no session names and sweeps the AWS CLI's cache, but no registration", async () => {
    const home = await signedInHome();
    home.write(".aws/sso/cache/registration.json", '{"clientId": "c", "clientSecret": "s", "expiresAt": "2030-01-01T00:00:00Z"}');
    home.write(".aws/sso/cache/other.json", '{"accessToken": "x", "expiresAt": "2030-01-01T00:00:00Z", "region": "us-east-1", "startUrl": "https://other.awsapps.com/start"}');
    home.write(".aws/cli/cache/a.json", '{"ProviderType": "sso", "Credentials": {}}');
    home.write(".aws/cli/cache/b.json", '{"Credentials": {}}');
    await home.runJson(["logout", "--all"]);
    expect(home.list(".aws/sso/cache")).toEqual(["registration.json"]);
    expect(home.list(".aws/cli/cache")).toEqual(["b.json"]);
  });

  test("status follows a session from signed out to expired, and its exit code is for scripts", async () => {
    const home = await createHome({ autoApprove: { afterPolls: 0 } });
    home.write(".aws/config", SESSION_CONFIG);
    const state = async (): Promise<[string, number]> => {
      const result = await home.run(["status", "--json"]);
      return [JSON.parse(result.stdout)[0].state, result.exitCode];
    };
    expect(await state()).toEqual(["signed-out", 4]);
    await home.run(["login", "--no-browser"]);
    expect(await state()).toEqual(["usable", 0]);
    expireTokenFile(home, CORP_TOKEN);
    expect(await state()).toEqual(["refreshable", 0]);
    const { refreshToken: _gone, ...rest } = JSON.parse(home.read(CORP_TOKEN));
    home.write(CORP_TOKEN, JSON.stringify(rest));
    expect(await state()).toEqual(["expired", 4]);
    home.write(CORP_TOKEN, "{");
    expect(await state()).toEqual(["unreadable", 4]);
  });

  test("status --verify tells what the service says", async () => {
    const home = await signedInHome();
    expect(await home.runJson(["status", "--verify"])).toMatchObject([{ session: "corp", state: "usable", verified: true }]);
    home.emulator.expireAccessTokens();
    expect(await home.runJson(["status", "--verify"])).toMatchObject([{ state: "refreshable", verified: false }]);
  });
});
