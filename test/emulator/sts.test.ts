import { createHash, createHmac } from "node:crypto";
import { expect, test } from "vitest";
import type { Emulator } from "../../src/emulator/emulator.ts";
import * as sdk from "../support/emulator-clients.ts";

const FORM = "Action=GetCallerIdentity&Version=2011-06-15";

async function startWithKeys() {
  const emulator = await sdk.startEmulatorForTest();
  const { accessToken } = await sdk.signIn(emulator);
  return { emulator, accessToken, keys: await sdk.fetchRoleKeys(emulator, accessToken) };
}

interface Signing {
  secret: string;
  canonical: string;
  timestamp: string;
  service?: string;
}

function computeSignature({ secret, canonical, timestamp, service = "sts" }: Signing): string {
  const date = timestamp.slice(0, 8);
  const hash = createHash("sha256").update(canonical).digest("hex");
  const hmac = (key: string | Buffer, text: string) =>
    createHmac("sha256", key).update(text).digest();
  const key = ["us-east-1", service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, date));
  return hmac(
    key,
    `AWS4-HMAC-SHA256\n${timestamp}\n${date}/us-east-1/${service}/aws4_request\n${hash}`,
  ).toString("hex");
}

function formatTimestamp(emulator: Emulator, shiftMs = 0): string {
  return new Date(emulator.clock.now() + shiftMs).toISOString().replace(/[-:]|\.\d{3}/g, "");
}

