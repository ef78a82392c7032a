import { expect, test } from "vitest";
import * as sdk from "../support/emulator-clients.ts";

async function startWaiting(clientName = "test-client") {
  const emulator = await sdk.startEmulatorForTest();
  const client = await sdk.register(emulator, { clientName });
  const {
    deviceCode,
    userCode,
    verificationUriComplete = "",
  } = await sdk.startDevice(emulator, client);
  const post = (fields: Record<string, string>) =>
    fetch(`${emulator.url}/start/device`, { method: "POST", body: new URLSearchParams(fields) });
  return { emulator, client, deviceCode, userCode, link: verificationUriComplete, post };
}

test("the device page shows the code, the user and the client's name, and allows no scripts", async () => {
  const { link, userCode } = await startWaiting('<script>alert("x")</script>');
  const page = await fetch(link);
  const text = await page.text();
  expect(page.status).toBe(200);
  expect(text).toContain(userCode);
  expect(text).toContain("okta.user@example.com");
  expect(text).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
  expect(text).not.toContain("<script");
  expect(page.headers.get("content-security-policy")).toMatch(
    /^default-src 'none'.*form-action 'self'.*frame-ancestors 'none'/,
  );
});

test("Allow on the device page approves the device only once", async () => {
  const { emulator, client, deviceCode, userCode, post } = await startWaiting();
  const form = { user_code: userCode, action: "allow" };
  expect((await post(form)).status).toBe(200);
  expect((await post(form)).status).toBe(400);
  expect((await sdk.poll(emulator, client, deviceCode)).accessToken).toBeTruthy();
});

test("Deny on the device page denies the device", async () => {
  const { emulator, client, deviceCode, userCode, post } = await startWaiting();
  expect((await post({ user_code: userCode, action: "deny" })).status).toBe(200);
  expect(await sdk.catchFailure(sdk.poll(emulator, client, deviceCode))).toMatchObject({
    error: "access_denied",
  });
});

test("a code may be typed in lower case and without its hyphen", async () => {
  const { emulator, userCode } = await startWaiting();
  const typed = userCode.toLowerCase().replace("-", "");
  expect((await fetch(`${emulator.url}/start/device?user_code=${typed}`)).status).toBe(200);
});

test("an unknown or expired code is invalid, and the page shows it escaped", async () => {
  const { emulator, link } = await startWaiting();
  const hostile = await fetch(
    `${emulator.url}/start/device?user_code=${encodeURIComponent("<img src=x>")}`,
  );
  expect(hostile.status).toBe(400);
  const text = await hostile.text();
  expect(text).toContain("Invalid code");
  expect(text).not.toContain("<img");
  emulator.clock.advance(600_000);
  expect((await fetch(link)).status).toBe(400);
});

test("the page asks for a missing code, and refuses an answer that is neither Allow nor Deny", async () => {
  const { emulator, userCode, post } = await startWaiting();
  expect(await (await fetch(`${emulator.url}/start/device`)).text()).toContain('name="user_code"');
  expect((await post({ user_code: userCode, action: "perhaps" })).status).toBe(400);
  expect((await fetch(`${emulator.url}/start/device`, { method: "PUT" })).status).toBe(405);
});
