import { expect, test } from "vitest";
import { fingerprint } from "../../src/emulator/journal.ts";
import * as sdk from "../support/emulator-clients.ts";

test("the journal has the requests of a sign-in in order, with the names of the operations", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const { accessToken } = await sdk.signIn(emulator);
  const keys = await sdk.fetchRoleKeys(emulator, accessToken);
  await sdk.fetchCallerIdentity(emulator, keys);
  const routes = emulator.journal.entries().map((entry) => entry.route);
  expect(routes).toEqual([
    "RegisterClient",
    "StartDeviceAuthorization",
    "CreateToken",
    "GetRoleCredentials",
    "GetCallerIdentity",
  ]);
  expect(emulator.journal.entries().map((entry) => entry.number)).toEqual([1, 2, 3, 4, 5]);
});

test("an entry has method, path, query, headers, body, status, time and the grant type", async () => {
  const emulator = await sdk.startEmulatorForTest();
  emulator.clock.freeze();
  emulator.clock.set("2030-01-02T03:04:05Z");
  const session = await sdk.signIn(emulator);
  const [entry] = emulator.journal.entries({ route: "CreateToken" });
  expect(entry).toMatchObject({
    method: "POST",
    path: "/token",
    status: 200,
    time: "2030-01-02T03:04:05.000Z",
    grantType: sdk.DEVICE_CODE_GRANT,
    body: { clientId: session.clientId },
    concurrent: 1,
  });
  expect(entry?.headers["content-type"]).toBe("application/json");
  expect(entry?.arrivedAtMs).toBeGreaterThan(Date.now() - 60_000);
});

test("the journal contains no secrets, only their fingerprints", async () => {
  const emulator = await sdk.startEmulatorForTest({ authorize: { mode: "auto" } });
  const { client, codeVerifier, link } = await sdk.startPkce(emulator);
  const code = (await sdk.fetchRedirect(link)).searchParams.get("code") ?? "";
  const { accessToken = "", refreshToken = "" } = await sdk.redeem(emulator, client, {
    code,
    codeVerifier,
  });
  await sdk.refresh(emulator, client, refreshToken);
  const keys = await sdk.fetchRoleKeys(emulator, accessToken);
  await sdk.fetchCallerIdentity(emulator, keys);
  const { accessKeyId: sessionId, secretAccessKey: sessionKey, sessionToken } = keys;
  const query = new URLSearchParams({
    Action: "getSigninToken",
    Session: JSON.stringify({ sessionId, sessionKey, sessionToken }),
  });
  await fetch(`${emulator.url}/federation?${query.toString()}`);
  const signature = /Signature=[0-9a-f]/;
  const journal = JSON.stringify(emulator.journal.entries());
  const secrets = [
    client.clientSecret,
    code,
    codeVerifier,
    accessToken,
    refreshToken,
    sessionKey,
    sessionToken,
  ];
  for (const secret of secrets) expect(journal).not.toContain(secret);
  expect(journal).not.toMatch(signature);
  expect(emulator.journal.entries({ bearer: fingerprint(accessToken) })).toHaveLength(1);
  expect(emulator.journal.entries({ grantType: "refresh_token" })[0]?.body).toMatchObject({
    refreshToken: `redacted:${fingerprint(refreshToken)}`,
  });
});

test("a body that is neither JSON nor a form is recorded as its length", async () => {
  const emulator = await sdk.startEmulatorForTest();
  await fetch(`${emulator.url}/token`, { method: "POST", body: "secret" });
  await fetch(`${emulator.url}/token`, { method: "POST", body: "[1]" });
  expect(emulator.journal.entries().map((entry) => entry.body)).toEqual([
    "unreadable, 6 characters",
    [1],
  ]);
});

test("entries can be counted by fields or by a function, and cleared", async () => {
  const emulator = await sdk.startEmulatorForTest();
  for (const token of ["a", "a", "b"])
    await sdk.fetchPortal(emulator, "/assignment/accounts", token);
  const { journal } = emulator;
  expect(journal.count("ListAccounts")).toBe(3);
  expect(journal.count("ListAccounts", { bearer: fingerprint("a"), status: 401 })).toBe(2);
  expect(journal.count("ListAccounts", (entry) => entry.number > 2)).toBe(1);
  journal.clear();
  expect(journal.entries()).toEqual([]);
});

test("waiting ends with the wanted number of requests, or with an error that has the actual number", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const waiting = emulator.journal.waitFor("Logout", 2);
  await sdk.fetchPortal(emulator, "/logout", "a", { method: "POST" });
  await sdk.fetchPortal(emulator, "/logout", "b", { method: "POST" });
  expect(await waiting).toHaveLength(2);
  await expect(emulator.journal.waitFor("Logout", 3, 1)).rejects.toThrow(
    "Logout: 2 of 3 requests after 1 ms",
  );
});

test("the journal can be read and cleared over HTTP, and does not record these requests", async () => {
  const emulator = await sdk.startEmulatorForTest();
  await fetch(`${emulator.url}/nowhere`);
  const read = async () => (await (await fetch(`${emulator.url}/_emu/journal`)).json()) as unknown;
  expect(await read()).toMatchObject([{ route: "Unknown", status: 500 }]);
  expect((await fetch(`${emulator.url}/_emu/journal`, { method: "DELETE" })).status).toBe(200);
  expect(await read()).toEqual([]);
});
