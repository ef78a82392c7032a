import { describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../src/emulator/emulator.ts";
import { KNOB_NAMES, type KnobName } from "../../src/emulator/control/knobs.ts";
import * as sdk from "../support/emulator-clients.ts";
import type { Bench, Row } from "./knob-harness.ts";
import { otherRows } from "./knob-rows-emulator.ts";
import { portalRows } from "./knob-rows-portal.ts";
import { signInRows } from "./knob-rows-sign-in.ts";
import { tokenRows } from "./knob-rows-tokens.ts";

const ROWS: Record<KnobName, Row> = { ...signInRows, ...tokenRows, ...portalRows, ...otherRows };

test("every knob of the emulator has a row, and every row has a knob", () => {
  expect(Object.keys(ROWS).toSorted()).toEqual(KNOB_NAMES);
});

/** Runs a row and checks that it turned its knob. */
async function drive(name: string, row: Row, over: "process" | "http"): Promise<void> {
  const emulator = await sdk.startEmulatorForTest();
  const turned: string[] = [];
  const turn: Bench["turn"] = async (knob, input) => {
    turned.push(knob);
    if (over === "process") return emulator.turn(knob, input);
    const response = await sdk.turnOverHttp(emulator, knob, input);
    if (response.ok) return response.json();
    expect(response.status).toBe(400);
    throw new Error(((await response.json()) as { message: string }).message);
  };
  await row({ emulator, turn });
  expect(turned).toContain(name);
}

describe.each(Object.entries(ROWS))("the knob %s", (name, row) => {
  test("works in process", () => drive(name, row, "process"));
  test("works over HTTP", () => drive(name, row, "http"));
});

test.each(KNOB_NAMES)("the knob %s refuses a field that it does not have", async (name) => {
  const emulator = await sdk.startEmulatorForTest();
  const response = await sdk.turnOverHttp(emulator, name, { nonsense: true });
  expect(response.status).toBe(400);
  expect(((await response.json()) as { message: string }).message).toContain("nonsense");
});

test.each<[string, unknown, string]>([
  ["autoApprove", { afterPolls: 1.5 }, "autoApprove.afterPolls must be a whole number"],
  ["lifetimes", { roleSeconds: { R: "x" } }, "lifetimes.roleSeconds.R must be a number from 0"],
  ["lifetimes", { roleSeconds: [] }, "lifetimes.roleSeconds must be an object"],
  ["assign", { accountId: "1" }, "assign needs the field roleName"],
  [
    "org",
    { accounts: [{ accountId: 1, roles: [] }] },
    "org.accounts[0].accountId must be a string",
  ],
  ["org", { accounts: {} }, "org.accounts must be a list"],
  ["nulls", { write: "no" }, "nulls.write must be true or false"],
  ["rate", "fast", "rate must be one of: off, realistic"],
  ["clock", [], "clock must be an object"],
])("the knob %s answers %j with the place of the mistake", async (name, input, message) => {
  const emulator = await sdk.startEmulatorForTest();
  const response = await sdk.turnOverHttp(emulator, name, input);
  expect(response.status).toBe(400);
  expect(((await response.json()) as { message: string }).message).toContain(message);
});

test("the lifetimes of authorization codes and sign-in tokens can be set", async () => {
  const lifetimes = { authorizationCodeSeconds: 10, signInTokenSeconds: 5 };
  const emulator = await sdk.startEmulatorForTest({ lifetimes, authorize: { mode: "auto" } });
  const { client, codeVerifier, link } = await sdk.startPkce(emulator);
  const catchCode = async () => (await sdk.fetchRedirect(link)).searchParams.get("code") ?? "";
  const inTime = await sdk.redeem(emulator, client, { code: await catchCode(), codeVerifier });
  const { accessKeyId, secretAccessKey, sessionToken } = await sdk.fetchRoleKeys(
    emulator,
    inTime.accessToken ?? "",
  );
  const session = { sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken };
  const query = new URLSearchParams({ Action: "getSigninToken", Session: JSON.stringify(session) });
  const response = await fetch(`${emulator.url}/federation?${query.toString()}`);
  const { SigninToken } = (await response.json()) as { SigninToken: string };
  const late = await catchCode();
  emulator.clock.advance(10_000);
  const refused = await sdk.catchFailure(
    sdk.redeem(emulator, client, { code: late, codeVerifier }),
  );
  expect(refused).toMatchObject({ error: "invalid_grant" });
  const login = new URLSearchParams({
    Action: "login",
    Destination: "https://console.aws.amazon.com/",
    SigninToken,
  });
  expect((await fetch(`${emulator.url}/federation?${login.toString()}`)).status).toBe(400);
});

test("all setting knobs can be set at the start, with the same input as later", async () => {
  const options: EmulatorOptions = {
    clock: { frozen: true, set: "2030-01-01T00:00:00Z" },
    org: { accounts: 2, roles: 1, seed: "s" },
    identity: { username: "alice@example.com" },
    lifetimes: { accessTokenSeconds: 900 },
    autoApprove: { afterPolls: 0 },
    rotation: { mode: "reuse" },
    paging: { pageSize: 1 },
    rate: { burst: 1, refillPerSecond: 1 },
    faults: [{ route: "Logout", status: 500 }],
  };
  const emulator = await sdk.startEmulatorForTest(options);
  const client = await sdk.register(emulator);
  const { deviceCode } = await sdk.startDevice(emulator, client);
  const {
    accessToken = "",
    refreshToken = "",
    expiresIn,
  } = await sdk.poll(emulator, client, deviceCode);
  expect(expiresIn).toBe(900);
  expect((await sdk.refresh(emulator, client, refreshToken)).refreshToken).toBe(refreshToken);
  const listed = await sdk.fetchPortal(emulator, "/assignment/accounts", accessToken);
  expect(listed.headers.get("date")).toBe("Tue, 01 Jan 2030 00:00:00 GMT");
  expect(await listed.json()).toMatchObject({ accountList: [{}], nextToken: expect.any(String) });
  expect((await sdk.fetchPortal(emulator, "/assignment/accounts", accessToken)).status).toBe(429);
  expect((await sdk.fetchPortal(emulator, "/logout", accessToken, { method: "POST" })).status).toBe(
    500,
  );
});

test("the value that a knob has set can be read over HTTP", async () => {
  const emulator = await sdk.startEmulatorForTest();
  emulator.turn("slowDown", { next: 1 });
  emulator.turn("authorize", { mode: "deny" });
  emulator.turn("rate", "realistic");
  emulator.turn("paging", { pageSize: 7 });
  emulator.turn("errorShape", { shape: "body" });
  emulator.turn("nulls", { write: false });
  emulator.turn("identity", { username: "bob" });
  emulator.turn("sigv4", { verify: false });
  emulator.turn("publicBaseUrl", { url: "https://portal.example" });
  emulator.turn("startUrls", { allow: [] });
  emulator.turn("region", { region: "eu-west-1" });
  emulator.turn("omitRefreshToken", { omit: true });
  emulator.turn("rotation", { mode: "grace", graceMs: 5 });
  emulator.turn("lifetimes", { deviceCodeSeconds: 6 });
  emulator.autoApprove(3);
  expect(await (await fetch(`${emulator.url}/_emu/settings`)).json()).toMatchObject({
    slowDown: { strict: false, next: 1 },
    authorize: "deny",
    rate: { burst: 40, refillPerSecond: 10, key: "token" },
    paging: { pageSize: 7 },
    errorShape: "body",
    nulls: false,
    identity: { username: "bob", partition: "aws" },
    sigv4: { verify: false, windowSeconds: 300 },
    publicBaseUrl: "https://portal.example",
    allowedStartUrls: [],
    region: "eu-west-1",
    omitRefreshToken: true,
    rotation: { mode: "grace", graceMs: 5 },
    lifetimes: { deviceCodeSeconds: 6, accessTokenSeconds: 3600 },
    autoApproveAfterPolls: 3,
  });
});

test("the methods for issued values take one token, one role or none", async () => {
  const emulator = await sdk.startEmulatorForTest({ org: { accounts: 1, roles: 1 } });
  const session = await sdk.signIn(emulator);
  const fetchStatus = async (path = "/assignment/accounts") =>
    (await sdk.fetchPortal(emulator, path, session.accessToken)).status;
  emulator.assign("100000000001", "Auditor", "unused");
  emulator.deny("100000000001", "Auditor");
  expect(
    await fetchStatus("/federation/credentials?account_id=100000000001&role_name=Auditor"),
  ).toBe(403);
  emulator.unassign("100000000001", "Auditor");
  emulator.setFault({ route: "ListAccounts", status: 500 });
  expect(await fetchStatus()).toBe(500);
  emulator.clearFaults("ListAccounts");
  expect(await fetchStatus()).toBe(200);
  emulator.clearFaults();
  emulator.expireRoleCredentials();
  emulator.expireAccessTokens(session.accessToken);
  expect(await fetchStatus()).toBe(401);
  emulator.revokeRefreshTokens(session.refreshToken);
  emulator.revokeSessions(session.accessToken);
  emulator.invalidateClient(session.clientId);
  expect(() => emulator.denyDevice("XXXX-XXXX")).toThrow("no device is waiting");
  emulator.setOrg({ accounts: 0 });
  const later = await sdk.signIn(emulator);
  const listed = await sdk.fetchPortal(emulator, "/assignment/accounts", later.accessToken);
  expect(await listed.json()).toMatchObject({ accountList: [] });
});
