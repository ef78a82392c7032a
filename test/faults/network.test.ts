import { describe, expect } from "vitest";
import { CORP_TOKEN, expireTokenFile, createSignedInHome, type Home } from "../support/home.ts";
import { expectInvariant, takeSnapshot } from "./support/invariant.ts";
import { ROLE } from "./support/injection.ts";
import {
  startConnectProxy,
  startHttpServer,
  createSelfSigned,
  startTcpServer,
  startTlsFront,
} from "./support/raw-servers.ts";
import { row } from "./support/row.ts";
import { patience } from "../support/patience.ts";

const portalVariables = (url: string) => ({ env: { AWS_ENDPOINT_URL_SSO: url } });
const measureSeconds = async <T>(work: Promise<T>): Promise<[T, number]> => {
  const started = performance.now();
  return [await work, (performance.now() - started) / 1000];
};

describe("networks", () => {
  row(
    30,
    "no listener or no such host name: exit 6 soon with the host; cached credentials are served",
    async () => {
      const home = await createSignedInHome();
      for (const [url, host] of [
        ["http://127.0.0.1:1", "127.0.0.1:1"],
        ["https://portal.invalid", "portal.invalid"],
      ] as const) {
        const [result, took] = await measureSeconds(home.run(ROLE, portalVariables(url)));
        expect(result, url).toMatchObject({
          exitCode: 6,
          stdout: "",
          stderr: expect.stringContaining(`${host} could not be reached (E`),
        });
        expect(took).toBeLessThan(patience(20));
      }
      const served = await home.run(ROLE);
      expect(await home.run(ROLE, portalVariables("http://127.0.0.1:1"))).toEqual(served);
    },
  );

  row(
    31,
    "answers cut in the body, before their length or in a chunk are requested again, and never kept in part",
    async () => {
      const home = await createSignedInHome();
      const before = takeSnapshot(home);
      for (const fault of [
        { drop: "before" as const },
        { drop: "mid-body" as const },
        { truncate: 40 },
      ]) {
        home.emulator.clearFaults();
        home.emulator.setFault({ route: "GetRoleCredentials", ...fault, times: 2 });
        home.emulator.journal.clear();
        const result = await home.run([...ROLE.slice(0, 4), "100000000002", ...ROLE.slice(5)]);
        expect(result, JSON.stringify(fault)).toMatchObject({ exitCode: 0, stderr: "" });
        expect(home.emulator.journal.count("GetRoleCredentials")).toBe(3);
        expectInvariant(home, before, result);
        await home.run(["logout"]);
        await home.run(["login", "--no-browser"]);
      }
      const chunked = await startTcpServer((socket) =>
        socket.end(
          'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n20\r\n{"roleCredentials":',
        ),
      );
      const cut = await home.run(ROLE, portalVariables(chunked.url));
      expect(cut).toMatchObject({ exitCode: 6, stdout: "" });
      expect(chunked.connections()).toBeGreaterThan(1);
      expect(home.list(".aws/latchkey/role-credentials")).toEqual([]);
    },
    patience(90_000),
  );

  row(
    31,
    "a refresh whose answer is cut is sent once more, and no third time: the token may be spent",
    async () => {
      const home = await createSignedInHome();
      expireTokenFile(home, CORP_TOKEN);
      home.emulator.setFault({ route: "CreateToken", drop: "mid-body", times: 5 });
      home.emulator.journal.clear();
      expect(await home.run(ROLE)).toMatchObject({ exitCode: 6, stdout: "" });
      expect(home.emulator.journal.count("CreateToken")).toBe(2);
    },
  );

  row(
    32,
    "latchkey gives up in time on a server that sends a byte a second, or nothing",
    async () => {
      const home = await createSignedInHome();
      const drip = await startTcpServer((socket) => {
        socket.write(
          "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
        );
        const timer = setInterval(() => socket.write(" "), 1000);
        socket.on("close", () => clearInterval(timer));
      });
      const silent = await startTcpServer(() => undefined);
      const results = await Promise.all([
        measureSeconds(home.run(ROLE, portalVariables(drip.url))),
        measureSeconds(
          home.run(
            [...ROLE.slice(0, 4), "100000000002", ...ROLE.slice(5)],
            portalVariables(silent.url),
          ),
        ),
      ]);
      for (const [result, took] of results) {
        expect(result).toMatchObject({ exitCode: 6, stdout: "" });
        expect(took).toBeLessThan(46);
      }
      expect(drip.connections()).toBeGreaterThan(0);
      expect(silent.connections()).toBeGreaterThan(0);
    },
    patience(120_000),
  );

  row(
    33,
    "a web page, a redirect or a proxy that asks for a password is reported, and the token is sent nowhere else",
    async () => {
      const home = await createSignedInHome();
      const elsewhere = await startHttpServer(() => ({ status: 200, body: "{}" }));
      const page = await startHttpServer(() => ({
        status: 200,
        headers: { "content-type": "text/html; charset=utf-8" },
        body: "<html>Sign in to Wi-Fi",
      }));
      const redirect = await startHttpServer(() => ({
        status: 302,
        headers: { location: `${elsewhere.url}/login` },
      }));
      for (const server of [page, redirect]) {
        expect(await home.run(ROLE, portalVariables(server.url))).toMatchObject({
          exitCode: 6,
          stdout: "",
          stderr: expect.stringContaining("captive portal"),
        });
        expect(server.seen).toHaveLength(1);
      }
      expect(elsewhere.seen).toEqual([]);
      const proxy = await startConnectProxy(1, "407 Proxy Authentication Required");
      const refused = await home.run(ROLE, {
        env: {
          AWS_ENDPOINT_URL_SSO: "https://portal.example",
          HTTPS_PROXY: `http://user:hunter2@${proxy.host}`,
        },
      });
      expect(refused).toMatchObject({
        exitCode: 6,
        stdout: "",
        stderr: expect.stringContaining(`The proxy ${proxy.host}`),
      });
      expect(refused.stderr).not.toMatch(/user:|hunter2/);
      expect(proxy.asked.length).toBeGreaterThan(0);
    },
  );
});

