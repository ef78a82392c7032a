import { describe, expect, test } from "vitest";
import { startTcpServer } from "../faults/support/raw-servers.ts";
import { listAccounts } from "../../src/aws/portal.ts";
import { startDeviceAuthorization } from "../../src/aws/oidc.ts";
import { fetchRoleCredentials } from "../../src/aws/role-credentials.ts";
import { fetchCallerIdentity } from "../../src/aws/sts.ts";
import type { Journey } from "../../src/aws/call/hop.ts";
import { parseProxy, type Hop } from "../../src/aws/call/proxy.ts";
import { toLatchkeyError } from "../../src/aws/call/failure.ts";
import { LatchkeyError } from "../../src/errors.ts";
import type { Connection } from "../../src/aws/send.ts";
import { listInstances } from "../../src/federation/aws/instance.ts";
import type { Administrator } from "../../src/federation/aws/send.ts";
import { createTestConnection } from "./connection.ts";

/** Adapters pass on no library's message, and nothing that a service sends is reported as a bug of latchkey. */

const KEYS = {
  accessKeyId: "AKIDEXAMPLE",
  secretAccessKey: "s",
  sessionToken: undefined,
  expiration: undefined,
  accountId: undefined,
};
const CLIENT = { clientId: "id", clientSecret: "secret", expiresAt: new Date("2027-01-01") };

const CALLS: Readonly<Record<string, (connection: Connection) => Promise<unknown>>> = {
  accounts: (via) => listAccounts(via, "t", () => undefined),
  "role credentials": (via) => fetchRoleCredentials(via, "t", "100000000001", "Admin"),
  "device authorization": (via) =>
    startDeviceAuthorization(via, CLIENT, "https://example.awsapps.com/start"),
  "caller identity": (via) => fetchCallerIdentity(via, KEYS),
  instances: (via) => {
    const admin: Administrator = {
      region: "us-east-1",
      connect: () => ({ ...via, credentials: KEYS }),
    };
    return listInstances(admin);
  },
};

