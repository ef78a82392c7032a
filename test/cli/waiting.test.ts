import { describe, expect, test } from "vitest";
import {
  startConnectProxy,
  startHttpServer,
  startSocksProxy,
  startTcpServer,
} from "../faults/support/raw-servers.ts";
import { createSignedInHome } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { CTRL_C, startSession } from "../support/pty.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** What users see if the network does not answer, and how long they wait. */

const startSilent = () => startTcpServer(() => undefined);
const toPortal = (url: string) => ({ AWS_ENDPOINT_URL_SSO: url });
const WAITS = /waiting for 127\.0\.0\.1:\d+ · (\d+) s · Ctrl-C to stop/;

describe("at a terminal, without an answer", () => {
  test(
    "accounts, exec and whoami show after 2 s what they wait for and how long, and end after 10 s with the hop and a hint for a longer wait",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      const { url } = await startSilent();
      const watch = async (argv: readonly string[]): Promise<void> => {
        // Each in its own home: callers of the same role wait for each other.
        const home = await createSignedInHome();
        const started = performance.now();
        const session = startSession(home, argv, 100, toPortal(url));
        await session.see(WAITS);
        const shownAfter = performance.now() - started;
        await session.see(/· [4-9] s ·/);
        expect(await session.ended).toBe(6);
        expect(shownAfter).toBeGreaterThan(2_000);
        expect(performance.now() - started).toBeLessThan(patience(20_000));
        expect(session.readText()).toMatch(
          /did not answer within 10 s\.\r\nlatchkey: hint: .*--timeout 60/,
        );
        // The line is removed before the error, not left next to it.
        const [shown = ""] = session.readRaw().split("did not answer");
        expect(shown.slice(shown.lastIndexOf("waiting for "))).toContain("\r\u001b[2K");
      };
      await Promise.all(
        [["accounts"], ["exec", "okta", "--", "true"], ["whoami", "okta"]].map(watch),
      );
    },
  );

  test("--timeout makes the wait shorter or longer", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const { url } = await startSilent();
    const started = performance.now();
    const session = startSession(home, ["accounts", "--timeout", "3"], 100, toPortal(url));
    expect(await session.ended).toBe(6);
    expect(performance.now() - started).toBeLessThan(patience(9_000));
    expect(session.readText()).toContain("in 3 s.");
  });

  test("Ctrl-C ends the wait at once with 130", { tags: ["long"] }, async () => {
    const home = await createSignedInHome();
    const { url } = await startSilent();
    const session = startSession(home, ["accounts"], 100, toPortal(url));
    await session.see(WAITS);
    session.type(CTRL_C);
    expect(await session.ended).toBe(130);
  });

  test(
    "any response counts as an answer: retries after HTTP 429 continue beyond --timeout",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      const home = await createSignedInHome();
      const { url, seen } = await startHttpServer(() => ({ status: 429 }));
      const session = startSession(home, ["whoami", "okta", "--timeout", "1"], 100, toPortal(url));
      expect(await session.ended).toBe(6);
      expect(session.readText()).toContain("is throttling requests (HTTP 429)");
      expect(seen.length).toBe(8);
    },
  );
});

test(
  "in a pipe nothing is drawn while it waits, and --timeout ends it too",
  { tags: ["long"], timeout: patience(30_000) },
  async () => {
    const home = await createSignedInHome();
    const { url } = await startSilent();
    const result = await home.run(["accounts", "--json", "--timeout", "4"], { env: toPortal(url) });
    expect(result.exitCode).toBe(6);
    expect(result.stderr).toBe("");
    expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: "UNREACHABLE" } });
  },
);

