import { RegisterClientCommand } from "@aws-sdk/client-sso-oidc";
import { describe, expect, test } from "vitest";
import * as sdk from "../support/emulator-clients.ts";

function post(url: string, path: string, body: unknown): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: text,
  });
}

describe("RegisterClient", () => {
  test("answers with ids in the real form, null endpoints, and an expiry in exactly ninety days in whole seconds", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const response = await post(emulator.url, "/client/register", {
      clientName: "n",
      clientType: "public",
    });
    const body = (await response.json()) as Record<string, unknown>;
    expect(response.headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
    expect(body).toMatchObject({ authorizationEndpoint: null, tokenEndpoint: null });
    expect(Number(body["clientSecretExpiresAt"]) - Number(body["clientIdIssuedAt"])).toBe(
      7_776_000,
    );
    expect(Buffer.from(String(body["clientId"]), "base64url").subarray(16).toString()).toBe(
      "us-east-1",
    );
    expect(String(body["clientSecret"])).toMatch(/^eyJraWQiOiJrZXkt[\w-]+\.[\w-]+\.[\w-]+$/);
    expect(String(body["clientSecret"]).length).toBeGreaterThan(1400);
  });

  test.each([
    ["the AWS CLI's", "sso:account:access"],
    ["granted's", "sso-portal:*"],
    ["the Kiro and Q editors'", "codewhisperer:completions"],
  ])("takes %s scope", async (_whose, scope) => {
    const emulator = await sdk.startEmulatorForTest();
    const body = { clientName: "n", clientType: "public", scopes: [scope] };
    expect((await post(emulator.url, "/client/register", body)).status).toBe(200);
  });

  test.each([
    ["a missing name", { clientName: "" }, "InvalidRequestException"],
    ["a confidential client", { clientType: "confidential" }, "InvalidClientMetadataException"],
    ["a scope in an unknown form", { scopes: ["all of it"] }, "InvalidScopeException"],
    [
      "an http callback that is not a loopback address",
      { redirectUris: ["http://example.com/cb"] },
      "InvalidRedirectUriException",
    ],
    ["a callback that is not a URL", { redirectUris: ["callback"] }, "InvalidRedirectUriException"],
    ["an unknown grant type", { grantTypes: ["password"] }, "UnsupportedGrantTypeException"],
  ])("refuses %s", async (_what, changes, name) => {
    const emulator = await sdk.startEmulatorForTest();
    const command = new RegisterClientCommand({
      clientName: "n",
      clientType: "public",
      ...changes,
    });
    expect(await sdk.catchFailure(sdk.createOidcClient(emulator).send(command))).toMatchObject({
      name,
      status: 400,
    });
  });

  test.each([
    "not json",
    "[]",
    '{"clientName":"n","clientType":"public","scopes":[1]}',
    '{"scopes":"x"}',
  ])("refuses the body %s", async (body) => {
    const emulator = await sdk.startEmulatorForTest();
    const response = await post(emulator.url, "/client/register", body);
    expect(response.status).toBe(400);
    expect(response.headers.get("x-amzn-errortype")).toContain("InvalidRequestException:");
  });
});

describe("StartDeviceAuthorization", () => {
  test("answers with the codes, ten minutes, an interval of one second and a link with the code", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const started = await sdk.startDevice(emulator, await sdk.register(emulator));
    expect(started).toMatchObject({
      expiresIn: 600,
      interval: 1,
      verificationUri: `${emulator.url}/start/device`,
    });
    expect(started.userCode).toMatch(/^[B-DF-HJ-NP-TV-XZ]{4}-[B-DF-HJ-NP-TV-XZ]{4}$/);
    expect(started.deviceCode).toMatch(/^[\w-]{86}$/);
    expect(started.verificationUriComplete).toBe(
      `${emulator.url}/start/device?user_code=${started.userCode}`,
    );
  });

  test("refuses a wrong secret, an unknown client, a PKCE client, an empty start URL and a broken body", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const client = await sdk.register(emulator);
    const { client: pkceClient } = await sdk.startPkce(emulator);
    const wrongSecret = { ...client, clientSecret: "eyJ" };
    const invalid = { name: "InvalidClientException", status: 401, error: "invalid_client" };
    expect(await sdk.catchFailure(sdk.startDevice(emulator, wrongSecret))).toMatchObject(invalid);
    expect(
      await sdk.catchFailure(sdk.startDevice(emulator, { ...client, clientId: "x" })),
    ).toMatchObject(invalid);
    expect(await sdk.catchFailure(sdk.startDevice(emulator, pkceClient))).toMatchObject({
      name: "UnauthorizedClientException",
      error: "unauthorized_client",
    });
    expect(
      (await post(emulator.url, "/device_authorization", { ...client, startUrl: "" })).status,
    ).toBe(400);
    expect((await post(emulator.url, "/device_authorization", "{")).status).toBe(400);
  });
});

