import { expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.ts";
import * as sdk from "../support/emulator-clients.ts";

const DESTINATION = "https://us-east-1.console.aws.amazon.com/s3/home?region=us-east-1#<b>";

async function startWithKeys() {
  const emulator = await sdk.startEmulatorForTest();
  const { accessToken } = await sdk.signIn(emulator);
  return { emulator, keys: await sdk.fetchRoleKeys(emulator, accessToken) };
}

function formatSession(keys: sdk.RoleKeys): string {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  return JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken });
}

function fetchToken(
  emulator: Emulator,
  session: string,
  more: Record<string, string> = {},
): Promise<Response> {
  const query = new URLSearchParams({ Action: "getSigninToken", Session: session, ...more });
  return fetch(`${emulator.url}/federation?${query.toString()}`);
}

function login(emulator: Emulator, token: string, destination = DESTINATION): Promise<Response> {
  const parameters = {
    Action: "login",
    Issuer: emulator.startUrl,
    Destination: destination,
    SigninToken: token,
  };
  return fetch(`${emulator.url}/federation?${new URLSearchParams(parameters).toString()}`);
}

async function readSignInToken(response: Response): Promise<string> {
  return ((await response.json()) as { SigninToken: string }).SigninToken;
}

test("role credentials give a sign-in token, and the login page shows user and destination", async () => {
  const { emulator, keys } = await startWithKeys();
  const page = await login(
    emulator,
    await readSignInToken(await fetchToken(emulator, formatSession(keys))),
  );
  expect(page.status).toBe(200);
  const text = await page.text();
  expect(text).toContain('<code id="account">100000000001</code>');
  expect(text).toContain('<code id="role">ViewOnlyAccess</code>');
  expect(text).toContain(
    '<code id="destination">https://us-east-1.console.aws.amazon.com/s3/home?region=us-east-1#&lt;b&gt;',
  );
  expect(text).toContain(emulator.startUrl);
  expect(emulator.journal.count("GetSigninToken")).toBe(1);
  expect(emulator.journal.count("ConsoleLogin")).toBe(1);
});

test("the token can be requested by POST, so that no URL contains credentials", async () => {
  const { emulator, keys } = await startWithKeys();
  const body = new URLSearchParams({
    Action: "getSigninToken",
    Session: formatSession(keys),
    SessionDuration: "43200",
  });
  const response = await fetch(`${emulator.url}/federation`, { method: "POST", body });
  expect((await login(emulator, await readSignInToken(response))).status).toBe(200);
});

test("a sign-in token is valid for fifteen minutes", async () => {
  const { emulator, keys } = await startWithKeys();
  const token = await readSignInToken(await fetchToken(emulator, formatSession(keys)));
  emulator.clock.advance(890_000);
  expect((await login(emulator, token)).status).toBe(200);
  emulator.clock.advance(10_000);
  expect((await login(emulator, token)).status).toBe(400);
  expect((await login(emulator, "unknown")).status).toBe(400);
});

test("expired, mixed and unreadable credentials are answered with 400 and a page", async () => {
  const { emulator, keys } = await startWithKeys();
  const wrong = [
    formatSession({ ...keys, secretAccessKey: "x" }),
    formatSession({ ...keys, sessionToken: "x" }),
    "{",
    "{}",
    "",
  ];
  for (const session of wrong) {
    const response = await fetchToken(emulator, session);
    expect(response.status).toBe(400);
    expect(response.headers.get("content-type")).toContain("text/html");
  }
  emulator.clock.advance(3_600_000);
  expect((await fetchToken(emulator, formatSession(keys))).status).toBe(400);
});

test.each(["899", "43201", "x"])("a session duration of %s is refused", async (SessionDuration) => {
  const { emulator, keys } = await startWithKeys();
  expect((await fetchToken(emulator, formatSession(keys), { SessionDuration })).status).toBe(400);
});

test("an action that does not exist and a destination that is not https are refused", async () => {
  const { emulator, keys } = await startWithKeys();
  expect((await fetch(`${emulator.url}/federation?Action=dance`)).status).toBe(400);
  const token = await readSignInToken(await fetchToken(emulator, formatSession(keys)));
  for (const destination of ["javascript:alert(1)", "http://console.aws.amazon.com/", ""]) {
    expect((await login(emulator, token, destination)).status).toBe(400);
  }
});
