import { expect, test } from "vitest";
import * as sdk from "../support/emulator-clients.ts";

test("an authorization code can be exchanged once, with its verifier and its callback", async () => {
  const emulator = await sdk.startEmulatorForTest({ authorize: { mode: "auto" } });
  const { client, codeVerifier, link } = await sdk.startPkce(emulator);
  const callback = await sdk.fetchRedirect(link);
  expect(callback.href.startsWith(`${sdk.CALLBACK}?code=`)).toBe(true);
  expect(callback.searchParams.get("state")).toBe("b0dee87e");
  const code = callback.searchParams.get("code") ?? "";
  const tokens = await sdk.redeem(emulator, client, { code, codeVerifier });
  expect(tokens).toMatchObject({ expiresIn: 3600, tokenType: "Bearer" });
  expect(tokens.refreshToken).toBeTruthy();
  const invalid = { name: "InvalidGrantException", error_description: "Invalid grant provided" };
  expect(
    await sdk.catchFailure(sdk.redeem(emulator, client, { code, codeVerifier })),
  ).toMatchObject(invalid);
});

test("the recorded verifier of a real client matches its recorded challenge", async () => {
  const emulator = await sdk.startEmulatorForTest({ authorize: { mode: "auto" } });
  const { client, link } = await sdk.startPkce(emulator, {
    code_challenge: "W-w22OJG1QYs4g3xfiPIAcMKCPlDfTHTBlUmuYohHLg",
  });
  const code = (await sdk.fetchRedirect(link)).searchParams.get("code") ?? "";
  const verifier = "PTZV83ta_Z6HlKQPAJjDujAstYsyR20uugkZCV9I~a2_Bl69AN1llhkOdTHqHX5C";
  expect(
    (await sdk.redeem(emulator, client, { code, codeVerifier: verifier })).accessToken,
  ).toBeTruthy();
});

test.each([
  ["another verifier", (code: string) => ({ code, verifier: "x".repeat(64) })],
  [
    "another port in the callback",
    (code: string) => ({ code, redirectUri: "http://127.0.0.1:1/oauth/callback" }),
  ],
  ["an unknown code", () => ({ code: "unknown" })],
  ["no code", () => ({ code: "" })],
])("an authorization code is refused with %s", async (_what, change) => {
  const emulator = await sdk.startEmulatorForTest({ authorize: { mode: "auto" } });
  const { client, codeVerifier, link } = await sdk.startPkce(emulator);
  const code = (await sdk.fetchRedirect(link)).searchParams.get("code") ?? "";
  const changed = { verifier: codeVerifier, redirectUri: sdk.CALLBACK, ...change(code) };
  const call = sdk.redeem(emulator, client, {
    code: changed.code,
    codeVerifier: changed.verifier,
    redirectUri: changed.redirectUri,
  });
  expect(await sdk.catchFailure(call)).toMatchObject({ error: "invalid_grant" });
});

test("an authorization code is refused after its ten minutes, and for another client", async () => {
  const emulator = await sdk.startEmulatorForTest({ authorize: { mode: "auto" } });
  const first = await sdk.startPkce(emulator);
  const second = await sdk.startPkce(emulator);
  const stolen = (await sdk.fetchRedirect(first.link)).searchParams.get("code") ?? "";
  const theft = sdk.redeem(emulator, second.client, {
    code: stolen,
    codeVerifier: first.codeVerifier,
  });
  expect(await sdk.catchFailure(theft)).toMatchObject({ error: "invalid_grant" });
  const late = (await sdk.fetchRedirect(first.link)).searchParams.get("code") ?? "";
  emulator.clock.advance(600_000);
  expect(
    await sdk.catchFailure(
      sdk.redeem(emulator, first.client, { code: late, codeVerifier: first.codeVerifier }),
    ),
  ).toMatchObject({
    error: "invalid_grant",
  });
});

test("a device client may not exchange an authorization code", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const client = await sdk.register(emulator);
  expect(
    await sdk.catchFailure(
      sdk.redeem(emulator, client, { code: "code", codeVerifier: "verifier" }),
    ),
  ).toMatchObject({
    name: "UnauthorizedClientException",
  });
});

test.each([
  ["an unknown client", { client_id: "unknown" }, "Invalid client provided"],
  [
    "a callback on another host",
    { redirect_uri: "https://evil.example/oauth/callback" },
    "Invalid callback URL",
  ],
  [
    "a callback with another path",
    { redirect_uri: "http://127.0.0.1:1/other" },
    "Invalid callback URL",
  ],
  ["a callback that is not a URL", { redirect_uri: "//" }, "Invalid callback URL"],
  [
    "a callback with another loopback name",
    { redirect_uri: "http://localhost:1/oauth/callback" },
    "Invalid callback URL",
  ],
  ["a plain challenge", { code_challenge_method: "plain" }, "Invalid code challenge provided"],
  [
    "a challenge of the wrong length",
    { code_challenge: "short" },
    "Invalid code challenge provided",
  ],
  ["an implicit response", { response_type: "token" }, "Invalid response type provided"],
])("authorize answers %s with JSON and no redirect", async (_what, changes, description) => {
  const emulator = await sdk.startEmulatorForTest({ authorize: { mode: "auto" } });
  const { link } = await sdk.startPkce(emulator, changes);
  const response = await fetch(link, { redirect: "manual" });
  expect(response.status).toBe(400);
  expect(await response.json()).toEqual({
    error: "invalid_request",
    error_description: description,
    reason: null,
  });
});

async function fetchConsentForm(link: string) {
  const page = await fetch(link);
  const text = await page.text();
  return { page, text, request: /name="request" value="([\w-]+)"/.exec(text)?.[1] ?? "" };
}

test("the consent page shows the escaped client name, and only its form may redirect to the callback", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const { client, codeVerifier, link } = await sdk.startPkce(emulator);
  const { page, text, request } = await fetchConsentForm(link);
  expect(text).toContain("test-client");
  expect(text).toContain("okta.user@example.com");
  expect(page.headers.get("content-security-policy")).toContain(
    "form-action 'self' http://127.0.0.1:38013",
  );
  const answer = { method: "POST", body: new URLSearchParams({ request, action: "allow" }) };
  const callback = await sdk.fetchRedirect(`${emulator.url}/authorize`, answer);
  const code = callback.searchParams.get("code") ?? "";
  expect((await sdk.redeem(emulator, client, { code, codeVerifier })).accessToken).toBeTruthy();
  expect((await fetch(`${emulator.url}/authorize`, answer)).status).toBe(400);
});

test("a refusal on the consent page is sent to the callback with the state", async () => {
  const emulator = await sdk.startEmulatorForTest();
  const { request } = await fetchConsentForm((await sdk.startPkce(emulator)).link);
  const post = (action: string) => ({
    method: "POST",
    body: new URLSearchParams({ request, action }),
  });
  expect((await fetch(`${emulator.url}/authorize`, post("shrug"))).status).toBe(400);
  const callback = await sdk.fetchRedirect(`${emulator.url}/authorize`, post("deny"));
  expect(Object.fromEntries(callback.searchParams)).toMatchObject({
    error: "access_denied",
    state: "b0dee87e",
  });
  expect(callback.searchParams.has("code")).toBe(false);
});
