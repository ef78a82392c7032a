import { describe, expect, test } from "vitest";
import { CORP_TOKEN, SESSION_CONFIG, type Home, type TokenFileJson } from "../support/home.ts";
import { CTRL_C, ENTER, startSession } from "../support/pty.ts";
import { createPkceHome, loginAndFollow } from "../support/redirect.ts";
import { testOnPosixOnly } from "../support/windows.ts";

describe("login --use-pkce", () => {
  test(
    "registers as the AWS CLI does, redeems the code with its verifier, and leaves the same token file",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      const { result, page } = await loginAndFollow(home, ["login", "--use-pkce", "--no-browser"]);
      expect(result, result.stderr).toMatchObject({ exitCode: 0, stdout: "" });
      expect(result.stderr).toMatch(
        /Before you approve, check that the page names "latchkey on [^"]+"\./,
      );
      expect(result.stderr).toMatch(/Signed in to corp\. The token \(good until/);
      expect(result.stderr).not.toMatch(/Code {3}/);
      expect(page?.status).toBe(200);
      expect(await page?.text()).toContain("You can close this window");
      expect(
        home.emulator.journal.entries({ route: "RegisterClient" }).map(({ body }) => body),
      ).toEqual([
        {
          clientName: expect.stringMatching(/^latchkey on /),
          clientType: "public",
          grantTypes: ["authorization_code", "refresh_token"],
          redirectUris: ["http://127.0.0.1/oauth/callback"],
          issuerUrl: "https://emu.awsapps.com/start",
          scopes: ["sso:account:access"],
        },
      ]);
      expect(home.emulator.journal.entries().map(({ route }) => route)).toEqual([
        "RegisterClient",
        "Authorize",
        "CreateToken",
      ]);
      expect(Object.keys(home.readJson<TokenFileJson>(CORP_TOKEN))).toEqual([
        "startUrl",
        "region",
        "accessToken",
        "expiresAt",
        "clientId",
        "clientSecret",
        "registrationExpiresAt",
        "refreshToken",
      ]);
      expect(await home.runJson(["whoami", "okta"])).toMatchObject({ accountId: "100000000001" });
    },
  );

  test(
    "the final page shows nothing of the request, may load nothing, and leaks no address",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      const { page } = await loginAndFollow(home, ["login", "--use-pkce", "--no-browser"]);
      const text = (await page?.text()) ?? "";
      expect(page?.headers.get("content-security-policy")).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
      );
      expect(page?.headers.get("referrer-policy")).toBe("no-referrer");
      expect(page?.headers.get("cache-control")).toBe("no-store");
      expect(text).not.toMatch(/<script|<img|<link|href=|code=/);
      for (const value of new URL(page?.url ?? "").searchParams.values())
        expect(text).not.toContain(value);
    },
  );

  test(
    "the state has 256 random bits, and no two sign-ins share one or a verifier",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      const queries: URLSearchParams[] = [];
      for (const argv of [
        ["login", "--use-pkce", "--no-browser"],
        ["login", "--use-pkce", "--no-browser", "--force"],
      ]) {
        const { result } = await loginAndFollow(home, argv);
        queries.push(new URL(/Open {3}(\S+)/.exec(result.stderr)?.[1] ?? "").searchParams);
      }
      for (const name of ["state", "code_challenge"]) {
        const values = queries.map((query) => query.get(name) ?? "");
        expect(new Set(values).size).toBe(2);
        for (const value of values) expect(Buffer.from(value, "base64url")).toHaveLength(32);
      }
    },
  );

  test("device and redirect have separate registrations", { tags: ["long"] }, async () => {
    const home = await createPkceHome({ autoApprove: { afterPolls: 0 } });
    await loginAndFollow(home, ["login", "--use-pkce", "--no-browser"]);
    await home.run(["login", "--force", "--no-browser"]);
    await loginAndFollow(home, ["login", "--use-pkce", "--no-browser", "--force"]);
    expect(home.emulator.journal.count("RegisterClient")).toBe(2);
    expect(home.list(".aws/latchkey/registrations")).toHaveLength(2);
  });

  test("a refusal on the page exits 9 and leaves nothing", async () => {
    const home = await createPkceHome({ authorize: { mode: "deny" } });
    const { result, page } = await loginAndFollow(home, ["login", "--use-pkce", "--no-browser"]);
    expect(result).toMatchObject({ exitCode: 9, stdout: "" });
    expect(result.stderr).toContain("refused");
    expect(await page?.text()).toContain("refused");
    expect(home.exists(CORP_TOKEN)).toBe(false);
  });

  test(
    "a code that the service rejects exits 9, and the next login registers again",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      home.emulator.setFault({
        route: "CreateToken",
        status: 400,
        error: "InvalidGrantException",
        times: 1,
      });
      expect(
        (await loginAndFollow(home, ["login", "--use-pkce", "--no-browser"])).result,
      ).toMatchObject({
        exitCode: 9,
        stderr: expect.stringContaining("did not accept the code from the browser"),
      });
      expect(
        (await loginAndFollow(home, ["login", "--use-pkce", "--no-browser"])).result,
      ).toMatchObject({ exitCode: 0 });
      expect(home.emulator.journal.count("RegisterClient")).toBe(2);
    },
  );

  test(
    "a named session without scopes asks for the AWS CLI's default; one without a name is refused",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      home.write(
        ".aws/config",
        SESSION_CONFIG.replace("sso_registration_scopes = sso:account:access\n", ""),
      );
      expect(
        (await loginAndFollow(home, ["login", "--use-pkce", "--no-browser"])).result,
      ).toMatchObject({ exitCode: 0 });
      expect(home.emulator.journal.entries({ route: "RegisterClient" })[0]?.body).toMatchObject({
        scopes: ["sso:account:access"],
      });
      const legacy = await home.run([
        "login",
        "--use-pkce",
        "--start-url",
        "https://emu.awsapps.com/start",
        "--sso-region",
        "us-east-1",
      ]);
      expect(legacy).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("--use-pkce needs an SSO session with a name"),
      });
    },
  );

  test("contradicting flags exit 2", async () => {
    const home = await createPkceHome();
    for (const other of ["--use-device-code", "--qr"])
      expect(await home.run(["login", "--use-pkce", other])).toMatchObject({
        exitCode: 2,
        stdout: "",
      });
  });
});

