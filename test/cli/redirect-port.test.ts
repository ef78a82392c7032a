import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import type { RunResult } from "../support/home.ts";
import { createPkceHome, loginAndFollow } from "../support/redirect.ts";

describe("--redirect-port", () => {
  /** A port that was free a moment ago. */
  async function findFreePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
  }

  const readRedirect = ({ stderr }: RunResult): string =>
    new URL(/Open {3}(\S+)/.exec(stderr)?.[1] ?? "").searchParams.get("redirect_uri") ?? "";

  test(
    "selects a redirect to that port, by flag, by variable and by a session's setting",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      const port = await findFreePort();
      const uri = `http://127.0.0.1:${port}/oauth/callback`;
      const login = ["login", "--no-browser", "--force"];
      const byFlag = await loginAndFollow(home, [...login, "--redirect-port", String(port)]);
      expect(byFlag.result, byFlag.result.stderr).toMatchObject({ exitCode: 0 });
      expect(readRedirect(byFlag.result)).toBe(uri);
      const env = { LATCHKEY_REDIRECT_PORT: String(port) };
      expect(readRedirect((await loginAndFollow(home, login, { env })).result)).toBe(uri);
      await home.run(["settings", "redirect-port", "1"]);
      await home.run(["settings", "--sso-session", "corp", "redirect-port", String(port)]);
      const bySetting = await loginAndFollow(home, [...login, "--use-pkce"]);
      expect(bySetting.result, bySetting.result.stderr).toMatchObject({ exitCode: 0 });
      expect(readRedirect(bySetting.result)).toBe(uri);
      const [registration] = home.emulator.journal.entries({ route: "RegisterClient" });
      expect(registration?.body).toMatchObject({
        redirectUris: ["http://127.0.0.1/oauth/callback"],
      });
      expect(home.emulator.journal.count("RegisterClient")).toBe(1);
    },
  );

  test("does not select the flow by the setting alone", { tags: ["long"] }, async () => {
    const home = await createPkceHome({ autoApprove: { afterPolls: 0 } });
    await home.run(["settings", "redirect-port", "8765"]);
    const result = await home.run(["login", "--no-browser"]);
    expect(result.stderr).toMatch(/Code {3}/);
    expect(result.exitCode).toBe(0);
  });

  test("is in the ssh -L line over SSH", { tags: ["long"] }, async () => {
    const home = await createPkceHome();
    const port = await findFreePort();
    const env = { SSH_CONNECTION: "10.0.0.1 50000 10.0.0.2 22" };
    const { result } = await loginAndFollow(home, ["login", "--redirect-port", String(port)], {
      env,
    });
    expect(result.stderr).toContain(`ssh -N -L ${port}:127.0.0.1:${port} `);
  });

  test(
    "is reported if the port is in use, with what to do, before any request",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const result = await home.run(["login", "--no-browser", "--redirect-port", String(port)]);
      server.close();
      expect(result).toMatchObject({ exitCode: 9, stdout: "" });
      expect(result.stderr).toBe(
        `latchkey: error: latchkey can't listen on port ${port} of 127.0.0.1 for the browser's redirect: another program uses it (EADDRINUSE).\nlatchkey: hint: Give another port with --redirect-port.\n`,
      );
      expect(home.emulator.journal.entries()).toEqual([]);
    },
  );

  test(
    "accepts only ports from 1 to 65535, in flag, variable and setting",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      for (const value of ["0", "65536", "-1", "http", "80.5", "8 0", "99999"]) {
        const byFlag = await home.run(["login", `--redirect-port=${value}`]);
        expect(byFlag, value).toMatchObject({ exitCode: 2 });
        expect(byFlag.stderr).toContain("--redirect-port");
        const env = { LATCHKEY_REDIRECT_PORT: value };
        expect(await home.run(["login"], { env }), value).toMatchObject({ exitCode: 2 });
        expect(await home.run(["settings", "redirect-port", "--", value]), value).toMatchObject({
          exitCode: 2,
        });
      }
    },
  );

  test(
    "is rejected with a code, and with a session without a name",
    { tags: ["long"] },
    async () => {
      const home = await createPkceHome();
      for (const flag of ["--use-device-code", "--qr"])
        expect(await home.run(["login", "--redirect-port", "8765", flag])).toMatchObject({
          exitCode: 2,
        });
      const legacy = ["--start-url", "https://emu.awsapps.com/start", "--sso-region", "us-east-1"];
      expect(await home.run(["login", "--redirect-port", "8765", ...legacy])).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining("--redirect-port"),
      });
    },
  );
});
