import { GetRoleCredentialsCommand, ListAccountsCommand } from "@aws-sdk/client-sso";
import { request as httpRequest } from "node:http";
import { expect, test } from "vitest";
import type { Fault } from "../../src/emulator/faults.ts";
import * as sdk from "../support/emulator-clients.ts";

async function startFaulty(...faults: Fault[]) {
  const emulator = await sdk.startEmulatorForTest();
  const session = await sdk.signIn(emulator);
  for (const fault of faults) emulator.setFault(fault);
  const list = (maxAttempts = 1) =>
    sdk
      .createPortalClient(emulator, maxAttempts)
      .send(new ListAccountsCommand({ accessToken: session.accessToken }));
  const fetchList = () =>
    sdk.fetchPortal(emulator, "/assignment/accounts", session.accessToken, { redirect: "manual" });
  return { emulator, session, list, fetchList };
}

test(
  "a fault with times 2 answers 429 twice, and a client that retries succeeds",
  { tags: ["long"] },
  async () => {
    const { emulator, list } = await startFaulty({ route: "ListAccounts", status: 429, times: 2 });
    const listed = await list(3);
    expect(listed.accountList).toHaveLength(3);
    expect(
      emulator.journal.entries({ route: "ListAccounts" }).map((entry) => entry.status),
    ).toEqual([429, 429, 200]);
  },
);

test("a permanent throttle is a TooManyRequestsException in the service's form, with the given Retry-After", async () => {
  const { list, fetchList } = await startFaulty({
    route: "ListAccounts",
    status: 429,
    headers: { "Retry-After": "2" },
  });
  expect(await sdk.catchFailure(list())).toMatchObject({
    name: "TooManyRequestsException",
    status: 429,
  });
  const response = await fetchList();
  expect(response.headers.get("retry-after")).toBe("2");
  expect(await response.json()).toMatchObject({ message: "HTTP 429 Unknown Code" });
});

test("every third request fails", async () => {
  const { emulator, fetchList } = await startFaulty({
    route: "ListAccounts",
    status: 500,
    every: 3,
  });
  for (let index = 0; index < 6; index += 1) await fetchList();
  const statuses = emulator.journal.entries({ route: "ListAccounts" }).map((entry) => entry.status);
  expect(statuses).toEqual([200, 200, 500, 200, 200, 500]);
});

test("a fault can be limited to one role of one account", async () => {
  const match = { accountId: "100000000002", roleName: "ViewOnlyAccess" };
  const { emulator, session } = await startFaulty({
    route: "GetRoleCredentials",
    match,
    error: "ForbiddenException",
  });
  const portal = sdk.createPortalClient(emulator);
  const get = (accountId: string, roleName: string) =>
    portal.send(
      new GetRoleCredentialsCommand({ accessToken: session.accessToken, accountId, roleName }),
    );
  expect(await sdk.catchFailure(get("100000000002", "ViewOnlyAccess"))).toMatchObject({
    name: "ForbiddenException",
  });
  expect((await get("100000000002", "AdministratorAccess")).roleCredentials).toBeDefined();
  expect((await get("100000000001", "ViewOnlyAccess")).roleCredentials).toBeDefined();
});

test("a fault can be limited to one grant type", async () => {
  const { emulator, session } = await startFaulty({
    route: "CreateToken",
    match: { grantType: "refresh_token" },
    error: "InvalidGrantException",
  });
  expect(
    await sdk.catchFailure(sdk.refresh(emulator, session, session.refreshToken)),
  ).toMatchObject({
    error: "invalid_grant",
  });
  expect((await sdk.signIn(emulator)).accessToken).toBeTruthy();
});

test("a connection dropped before the request is processed changes nothing in the service", async () => {
  const { emulator, session } = await startFaulty({
    route: "CreateToken",
    drop: "before",
    times: 1,
  });
  emulator.turn("rotation", { mode: "strict" });
  await expect(sdk.refresh(emulator, session, session.refreshToken)).rejects.toThrow();
  expect(emulator.journal.count("CreateToken", { status: 0 })).toBe(1);
  expect((await sdk.refresh(emulator, session, session.refreshToken)).accessToken).toBeTruthy();
});

test("a connection can be dropped after the refresh token was used", async () => {
  const { emulator, session } = await startFaulty({
    route: "CreateToken",
    drop: "after",
    times: 1,
  });
  emulator.turn("rotation", { mode: "strict" });
  await expect(sdk.refresh(emulator, session, session.refreshToken)).rejects.toThrow();
  expect(emulator.journal.count("CreateToken", { status: 0 })).toBe(1);
  expect(
    await sdk.catchFailure(sdk.refresh(emulator, session, session.refreshToken)),
  ).toMatchObject({
    error: "invalid_grant",
  });
});