/** Signs like botocore: only four headers, one of them with several spaces. */
function fetchSignedByHand(
  emulator: Emulator,
  keys: sdk.RoleKeys,
  options: { shiftMs?: number; service?: string } = {},
) {
  const timestamp = formatTimestamp(emulator, options.shiftMs);
  const service = options.service ?? "sts";
  const host = new URL(emulator.url).host;
  const names = "content-type;host;x-amz-date;x-amz-security-token";
  const type = "application/x-www-form-urlencoded; charset=utf-8";
  const headers = `content-type:${type}\nhost:${host}\nx-amz-date:${timestamp}\nx-amz-security-token:${keys.sessionToken}\n`;
  const bodyHash = createHash("sha256").update(FORM).digest("hex");
  const canonical = `POST\n/\n\n${headers}\n${names}\n${bodyHash}`;
  const signed = computeSignature({ secret: keys.secretAccessKey, canonical, timestamp, service });
  const scope = `${timestamp.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  return {
    "Content-Type": type.replace("; ", ";   "),
    "X-Amz-Date": timestamp,
    "X-Amz-Security-Token": keys.sessionToken,
    Authorization: `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signed}`,
  };
}

async function post(emulator: Emulator, headers: Record<string, string>, body = FORM) {
  const response = await fetch(`${emulator.url}/`, { method: "POST", headers, body });
  const text = await response.text();
  return {
    status: response.status,
    code: /<Code>(.*)<\/Code>/.exec(text)?.[1],
    message: /<Message>(.*)<\/Message>/.exec(text)?.[1],
    text,
  };
}

test("the identity is the role's ARN with a fixed suffix per role and account, and the user's name", async () => {
  const { emulator, keys, accessToken } = await startWithKeys();
  const first = await sdk.fetchCallerIdentity(emulator, keys);
  expect(first.Arn).toMatch(
    /^arn:aws:sts::100000000001:assumed-role\/AWSReservedSSO_ViewOnlyAccess_[0-9a-f]{16}\/okta\.user@example\.com$/,
  );
  expect(first.Account).toBe("100000000001");
  expect(first.UserId).toMatch(/^AROA[0-9A-F]{17}:okta\.user@example\.com$/);
  const again = await sdk.fetchRoleKeys(emulator, accessToken);
  expect((await sdk.fetchCallerIdentity(emulator, again)).Arn).toBe(first.Arn);
  expect(
    emulator.journal.entries({ route: "GetCallerIdentity" }).map((entry) => entry.arn),
  ).toEqual([first.Arn, first.Arn]);
});

test("a signature over only four headers is verified, and several spaces count as one", async () => {
  const { emulator, keys } = await startWithKeys();
  expect(await post(emulator, fetchSignedByHand(emulator, keys))).toMatchObject({ status: 200 });
});

test("a presigned link is verified until its expiry", async () => {
  const { emulator, keys } = await startWithKeys();
  const timestamp = formatTimestamp(emulator);
  const query = new URLSearchParams({
    Action: "GetCallerIdentity",
    Version: "2011-06-15",
    "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
    "X-Amz-Credential": `${keys.accessKeyId}/${timestamp.slice(0, 8)}/us-east-1/sts/aws4_request`,
    "X-Amz-Date": timestamp,
    "X-Amz-Expires": "60",
    "X-Amz-Security-Token": keys.sessionToken,
    "X-Amz-SignedHeaders": "host",
  });
  query.sort();
  const emptyHash = createHash("sha256").update("").digest("hex");
  const canonical = `GET\n/\n${query.toString()}\nhost:${new URL(emulator.url).host}\n\nhost\n${emptyHash}`;
  query.set(
    "X-Amz-Signature",
    computeSignature({ secret: keys.secretAccessKey, canonical, timestamp }),
  );
  expect((await fetch(`${emulator.url}/?${query.toString()}`)).status).toBe(200);
  emulator.clock.advance(61_000);
  expect((await fetch(`${emulator.url}/?${query.toString()}`)).status).toBe(403);
  query.set("X-Amz-Expires", "0");
  expect((await fetch(`${emulator.url}/?${query.toString()}`)).status).toBe(400);
  query.set("X-Amz-Algorithm", "AWS3");
  expect((await fetch(`${emulator.url}/?${query.toString()}`)).status).toBe(400);
});

test("a wrong secret is SignatureDoesNotMatch", async () => {
  const { emulator, keys } = await startWithKeys();
  const wrong = { ...keys, secretAccessKey: "x".repeat(40) };
  expect(await sdk.catchFailure(sdk.fetchCallerIdentity(emulator, wrong))).toMatchObject({
    name: "SignatureDoesNotMatch",
    status: 403,
  });
  expect(emulator.journal.entries({ route: "GetCallerIdentity" }).at(-1)?.arn).toBeUndefined();
});

test("a body or a header changed after signing is SignatureDoesNotMatch", async () => {
  const { emulator, keys } = await startWithKeys();
  const headers = fetchSignedByHand(emulator, keys);
  expect((await post(emulator, headers, `${FORM}&Extra=1`)).code).toBe("SignatureDoesNotMatch");
  expect((await post(emulator, { ...headers, "Content-Type": "text/plain" })).code).toBe(
    "SignatureDoesNotMatch",
  );
});

test("an unknown key, and a known key with another session token, are InvalidClientTokenId", async () => {
  const { emulator, keys, accessToken } = await startWithKeys();
  const other = await sdk.fetchRoleKeys(emulator, accessToken);
  const invalid = { name: "InvalidClientTokenId", status: 403 };
  const unknown = { ...keys, accessKeyId: "ASIAAAAAAAAAAAAAAAAA" };
  expect(await sdk.catchFailure(sdk.fetchCallerIdentity(emulator, unknown))).toMatchObject(invalid);
  const mixed = { ...keys, sessionToken: other.sessionToken };
  expect(await sdk.catchFailure(sdk.fetchCallerIdentity(emulator, mixed))).toMatchObject(invalid);
});

test("expired credentials are ExpiredToken", async () => {
  const { emulator, keys } = await startWithKeys();
  emulator.clock.advance(3_600_000);
  expect(await sdk.catchFailure(sdk.fetchCallerIdentity(emulator, keys, 3_600_000))).toMatchObject({
    name: "ExpiredToken",
    status: 403,
  });
});

test.each([
  [-301_000, "Signature expired"],
  // This distance shrinks by some seconds on a slow machine.
  [330_000, "Signature not yet current"],
])("a signature %i ms from the emulator's time is refused", async (shiftMs, words) => {
  const { emulator, keys } = await startWithKeys();
  const refused = await post(emulator, fetchSignedByHand(emulator, keys, { shiftMs }));
  expect(refused).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
  expect(refused.message).toContain(words);
  expect(
    (await post(emulator, fetchSignedByHand(emulator, keys, { shiftMs: shiftMs * 0.9 }))).status,
  ).toBe(200);
});

test("a signature for another service is refused", async () => {
  const { emulator, keys } = await startWithKeys();
  const refused = await post(emulator, fetchSignedByHand(emulator, keys, { service: "s3" }));
  expect(refused).toMatchObject({ status: 403, code: "SignatureDoesNotMatch" });
});

test("an unsigned request, a malformed signature and another action have their own errors", async () => {
  const { emulator, keys } = await startWithKeys();
  const headers = fetchSignedByHand(emulator, keys);
  const missing = await post(emulator, {});
  expect(missing).toMatchObject({ status: 403, code: "MissingAuthenticationToken" });
  expect(missing.text).toContain(
    '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender',
  );
  const malformed = [
    headers.Authorization.replace("AWS4-HMAC-SHA256", "Basic"),
    headers.Authorization.replace("aws4_request", "aws5"),
    headers.Authorization.replace("host;", ""),
    headers.Authorization.replace(/Signature=.*/, "Signature=00"),
  ];
  for (const Authorization of malformed) {
    expect(await post(emulator, { ...headers, Authorization })).toMatchObject({
      status: 400,
      code: "IncompleteSignature",
    });
  }
  const dateless = await post(emulator, { ...headers, "X-Amz-Date": "yesterday" });
  expect(dateless.code).toBe("IncompleteSignature");
  const other = await post(emulator, headers, "Action=GetSessionToken&Version=2011-06-15");
  expect(other).toMatchObject({ status: 400, code: "InvalidAction" });
});
