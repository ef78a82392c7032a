import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import {
  createSelfSigned,
  startConnectProxy,
  startSocksProxy,
  startTlsFront,
} from "../faults/support/raw-servers.ts";
import { createSignedInHome, type Home } from "../support/home.ts";
import { isOnWindows } from "../support/windows.ts";

/** The way through each kind of proxy; test/aws/proxy.test.ts has a row for every value of the variables. */

const ROLE = ["credential-process", "--profile", "okta"];

/** The portal behind TLS, with a host name that only a proxy can resolve. */
async function startPortal() {
  const home = await createSignedInHome();
  const certificate = createSelfSigned(home, "proxied", ["portal.example.test"]);
  const front = await startTlsFront(home, certificate);
  const run = async (proxies: Record<string, string>) => {
    dropRoleCredentials(home);
    const env = {
      AWS_ENDPOINT_URL_SSO: "https://portal.example.test",
      AWS_CA_BUNDLE: certificate.certificate,
    };
    return home.run(ROLE, { env: { ...env, ...proxies } });
  };
  return { run, port: Number(URL.parse(front.url)?.port) };
}

function dropRoleCredentials(home: Home): void {
  rmSync(`${home.path}/.aws/latchkey/role-credentials`, { recursive: true, force: true });
}

test(
  "a SOCKS5 proxy is used, with its login, and resolves the name; a bare host and port is an HTTP proxy",
  { tags: ["long"] },
  async () => {
    const { run, port } = await startPortal();
    const socks = await startSocksProxy(port, { user: "corp\\me", password: "p@ss" });
    expect(await run({ HTTPS_PROXY: `socks5://corp%5Cme:p%40ss@${socks.host}` })).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    expect(socks.asked).toEqual(["portal.example.test:443"]);

    const proxy = await startConnectProxy(port);
    // Variable names are case-insensitive on Windows.
    const other = isOnWindows ? {} : { HTTPS_PROXY: "http://127.0.0.1:1" };
    expect(await run({ https_proxy: `corp%5Cme:p@ss@${proxy.host}/`, ...other })).toMatchObject({
      exitCode: 0,
      stderr: "",
    });
    expect(proxy.asked).toEqual([
      {
        target: "portal.example.test:443",
        authorization: `Basic ${Buffer.from("corp\\me:p@ss").toString("base64")}`,
      },
    ]);
  },
);

test(
  "NO_PROXY excludes hosts that end in it at a dot, and an empty https_proxy excludes all",
  { tags: ["long"] },
  async () => {
    const { run, port } = await startPortal();
    const proxy = await startConnectProxy(port);
    for (const env of [
      { HTTPS_PROXY: proxy.host, NO_PROXY: "other.test, example.test" },
      // Variable names are case-insensitive on Windows.
      { ...(isOnWindows ? {} : { HTTPS_PROXY: proxy.host }), https_proxy: "" },
    ])
      expect(await run(env)).toMatchObject({
        exitCode: 6,
        stderr: expect.stringMatching(/portal\.example\.test could not be reached/),
      });
    expect(proxy.asked).toEqual([]);
    expect(
      await run({ HTTPS_PROXY: proxy.host, NO_PROXY: "mple.test,*.example.test" }),
    ).toMatchObject({ exitCode: 0, stderr: "" });
    expect(proxy.asked).toHaveLength(1);
  },
);

test(
  "an invalid proxy variable is a configuration error that names it without its value",
  { tags: ["long"] },
  async () => {
    const { run } = await startPortal();
    for (const value of [
      "socks4://me:hunter2@proxy.test:1080",
      "http://me:hunter2/x@proxy.test:3128",
      " http://me:hunter2@proxy.test:3128",
      "http://corp\\me:hunter2@proxy.test:3128",
      "HTTP://me:hunter2@proxy.test:3128",
    ]) {
      const result = await run({ https_proxy: value });
      expect(result, value).toMatchObject({
        exitCode: 7,
        stdout: "",
        stderr: expect.stringMatching(
          /^latchkey: error: https_proxy .*\nlatchkey: hint: .*http:\/\/\S*HOST:PORT/s,
        ),
      });
      expect(result.stderr).not.toMatch(/hunter2|me:/);
    }
  },
);