describe("the failed hop is named, with a hint of its own", () => {
  const HOST = "https://portal.example";
  const LOOKUP = "https://portal.invalid";

  test.each<[string, () => Promise<Record<string, string>>, RegExp, RegExp]>([
    [
      "a closed port",
      async () => toPortal("http://127.0.0.1:1"),
      /could not be reached \(ECONNREFUSED\): nothing listens at 127\.0\.0\.1:1\./,
      /network/,
    ],
    [
      "an unknown host name",
      async () => toPortal(LOOKUP),
      /portal\.invalid could not be reached \(E\w+\): the name portal\.invalid was not found\./,
      /network/,
    ],
    [
      "a connection that is closed early",
      async () => toPortal((await startTcpServer((socket) => socket.destroy())).url),
      /could not be reached \([^)]+\): 127\.0\.0\.1:\d+ cut the connection\./,
      /network/,
    ],
    [
      "a proxy that does not run",
      async () => ({ ...toPortal(HOST), HTTPS_PROXY: "http://127.0.0.1:1" }),
      /The proxy 127\.0\.0\.1:1 could not be reached \(ECONNREFUSED\): nothing answers there\./,
      /unset HTTPS_PROXY https_proxy/,
    ],
    [
      "a proxy with an unknown host name",
      async () => ({ ...toPortal(HOST), https_proxy: "http://proxy.invalid:3128" }),
      /The proxy proxy\.invalid:3128 could not be reached \(E\w+\): its name was not found\./,
      /unset HTTPS_PROXY https_proxy/,
    ],
    [
      "a proxy that requires a login",
      async () => {
        const proxy = await startConnectProxy(1, "407 Proxy Authentication Required");
        return { ...toPortal(HOST), HTTPS_PROXY: `http://${proxy.host}` };
      },
      /The proxy 127\.0\.0\.1:\d+ requires a user name and password \(HTTP 407\)\./,
      /HTTPS_PROXY=http:\/\/USER:PASSWORD@/,
    ],
    [
      "a proxy that refuses the login",
      async () => {
        const proxy = await startConnectProxy(1, "407 Proxy Authentication Required");
        return { ...toPortal(HOST), HTTPS_PROXY: `http://me:hunter2@${proxy.host}` };
      },
      /The proxy 127\.0\.0\.1:\d+ rejected the user name and password in HTTPS_PROXY \(HTTP 407\)\./,
      /USER:PASSWORD/,
    ],
    [
      "a proxy that forbids the host",
      async () => {
        const proxy = await startConnectProxy(1, "403 Forbidden");
        return { ...toPortal(HOST), HTTPS_PROXY: `http://${proxy.host}` };
      },
      /The proxy 127\.0\.0\.1:\d+ does not let requests to portal\.example through \(HTTP 403\)\./,
      /NO_PROXY/,
    ],
    [
      "a proxy that can't reach the host",
      async () => {
        const proxy = await startConnectProxy(1, "502 Bad Gateway");
        return { ...toPortal(HOST), HTTPS_PROXY: proxy.host };
      },
      /The proxy 127\.0\.0\.1:\d+ could not reach portal\.example \(HTTP 502\)\./,
      /NO_PROXY/,
    ],
    [
      "a proxy without a scheme, whose user and password are not shown",
      async () => ({ ...toPortal(HOST), HTTPS_PROXY: "me:hunter2@proxy.invalid:3128" }),
      /The proxy proxy\.invalid:3128 could not be reached \(E\w+\): its name was not found\./,
      /unset HTTPS_PROXY https_proxy/,
    ],
    [
      "a SOCKS proxy that does not run",
      async () => ({ ...toPortal(HOST), HTTPS_PROXY: "socks5://127.0.0.1:1" }),
      /The proxy 127\.0\.0\.1:1 could not be reached \(ECONNREFUSED\): nothing answers there\./,
      /unset HTTPS_PROXY https_proxy/,
    ],
    [
      "a SOCKS proxy that refuses the login",
      async () => {
        const proxy = await startSocksProxy(1, { user: "me", password: "another" });
        return { ...toPortal(HOST), HTTPS_PROXY: `socks5://me:hunter2@${proxy.host}` };
      },
      /The proxy 127\.0\.0\.1:\d+ rejected the user name and password in HTTPS_PROXY\./,
      /export HTTPS_PROXY=socks5:\/\/USER:PASSWORD@/,
    ],
    [
      "a SOCKS proxy that can't reach the host",
      async () => ({
        ...toPortal(HOST),
        HTTPS_PROXY: `socks5h://${(await startSocksProxy(1)).host}`,
      }),
      /The proxy 127\.0\.0\.1:\d+ could not reach portal\.example\./,
      /NO_PROXY/,
    ],
    [
      "a socks5:// address of an HTTP proxy",
      async () => ({
        ...toPortal(HOST),
        HTTPS_PROXY: `socks5://${(await startHttpServer(() => ({ status: 400 }))).url.slice(7)}`,
      }),
      /The proxy 127\.0\.0\.1:\d+ does not speak SOCKS5, which socks5:\/\/ in HTTPS_PROXY requires\./,
      /export HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+$/m,
    ],
    [
      "a proxy that closes the connection",
      async () => ({
        ...toPortal(HOST),
        HTTPS_PROXY: (await startTcpServer((socket) => socket.destroy())).url,
      }),
      /The proxy 127\.0\.0\.1:\d+ could not be reached \(ECONNRESET\): it cut the connection\./,
      /unset HTTPS_PROXY https_proxy/,
    ],
    [
      "an https:// address of a proxy without TLS",
      async () => {
        const proxy = await startConnectProxy(1);
        return { ...toPortal(HOST), HTTPS_PROXY: `https://${proxy.host}` };
      },
      /The proxy 127\.0\.0\.1:\d+ does not speak TLS, which https:\/\/ in HTTPS_PROXY requires\./,
      /export HTTPS_PROXY=http:\/\/127\.0\.0\.1:\d+$/m,
    ],
    [
      "a proxy that accepts the connection and never answers",
      async () => ({ ...toPortal(HOST), HTTPS_PROXY: (await startSilent()).url }),
      /The proxy 127\.0\.0\.1:\d+ did not answer within \d s\./,
      /unset HTTPS_PROXY https_proxy/,
    ],
  ])("%s", { tags: ["long"], timeout: patience(30_000) }, async (_what, makeEnv, message, hint) => {
    if (message.source.includes("ECONNREFUSED"))
      leaveOutOnWindows("Wine reports a refused connection as a closed one");
    const home = await createSignedInHome();
    const result = await home.run(["accounts", "--timeout", "2"], { env: await makeEnv() });
    expect(result, result.stderr).toMatchObject({ exitCode: 6, stdout: "" });
    const [error = "", cure = ""] = result.stderr.split("latchkey: hint: ");
    expect(error).toMatch(message);
    expect(cure).toMatch(hint);
    expect(result.stderr).not.toContain("hunter2");
  });
});
