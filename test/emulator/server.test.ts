import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { expect, test } from "vitest";
import { startEmulator, type EmulatorOptions } from "../../src/emulator/emulator.ts";
import * as sdk from "../support/emulator-clients.ts";

test("an emulator has its URL, its region and the variables for AWS SDKs", async () => {
  const emulator = await sdk.startEmulatorForTest();
  expect(emulator.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(emulator).toMatchObject({
    region: "us-east-1",
    startUrl: "https://emu.awsapps.com/start",
  });
  expect(emulator.env).toEqual({
    AWS_ENDPOINT_URL_SSO: emulator.url,
    AWS_ENDPOINT_URL_SSO_OIDC: emulator.url,
    AWS_ENDPOINT_URL_STS: emulator.url,
    AWS_ENDPOINT_URL_SIGNIN: emulator.url,
    AWS_ENDPOINT_URL_SSO_ADMIN: emulator.url,
    AWS_ENDPOINT_URL_IDENTITYSTORE: emulator.url,
    AWS_ENDPOINT_URL_ORGANIZATIONS: emulator.url,
    AWS_ENDPOINT_URL_CLOUDTRAIL: emulator.url,
  });
  const named = await sdk.startEmulatorForTest({
    startUrl: "https://acme.awsapps.com/start",
    region: { region: "eu-west-1" },
  });
  expect(named).toMatchObject({ region: "eu-west-1", startUrl: "https://acme.awsapps.com/start" });
});

test("it listens on the loopback address only", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const { port } = new URL(emulator.url);
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address?.family === "IPv4" && !address.internal);
  if (outside === undefined) return;
  const refused = await new Promise<boolean>((resolve) => {
    const socket = connect(Number(port), outside.address);
    socket.once("error", () => resolve(true));
    socket.once("connect", () => resolve(false));
  });
  expect(refused).toBe(true);
});

test("a port in use is an error", async () => {
  const emulator = await sdk.startEmulatorForTest();
  await expect(startEmulator({ port: Number(new URL(emulator.url).port) })).rejects.toThrow(
    "EADDRINUSE",
  );
});

test("an unknown route answers 500 and is recorded as Unknown", async () => {
  const emulator = await sdk.startEmulatorForTest();
  for (const path of ["/nowhere", "/federation/", "/constructor", "/assignment"]) {
    expect((await fetch(emulator.url + path)).status).toBe(500);
  }
  expect(emulator.journal.count("Unknown")).toBe(4);
});

test("a body over one mebibyte is refused", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const response = await fetch(`${emulator.url}/token`, {
    method: "POST",
    body: "x".repeat(1024 * 1024 + 1),
  });
  expect(response.status).toBe(413);
});

test("closing ends open connections, even one that waits for an answer", async () => {
  const emulator = await startEmulator({ faults: [{ route: "ListAccounts", delayMs: 3_600_000 }] });
  const hanging = sdk.catchFailure(sdk.fetchPortal(emulator, "/assignment/accounts", "t"));
  const socket = connect(Number(new URL(emulator.url).port), "127.0.0.1");
  await new Promise((resolve) => socket.once("connect", resolve));
  const ended = new Promise((resolve) => socket.once("close", resolve));
  socket.on("error", () => undefined);
  await fetch(`${emulator.url}/nowhere`);
  await emulator.close();
  await ended;
  expect((await hanging).name).toBe("TypeError");
});

test("an option that is not a knob, or has a bad value, is an error at the start", async () => {
  const unknown = { colour: "red" } as EmulatorOptions;
  await expect(startEmulator(unknown)).rejects.toThrow("the emulator has no option colour");
  await expect(startEmulator({ lifetimes: { sessionSeconds: -1 } })).rejects.toThrow(
    "lifetimes.sessionSeconds must be",
  );
});

test("the control interface answers bad input with 400, unknown names with 404 and browsers with 403", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const admin = `${emulator.url}/_emu`;
  const turned = await sdk.turnOverHttp(emulator, "rotation", { mode: "sometimes" });
  expect(turned.status).toBe(400);
  expect(await turned.json()).toEqual({
    message: "rotation.mode must be one of: reuse, grace, strict",
  });
  expect((await sdk.turnOverHttp(emulator, "constructor", {})).status).toBe(404);
  expect((await fetch(`${admin}/rotation`, { method: "POST", body: "{" })).status).toBe(400);
  expect((await fetch(`${admin}/nothing`)).status).toBe(404);
  expect((await fetch(`${admin}/settings`, { method: "DELETE" })).status).toBe(404);
  expect((await fetch(`${admin}/settings`, { method: "PUT" })).status).toBe(405);
  const fromPage = await fetch(`${admin}/clearFaults`, {
    method: "POST",
    headers: { origin: "https://evil.example" },
  });
  expect(fromPage.status).toBe(403);
  expect(emulator.journal.entries()).toEqual([]);
});

test("the control interface lists knobs, settings and waiting devices", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const { userCode } = await sdk.startDevice(emulator, await sdk.register(emulator));
  const read = async (name: string) =>
    (await (await fetch(`${emulator.url}/_emu/${name}`)).json()) as unknown;
  expect(await read("knobs")).toContain("rotation");
  expect(await read("settings")).toMatchObject({
    region: "us-east-1",
    rotation: { mode: "grace" },
  });
  expect(await read("devices")).toEqual([
    { userCode, clientName: "test-client", status: "pending" },
  ]);
});