describe("the setting login-flow", () => {
  const listRoutes = (home: Home): string[] =>
    home.emulator.journal.entries().map(({ route }) => route);

  test(
    "selects the flow for all sessions or for one, and a flag wins over it",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome({ autoApprove: { afterPolls: 0 } });
      await home.run(["settings", "--sso-session", "corp", "login-flow", "pkce"]);
      expect((await loginAndFollow(home, ["login", "--no-browser"])).result).toMatchObject({
        exitCode: 0,
      });
      expect(listRoutes(home)).toContain("Authorize");
      home.emulator.journal.clear();
      expect(
        await home.run(["login", "--no-browser", "--use-device-code", "--force"]),
      ).toMatchObject({ exitCode: 0 });
      expect(listRoutes(home)).toContain("StartDeviceAuthorization");
      home.emulator.journal.clear();
      home.write(".aws/config", SESSION_CONFIG.replaceAll("corp", "other"));
      expect(await home.run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
      expect(listRoutes(home)).toContain("StartDeviceAuthorization");
      expect(await home.run(["settings", "login-flow", "browser"])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("device (approve a code), pkce"),
      });
    },
  );

  testOnPosixOnly("Windows is a desktop")(
    "auto selects the code without a display, over SSH, and for a legacy session",
    async () => {
      const home = await createPkceHome({ autoApprove: { afterPolls: 0 } });
      await home.run(["settings", "login-flow", "auto"]);
      for (const env of [
        { DISPLAY: undefined },
        { DISPLAY: ":0", SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22" },
      ]) {
        const result = await home.run(["login", "--force"], { env });
        expect(result, result.stderr).toMatchObject({
          exitCode: 0,
          stderr: expect.stringContaining("Code   "),
        });
        expect(result.stderr).not.toContain("Your browser should open now");
      }
      expect(
        await home.run(
          ["login", "--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1"],
          { env: { DISPLAY: ":0" } },
        ),
      ).toMatchObject({ exitCode: 0 });
      expect(listRoutes(home)).not.toContain("Authorize");
    },
  );
});

describe("a browser on another machine", () => {
  test("without a terminal for pasting, the ssh -L line is shown, with the listening port", async () => {
    const home = await createPkceHome();
    const { result, page } = await loginAndFollow(home, ["login", "--use-pkce"], {
      env: { SSH_CONNECTION: "10.0.0.1 1 10.0.0.2 22", USER: "dev" },
    });
    const port = new URL(page?.url ?? "").port;
    expect(result.stderr).toMatch(
      new RegExp(`\\n  ssh -N -L ${port}:127\\.0\\.0\\.1:${port} dev@\\S+\\n`),
    );
    expect(result.stderr).not.toMatch(/paste/i);
  });

  /** Imitates a browser on another machine, where nothing listens: only the last address is left. */
  async function findAddress(text: string): Promise<string> {
    const url = /Open {3}(\S+(?:\r\n\S+)*)/.exec(text)?.[1]?.replaceAll("\r\n", "") ?? "";
    return (await fetch(url, { redirect: "manual" })).headers.get("location") ?? "";
  }

  test("the browser's last address can be pasted; a wrong one is rejected without being shown", async () => {
    const home = await createPkceHome();
    const session = startSession(home, ["login", "--use-pkce", "--no-browser"], 1000);
    await session.see("Paste the address from the browser");
    const address = await findAddress(session.readText());
    session.type(`http://127.0.0.1/oauth/callback?code=x${ENTER}`);
    await session.see("That is not the complete address of this sign-in");
    session.type("\u0015");
    session.type(`${address}${ENTER}`);
    await session.see("Signed in to corp.");
    expect(await session.ended).toBe(0);
    expect(session.readText()).not.toContain(new URL(address).searchParams.get("code"));
    expect(home.exists(CORP_TOKEN)).toBe(true);
  });

  test("a browser that returns to the loopback port ends the question, and so does Ctrl-C", async () => {
    const home = await createPkceHome();
    const session = startSession(home, ["login", "--use-pkce", "--no-browser"], 1000);
    await session.see("Paste the address from the browser");
    await fetch(await findAddress(session.readText()));
    await session.see("Signed in to corp.");
    expect(await session.ended).toBe(0);
    expect(session.readRaw().lastIndexOf("\u001b[?25l")).toBeLessThanOrEqual(
      session.readRaw().lastIndexOf("\u001b[?25h"),
    );

    const cancelled = startSession(home, ["login", "--use-pkce", "--no-browser", "--force"], 1000);
    await cancelled.see("Paste the address from the browser");
    cancelled.type(CTRL_C);
    expect(await cancelled.ended).toBe(130);
  });
});