/** Messages of libraries that no person should see. */
const FOREIGN =
  /inside latchkey|Deserialization|\$response|Cannot (read|convert)|Unexpected (token|end)|is not (a function|iterable)|JSON|undefined|\[object|\bTypeError|SyntaxError|Parse Error|HPE_|Unknown,/;

const JSON_TYPE = "content-type: application/json\r\n";
const answer = (body: string, head = JSON_TYPE, status = "200 OK"): string =>
  `HTTP/1.1 ${status}\r\n${head}content-length: ${Buffer.byteLength(body, "latin1")}\r\n\r\n${body}`;

const ANSWERS: Readonly<Record<string, string>> = {
  "headers over Node's limit": answer("{}", `${JSON_TYPE}x-a: ${"a".repeat(40_000)}\r\n`),
  "a control byte in a header": answer("{}", `${JSON_TYPE}x-a: a\u0001b\r\n`),
  "no HTTP": "HELLO\r\n\r\n",
  "an invalid length": `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-length: xx\r\n\r\n{}`,
  "two lengths": `HTTP/1.1 200 OK\r\n${JSON_TYPE}content-length: 2\r\ncontent-length: 3\r\n\r\n{}`,
  "a chunk without a size": `HTTP/1.1 200 OK\r\n${JSON_TYPE}transfer-encoding: chunked\r\n\r\nzz\r\n{}`,
  "another protocol": "HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
  "an invalid status": answer("{}", JSON_TYPE, "999 Odd"),
  "not JSON": answer("xyz"),
  "half a JSON": answer('{"accountList": [{"accou'),
  "bytes that are not text": answer("\xff\xfe\x00{}"),
  "a number": answer("5"),
  null: answer("null"),
  "a list": answer("[]"),
  "lists nested 20,000 deep": answer(`{"accountList": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`),
  "a record for every member": answer(
    '{"accountList":{},"Instances":{},"deviceCode":{},"roleCredentials":[],"nextToken":{}}',
  ),
  __proto__: answer('{"__proto__":{"accountList":[]},"constructor":null,"accountList":[[]]}'),
  "XML nested 5,000 deep": answer(
    `<R>${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}</R>`,
    "content-type: text/xml\r\n",
  ),
  "a 400 that is not JSON": answer("xyz", JSON_TYPE, "400 Bad"),
  "a 400 that is null": answer("null", JSON_TYPE, "400 Bad"),
  "a 400 whose type is a number": answer('{"__type": 5, "message": {}}', JSON_TYPE, "400 Bad"),
  "a 400 whose type is not a name": answer(
    "{}",
    `${JSON_TYPE}x-amzn-errortype: \xff;rm\r\n`,
    "400 B",
  ),
};

describe.each(Object.entries(ANSWERS))("%s", (_, raw) => {
  test.each(Object.entries(CALLS))("instead of %s causes a LatchkeyError", async (_name, call) => {
    const server = await startTcpServer((socket) => socket.end(Buffer.from(raw, "latin1")));
    const thrown: unknown = await call(createTestConnection(server.url)).catch(
      (error: unknown) => error,
    );
    expect(thrown).toBeInstanceOf(LatchkeyError);
    const { code, message, hint = "" } = thrown as LatchkeyError;
    expect(["BAD_RESPONSE", "UNREACHABLE", "ACCESS_DENIED"]).toContain(code);
    expect(`${message} ${hint}`).not.toMatch(FOREIGN);
  });
});

const withCode = (code: string): Error => Object.assign(new Error(`foreign ${code}`), { code });
const withStatus = (error: Error, statusCode: number): Error =>
  Object.assign(error, { $metadata: { httpStatusCode: statusCode } });

test.each<[Error, string, string]>([
  [withCode("ENOTFOUND"), "UNREACHABLE", "The portal could not be reached (ENOTFOUND)."],
  [withCode("EAI_AGAIN"), "UNREACHABLE", "The portal could not be reached (EAI_AGAIN)."],
  [withCode("ECONNREFUSED"), "UNREACHABLE", "The portal could not be reached (ECONNREFUSED)."],
  [
    withCode("ERR_PROXY_TUNNEL"),
    "UNREACHABLE",
    "The portal could not be reached (ERR_PROXY_TUNNEL).",
  ],
  [
    withCode("UNABLE_TO_VERIFY_LEAF_SIGNATURE"),
    "UNREACHABLE",
    "The TLS certificate of The portal could not be verified (UNABLE_TO_VERIFY_LEAF_SIGNATURE).",
  ],
  [
    withCode("ERR_SSL_WRONG_VERSION_NUMBER"),
    "UNREACHABLE",
    "The portal did not answer with valid TLS (ERR_SSL_WRONG_VERSION_NUMBER).",
  ],
  [withCode("EPROTO"), "UNREACHABLE", "The portal did not answer with valid TLS (EPROTO)."],
  [
    withCode("HPE_HEADER_OVERFLOW"),
    "BAD_RESPONSE",
    "The answer of The portal has larger headers than any answer of that service.",
  ],
  [withCode("HPE_INVALID_CONSTANT"), "BAD_RESPONSE", "The answer of The portal is not HTTP."],
  [
    withCode("HPE_CR_EXPECTED"),
    "BAD_RESPONSE",
    "The answer of The portal is not what that service sends.",
  ],
  [
    new SyntaxError("Unexpected token"),
    "BAD_RESPONSE",
    "The answer of The portal is not what that service sends.",
  ],
  [
    withStatus(new TypeError("Cannot read properties of null"), 200),
    "BAD_RESPONSE",
    "The answer of The portal is not what that service sends.",
  ],
  [
    withStatus(new RangeError("stack"), 503),
    "UNREACHABLE",
    "The portal answered with an error (HTTP 503).",
  ],
  [withStatus(new Error("x"), 429), "THROTTLED", "The portal is throttling requests (HTTP 429)."],
])("the foreign error %s is %s: %s", (thrown, code, message) => {
  expect(toLatchkeyError(thrown, "The portal")).toMatchObject({ code, message });
});

test.each(["EPERM", "EACCES", "EAFNOSUPPORT", "EADDRNOTAVAIL", "EMFILE", "ENOBUFS", "EINVAL"])(
  "a connection that this machine does not open (%s) is a service that can't be reached",
  (code) => {
    const tell = (hop: Hop) =>
      toLatchkeyError(
        Object.assign(new Error("connect"), {
          code,
          journey: { hop, target: "portal.test:443", isConnected: false } satisfies Journey,
        }),
        "portal.test",
      );
    expect(tell({ kind: "direct" })).toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringContaining(`portal.test could not be reached (${code})`),
    });
    const proxy = parseProxy({ name: "HTTPS_PROXY", value: "http://proxy.test:3128" }).hop;
    expect(tell(proxy)).toMatchObject({
      code: "UNREACHABLE",
      message: expect.stringContaining(`The proxy proxy.test:3128 could not be reached (${code})`),
    });
  },
);

test("a bug of latchkey is not converted", () => {
  const mistake = new TypeError("x is not a function");
  expect(toLatchkeyError(mistake, "The portal")).toBe(mistake);
});