test("a drop in the body sends less than the Content-Length", async () => {
  const { emulator, session } = await startFaulty({ route: "ListAccounts", drop: "mid-body" });
  const outcome = await new Promise<{ promised: number; got: number; failed: boolean }>(
    (resolve) => {
      const headers = { "x-amz-sso_bearer_token": session.accessToken };
      const sent = httpRequest(`${emulator.url}/assignment/accounts`, { headers }, (response) => {
        let got = 0;
        const promised = Number(response.headers["content-length"]);
        response.on("data", (chunk: Buffer) => (got += chunk.length));
        response.on("error", () => resolve({ promised, got, failed: true }));
        response.on("end", () => resolve({ promised, got, failed: false }));
      });
      sent.end();
    },
  );
  expect(outcome.failed).toBe(true);
  expect(outcome.got).toBe(Math.ceil(outcome.promised / 2));
});

test("a truncated body is a complete response of broken JSON", async () => {
  const { fetchList, list } = await startFaulty({ route: "ListAccounts", truncate: 20 });
  const text = await (await fetchList()).text();
  expect(text).toHaveLength(20);
  await expect(list()).rejects.toThrow();
});

test("a fault can answer with a web page, with status 200 or any other", async () => {
  const { fetchList, list } = await startFaulty(
    { route: "ListAccounts", html: true, times: 1 },
    { route: "ListAccounts", html: true, status: 429 },
  );
  const page = await fetchList();
  expect(page.status).toBe(200);
  expect(page.headers.get("content-type")).toBe("text/html");
  expect(await sdk.catchFailure(list())).toMatchObject({ name: "SyntaxError", status: 429 });
});

test("a fault can answer with a given body, redirect, or add headers to the service's answer", async () => {
  const { fetchList } = await startFaulty(
    { route: "ListAccounts", body: { accountList: null }, times: 1 },
    { route: "ListAccounts", body: "[", status: 203, times: 1 },
    {
      route: "ListAccounts",
      status: 302,
      headers: { Location: "https://portal.example/" },
      times: 1,
    },
    { route: "ListAccounts", headers: { Date: "Thu, 01 Jan 1970 00:00:00 GMT" } },
  );
  expect(await (await fetchList()).json()).toEqual({ accountList: null });
  const text = await fetchList();
  expect([text.status, await text.text()]).toEqual([203, "["]);
  const moved = await fetchList();
  expect([moved.status, moved.headers.get("location")]).toEqual([302, "https://portal.example/"]);
  const own = await fetchList();
  expect(own.headers.get("date")).toBe("Thu, 01 Jan 1970 00:00:00 GMT");
  expect(await own.json()).toHaveProperty("accountList.length", 3);
});

test("a delay holds the request back, and a client that gives up is recorded with status 0", async () => {
  const { emulator, session, fetchList } = await startFaulty({
    route: "ListAccounts",
    delayMs: 30,
    times: 1,
  });
  const before = performance.now();
  expect((await fetchList()).status).toBe(200);
  expect(performance.now() - before).toBeGreaterThanOrEqual(29);
  emulator.setFault({ route: "ListAccounts", delayMs: 3_600_000 });
  const headers = { "x-amz-sso_bearer_token": session.accessToken };
  const signal = AbortSignal.timeout(50);
  await expect(fetch(`${emulator.url}/assignment/accounts`, { headers, signal })).rejects.toThrow();
  await emulator.journal.waitFor("ListAccounts", 2);
  expect(emulator.journal.count("ListAccounts", { status: 0 })).toBe(1);
});

test("concurrent requests are counted", async () => {
  const { emulator, fetchList } = await startFaulty({ route: "ListAccounts", delayMs: 100 });
  await Promise.all([fetchList(), fetchList(), fetchList()]);
  const concurrent = emulator.journal
    .entries({ route: "ListAccounts" })
    .map((entry) => entry.concurrent);
  expect(Math.max(...concurrent)).toBe(3);
});

test.each([
  ["/client/register", "POST", 429, "application/json"],
  ["/", "POST", 503, "text/xml"],
  ["/", "POST", 500, "text/xml"],
  ["/federation", "GET", 503, "text/html"],
  ["/assignment/accounts", "GET", 404, "application/json"],
  ["/start/device", "GET", 400, "application/json"],
])(
  "a fault on every route answers %s %s with %i in the service's form",
  async (path, method, status, type) => {
    const emulator = await sdk.startEmulatorForTest({ faults: [{ route: "*", status }] });
    const response = await fetch(emulator.url + path, { method });
    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toContain(type);
  },
);

test.each([
  ["/client/register", "SlowDownException", 400],
  ["/", "ExpiredToken", 403],
  ["/federation", "Expired", 400],
])("an error can be asked for by its name at %s", async (path, error, status) => {
  const emulator = await sdk.startEmulatorForTest({ faults: [{ route: "*", error }] });
  expect((await fetch(emulator.url + path, { method: "POST" })).status).toBe(status);
});
