import { describe, expect, test } from "vitest";
import { startHttpServer, startTcpServer } from "../faults/support/raw-servers.ts";
import { readProxySettings } from "../../src/aws/call/proxy.ts";
import { serverClockAheadSeconds } from "../../src/aws/call/clock.ts";
import { request } from "../../src/aws/http.ts";
import { fetchPages } from "../../src/aws/call/pages.ts";
import { sendPlain, type Connection } from "../../src/aws/send.ts";
import { createTestConnection } from "./connection.ts";

type Answer = { status: number; headers?: Record<string, string>; body?: string };

/** A server that sends one answer after the other, and repeats the last one. */
async function startAnswering(...answers: readonly Answer[]) {
  let count = 0;
  const server = await startHttpServer(() => {
    count += 1;
    return answers[Math.min(count, answers.length) - 1] ?? { status: 500 };
  });
  return { ...server, connection: createTestConnection(server.url), address: new URL(server.url) };
}

const HTML = { "content-type": "text/html; charset=utf-8" };
const PAGE = { status: 200, headers: HTML, body: "<html>Sign in to Wi-Fi" };
const MOVED = { status: 302, headers: { location: "http://127.0.0.1:9/" } };

describe("one request", () => {
  test("returns status, headers in lower case and the whole body, and notes the service's clock", async () => {
    const { connection, address } = await startAnswering({
      status: 403,
      headers: { "X-Amzn-RequestId": "r1", Date: "Sun, 29 Nov 2026 12:10:00 GMT" },
      body: '{"a":1}',
    });
    const url = new URL("/path?x=a%20b", address);
    const answer = await request(connection, { method: "POST", url, body: "sent" });
    expect(answer).toMatchObject({ status: 403, headers: { "x-amzn-requestid": "r1" } });
    expect(answer.body.toString()).toBe('{"a":1}');
    expect(serverClockAheadSeconds(connection)).toBe(600);
  });

  test("sends method, path, query, headers and body unchanged", async () => {
    const { connection, address, seen } = await startAnswering({ status: 200, body: "{}" });
    const url = new URL("/path?x=a%20b", address);
    await request(connection, { method: "POST", url, headers: { "x-mine": "1" }, body: "sent" });
    expect(seen[0]).toMatchObject({
      method: "POST",
      url: "/path?x=a%20b",
      headers: { "x-mine": "1", "content-length": "4", host: address.host },
    });
  });

  test.each([
    ["a web page", "data", PAGE, "BAD_RESPONSE"],
    ["a web page of a failure", "data", { ...PAGE, status: 400 }, "BAD_RESPONSE"],
    ["an empty page", "data", { status: 200, headers: HTML }, "BAD_RESPONSE"],
    ["a redirect", "data", MOVED, "BAD_RESPONSE"],
    ["a redirect", "data-or-failure-page", MOVED, "BAD_RESPONSE"],
    ["a web page", "data-or-failure-page", PAGE, "BAD_RESPONSE"],
    ["a web page of a failure", "data-or-failure-page", { ...PAGE, status: 400 }, 400],
    ["a 429 with a page", "data", { ...PAGE, status: 429 }, 429],
    ["JSON that is labelled as a page", "data", { ...PAGE, body: ' {"a":1}' }, 200],
    ["XML that is labelled as a page", "data", { ...PAGE, body: "<?xml?><AResponse/>" }, 200],
    ["a redirect", "anything", MOVED, 302],
    ["a web page", "anything", PAGE, 200],
    ["six megabytes", "data", { status: 200, body: "x".repeat(6 << 20) }, "BAD_RESPONSE"],
    ["four megabytes", "data", { status: 200, body: "x".repeat(4 << 20) }, 200],
  ] as const)("%s where %s is expected", async (_what, expects, answer, expected) => {
    const { connection, address: url, seen } = await startAnswering(answer);
    const outcome = await request(connection, { method: "GET", url, expects }).then(
      ({ status }) => status,
      (thrown: { code: unknown }) => thrown.code,
    );
    expect(outcome).toBe(expected);
    expect(seen).toHaveLength(1);
  });

  test("reads the CA certificates for TLS, and sends nothing if they can't be used", async () => {
    const { connection, address } = await startAnswering({ status: 200 });
    const url = new URL(address.href.replace("http:", "https:"));
    await expect(request(connection, { method: "GET", url })).rejects.toThrow("no roots of trust");
  });
});