describe("CreateToken by device code", () => {
  test("is pending, with exactly the service's 86 bytes, until a person allows it, then answers once", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const client = await sdk.register(emulator);
    const { deviceCode, userCode } = await sdk.startDevice(emulator, client);
    const form = { ...client, grantType: sdk.DEVICE_CODE_GRANT, deviceCode };
    const pending = await post(emulator.url, "/token", form);
    expect(pending.status).toBe(400);
    expect((await pending.text()).length).toBe(86);
    expect(pending.headers.get("x-amzn-errortype")).toBe(
      "AuthorizationPendingException:http://internal.amazon.com/coral/com.amazonaws.sso.oidc/",
    );
    emulator.approveDevice(userCode);
    const tokens = await sdk.poll(emulator, client, deviceCode);
    expect(tokens).toMatchObject({ tokenType: "Bearer", expiresIn: 3600 });
    expect(tokens.refreshToken).toMatch(/^[\w-]{100,}$/);
    expect(await sdk.catchFailure(sdk.poll(emulator, client, deviceCode))).toMatchObject({
      name: "InvalidGrantException",
      error: "invalid_grant",
      error_description: "Invalid grant provided",
    });
  });

  test("reports a denied access, and an expired code after ten minutes", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const client = await sdk.register(emulator);
    const refused = await sdk.startDevice(emulator, client);
    emulator.denyDevice(refused.userCode);
    expect(await sdk.catchFailure(sdk.poll(emulator, client, refused.deviceCode))).toMatchObject({
      name: "AccessDeniedException",
      error: "access_denied",
    });
    const late = await sdk.startDevice(emulator, client);
    emulator.clock.advance(600_000);
    expect(await sdk.catchFailure(sdk.poll(emulator, client, late.deviceCode))).toMatchObject({
      name: "ExpiredTokenException",
      error: "expired_token",
    });
  });

  test("refuses the code of another client and an unknown one", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const { deviceCode } = await sdk.startDevice(emulator, await sdk.register(emulator));
    const other = await sdk.register(emulator);
    for (const code of [deviceCode, "unknown"]) {
      expect(await sdk.catchFailure(sdk.poll(emulator, other, code))).toMatchObject({
        name: "InvalidGrantException",
      });
    }
  });

  test("gives a client without scopes eight hours and no refresh token", async () => {
    const emulator = await sdk.startEmulatorForTest();
    expect(await sdk.signIn(emulator, true)).toMatchObject({ expiresIn: 28_800, refreshToken: "" });
  });
});

describe("CreateToken by refresh token", () => {
  test("gives a new access token and a new refresh token", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const first = await sdk.signIn(emulator);
    const second = await sdk.refresh(emulator, first, first.refreshToken);
    expect(second).toMatchObject({ tokenType: "Bearer", expiresIn: 3600 });
    expect(second.accessToken).not.toBe(first.accessToken);
    expect(second.refreshToken).not.toBe(first.refreshToken);
  });

  test("gives no token that outlives the session, and none after its end", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const first = await sdk.signIn(emulator);
    emulator.clock.freeze();
    emulator.clock.advance((28_800 - 600) * 1000);
    const last = await sdk.refresh(emulator, first, first.refreshToken);
    expect(last.expiresIn).toBeLessThanOrEqual(600);
    expect(last.expiresIn).toBeGreaterThan(590);
    emulator.clock.advance(600_000);
    expect(
      await sdk.catchFailure(sdk.refresh(emulator, first, last.refreshToken ?? "")),
    ).toMatchObject({
      error: "invalid_grant",
      error_description: "Invalid refresh token provided",
    });
  });

  test("refuses another client's token, an unknown one and a client whose registration has expired", async () => {
    const emulator = await sdk.startEmulatorForTest({ lifetimes: { sessionSeconds: 90 * 86_400 } });
    const first = await sdk.signIn(emulator);
    const other = await sdk.register(emulator);
    const invalidGrant = { name: "InvalidGrantException", status: 400 };
    expect(await sdk.catchFailure(sdk.refresh(emulator, other, first.refreshToken))).toMatchObject(
      invalidGrant,
    );
    expect(await sdk.catchFailure(sdk.refresh(emulator, first, "unknown"))).toMatchObject(
      invalidGrant,
    );
    emulator.clock.advance(7_776_000_000);
    expect(await sdk.catchFailure(sdk.refresh(emulator, first, first.refreshToken))).toMatchObject({
      name: "InvalidClientException",
      status: 401,
    });
  });
});

describe("CreateToken in other cases", () => {
  test("refuses other grant types, the IAM variant and a broken body", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const client = await sdk.register(emulator);
    const unsupported = "UnsupportedGrantTypeException:";
    const password = await post(emulator.url, "/token", { ...client, grantType: "password" });
    expect(password.headers.get("x-amzn-errortype")).toContain(unsupported);
    const iam = await post(emulator.url, "/token?aws_iam=t", {
      ...client,
      grantType: "refresh_token",
    });
    expect(iam.headers.get("x-amzn-errortype")).toContain(unsupported);
    expect((await post(emulator.url, "/token", "{")).status).toBe(400);
    expect((await fetch(`${emulator.url}/token`)).status).toBe(405);
  });

  test("an error body has no message and no __type, and a reason only for errors that have one in the service", async () => {
    const emulator = await sdk.startEmulatorForTest();
    const grant = await post(emulator.url, "/token", { grantType: "refresh_token" });
    expect(await grant.json()).toEqual({
      error: "invalid_client",
      error_description: "Invalid client provided",
    });
    const request = await post(emulator.url, "/client/register", "{");
    expect(await request.json()).toEqual({
      error: "invalid_request",
      error_description: "Invalid request",
      reason: null,
    });
  });
});