describe("TLS and proxies", () => {
  row(
    34,
    "a certificate that is self-signed, expired or for another host: exit 6 at once with the cure, no request",
    async () => {
      const home = await createSignedInHome();
      const cases = [
        ["self-signed", createSelfSigned(home, "a", ["127.0.0.1"]), undefined],
        ["over", createSelfSigned(home, "b", ["127.0.0.1"], true), "b.pem"],
        ["another host", createSelfSigned(home, "c", ["other.example"]), "c.pem"],
      ] as const;
      for (const [what, certificate, bundle] of cases) {
        const front = await startTlsFront(home, certificate);
        const trusted = bundle === undefined ? {} : { AWS_CA_BUNDLE: `${home.path}/${bundle}` };
        const [result, took] = await measureSeconds(
          home.run(ROLE, {
            env: { AWS_ENDPOINT_URL_SSO: front.url, NODE_TLS_REJECT_UNAUTHORIZED: "0", ...trusted },
          }),
        );
        expect(result, what).toMatchObject({
          exitCode: 6,
          stdout: "",
          stderr: expect.stringContaining("AWS_CA_BUNDLE"),
        });
        expect(front.requests(), what).toBe(0);
        expect(took, what).toBeLessThan(patience(10));
      }
    },
  );

  row(
    36,
    "a proxy is used except for NO_PROXY and localhost, alone gets its password; a dead one is named without its user",
    async () => {
      const home = await createSignedInHome();
      const certificate = createSelfSigned(home, "proxied", ["portal.example"]);
      const front = await startTlsFront(home, certificate);
      const proxy = await startConnectProxy(Number(URL.parse(front.url)?.port));
      const env = {
        AWS_ENDPOINT_URL_SSO: "https://portal.example",
        AWS_CA_BUNDLE: certificate.certificate,
        HTTPS_PROXY: `http://user:hunter2@${proxy.host}`,
      };
      expect(await home.run(ROLE, { env })).toMatchObject({ exitCode: 0, stderr: "" });
      expect(proxy.asked).toEqual([
        {
          target: "portal.example:443",
          authorization: `Basic ${Buffer.from("user:hunter2").toString("base64")}`,
        },
      ]);
      expect(
        home.emulator.journal.entries().filter(({ headers }) => "proxy-authorization" in headers),
      ).toEqual([]);
      await drop(home);
      expect(await home.run(ROLE, { env: { ...env, NO_PROXY: "portal.example" } })).toMatchObject({
        exitCode: 6,
      });
      expect(proxy.asked).toHaveLength(1);
      expect(await home.run(ROLE, { env: { HTTPS_PROXY: env.HTTPS_PROXY } })).toMatchObject({
        exitCode: 0,
      });
      await drop(home);
      const here = createSelfSigned(home, "here", ["localhost"]);
      const onThisMachine = {
        AWS_ENDPOINT_URL_SSO: (await startTlsFront(home, here)).url.replace(
          "127.0.0.1",
          "localhost",
        ),
        AWS_CA_BUNDLE: here.certificate,
        NO_PROXY: "",
      };
      expect(await home.run(ROLE, { env: { ...env, ...onThisMachine } })).toMatchObject({
        exitCode: 0,
        stderr: "",
      });
      expect(proxy.asked).toHaveLength(1);
      await drop(home);
      const dead = await home.run(ROLE, {
        env: { ...env, HTTPS_PROXY: "http://user:hunter2@127.0.0.1:9" },
      });
      expect(dead).toMatchObject({ exitCode: 6, stderr: expect.stringContaining("127.0.0.1:9") });
      expect(dead.stderr).not.toMatch(/user|hunter2/);
    },
  );
});

async function drop(home: Home): Promise<void> {
  const { rmSync } = await import("node:fs");
  rmSync(`${home.path}/.aws/latchkey/role-credentials`, { recursive: true, force: true });
}