describe("a request that is not answered in time", () => {
  const measureEnd = async (connection: Connection, url: URL): Promise<unknown> => {
    const started = performance.now();
    const signal = AbortSignal.timeout(300);
    const failure = await request(connection, { method: "GET", url, signal }).catch(
      (thrown: unknown) => thrown,
    );
    expect(performance.now() - started).toBeLessThan(4_000);
    return failure;
  };

  test(
    "ends if the server is silent, also in the middle of the body",
    { tags: ["long"] },
    async () => {
      const silent = await startTcpServer(() => undefined);
      const drip = await startTcpServer((socket) =>
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n{"),
      );
      for (const { url } of [silent, drip])
        expect(await measureEnd(createTestConnection(url), new URL(url))).toMatchObject({
          name: "TimeoutError",
        });
    },
  );

  test("ends if a proxy accepts the connection and sends nothing", async () => {
    const proxy = await startTcpServer(() => undefined);
    const connection = createTestConnection(proxy.url, {
      proxies: readProxySettings({ HTTPS_PROXY: proxy.url }),
      readRoots: () => undefined,
    });
    expect(await measureEnd(connection, new URL("https://portal.example"))).toMatchObject({
      name: "TimeoutError",
    });
    expect(proxy.connections()).toBe(1);
  });

  test("ends while it waits for a socket that other requests use", async () => {
    const silent = await startTcpServer(() => undefined);
    const [connection, url] = [createTestConnection(silent.url), new URL(silent.url)];
    const failures = await Promise.all(
      Array.from({ length: 20 }, () => measureEnd(connection, url)),
    );
    expect(failures).toHaveLength(20);
    expect(failures.every((failure) => (failure as Error).name === "TimeoutError")).toBe(true);
  });
});

describe("a request with retries", () => {
  test.each([
    ["503 twice, then data", [{ status: 503 }, { status: 503 }, { status: 200, body: "1" }], 1, 3],
    [
      "429 with a page, then data",
      [
        { ...PAGE, status: 429 },
        { status: 200, body: "1" },
      ],
      1,
      2,
    ],
    [
      "half an answer, then data",
      [
        { status: 200, body: "{" },
        { status: 200, body: "1" },
      ],
      1,
      2,
    ],
    ["500 for ever", [{ status: 500 }], "UNREACHABLE", 8],
    ["429 for ever", [{ status: 429 }], "THROTTLED", 8],
    ["half an answer for ever", [{ status: 200, body: "{" }], "BAD_RESPONSE", 8],
    ["a page", [PAGE], "BAD_RESPONSE", 1],
    ["a refusal", [{ status: 400, body: "400" }], 400, 1],
  ] as const)("%s", { tags: ["long"] }, async (_what, answers, expected, requests) => {
    const { connection, address: url, seen } = await startAnswering(...answers);
    const outcome = await sendPlain(
      connection,
      { host: url.host, method: "GET", url },
      ({ body }): unknown => JSON.parse(body.toString()),
    ).catch((thrown: { code: unknown }) => thrown.code);
    expect(outcome).toBe(expected);
    expect(seen).toHaveLength(requests);
  });

  test("waits as long as the service says, in seconds or until a date", async () => {
    const waits: number[] = [];
    const { connection, address: url } = await startAnswering(
      { status: 429, headers: { "retry-after": "7" } },
      { status: 503, headers: { "retry-after": "Sun, 29 Nov 2026 12:00:11 GMT" } },
      { status: 200, body: "{}" },
    );
    const sleep = async (milliseconds: number): Promise<void> => void waits.push(milliseconds);
    await sendPlain({ ...connection, sleep }, { host: "h", method: "GET", url }, () => undefined);
    expect(waits.map((wait) => Math.floor(wait / 1000))).toEqual([7, 11]);
  });
});

describe("a list in pages", () => {
  const readAll = async (
    findNext: (token: string | undefined) => string | undefined,
    itemsOfPage = 1,
  ) => {
    const pages: Array<string | undefined> = [];
    const all = fetchPages("The service", (token) =>
      Promise.resolve({ items: Array(itemsOfPage).fill(token), next: findNext(token) }),
    );
    for await (const { items } of all) pages.push(items[0]);
    return pages;
  };

  test("is read until there is no next token", async () => {
    const findNext = (token: string | undefined) => ({ "": "a", a: "b" })[token ?? ""];
    expect(await readAll(findNext)).toEqual([undefined, "a", "b"]);
  });

  test("ends with an error if a page token repeats", async () => {
    const findNext = (token: string | undefined) => ({ "": "a", a: "b", b: "a" })[token ?? ""];
    await expect(readAll(findNext)).rejects.toMatchObject({
      code: "BAD_RESPONSE",
      message: "The service gave the same page twice: the list would never end.",
    });
  });

  test("ends with an error if new tokens return the same page", async () => {
    const read = async (items: readonly string[]) => {
      const all = fetchPages("The service", (token = "0") =>
        Promise.resolve({ items, next: token === "9" ? undefined : `${Number(token) + 1}` }),
      );
      let pages = 0;
      for await (const _ of all) pages += 1;
      return pages;
    };
    await expect(read(["a"])).rejects.toMatchObject({
      message: "The service gave the same page twice: the list would never end.",
    });
    expect(await read([])).toBe(10);
  });

  test("ends with an error if there are always new tokens", async () => {
    await expect(readAll((token = "") => `${Number(token) + 1}`)).rejects.toMatchObject({
      code: "BAD_RESPONSE",
      message: "The service gave 2000 pages and more to come: the list would never end.",
    });
  });

  test("ends with an error if a page is longer than any list", async () => {
    await expect(readAll(() => undefined, 200_001)).rejects.toMatchObject({
      code: "BAD_RESPONSE",
      message: "The service listed over 200000 items: the list would never end.",
    });
  });
});
