import { expect, test } from "vitest";
import { startTcpServer } from "../faults/support/raw-servers.ts";
import { createSignedInHome, type Home, type RunResult } from "../support/home.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

/** Kind 7: if a library can't read an answer, latchkey reports an unusable answer and not an internal error. */

/** The endpoint variable of the service, and a command that asks it: with and without the SDK, in JSON and XML. */
type Asking = readonly [variable: string, argv: readonly string[]];

const ACCOUNTS: Asking = ["AWS_ENDPOINT_URL_SSO", ["accounts"]];
const CREDENTIALS: Asking = ["AWS_ENDPOINT_URL_SSO", ["credential-process", ...OKTA_ROLE]];
const OTHERS: readonly Asking[] = [
  ["AWS_ENDPOINT_URL_SSO", ["profiles", "sync", "--prune", "--yes"]],
  ["AWS_ENDPOINT_URL_SSO_OIDC", ["login", "--sso-session", "corp", "--force", "--no-browser"]],
  ["AWS_ENDPOINT_URL_STS", ["whoami"]],
  ["AWS_ENDPOINT_URL_SSO_ADMIN", ["federation", "access"]],
];

/** Runs all at once. The administrator's commands have keys. Each row has its own role, since a role's cache is locked. */
function runEach(home: Home, url: string, asked: readonly Asking[], row: number) {
  const keys = { ...home.emulator.administratorEnv, AWS_REGION: "us-east-1" };
  return asked.map(async ([variable, words]) => {
    const isSigned = words[0] === "whoami" || words[0] === "federation";
    const env = { [variable]: url, ...(isSigned ? keys : {}) };
    const argv = words.map((word) => (word === "ViewOnlyAccess" ? `Role${row}` : word));
    return { argv, ...(await home.run(argv, { env })) };
  });
}

type Rows = ReadonlyArray<readonly [what: string, bytes: Buffer]>;

/** Runs several rows at once: latchkey retries unusable answers before it gives up. */
async function expectTranslated(rows: Rows, asked: readonly Asking[], codes: readonly number[]) {
  const home = await createSignedInHome();
  const before = home.read(".aws/config");
  const runs = rows.flatMap(([what, bytes], row) => ({ what, bytes, row }));
  const workers = Array.from({ length: 12 }, async () => {
    for (let next = runs.shift(); next !== undefined; next = runs.shift()) {
      const { what, bytes, row } = next;
      const server = await startTcpServer((socket) => socket.end(bytes));
      for (const result of await Promise.all(runEach(home, server.url, asked, row)))
        expectOne(what, result, codes);
    }
  });
  await Promise.all(workers);
  expect(home.read(".aws/config")).toBe(before);
}

function expectOne(
  row: string,
  { argv, exitCode, stderr, stdout }: RunResult & { readonly argv: readonly string[] },
  codes: readonly number[],
): void {
  const what = `${row}: ${argv.join(" ")}: ${stderr}`;
  expect.soft(stderr, what).not.toMatch(/went wrong inside|Deserialization|raw response/i);
  expect.soft(codes, what).toContain(exitCode);
  expect.soft(stderr, what).toContain("latchkey: hint: ");
  expect.soft(stdout, what).toBe("");
}

function formatAnswer(status: string, body: string, headers: readonly string[] = []): Buffer {
  const head = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body, "latin1")}`,
    "Connection: close",
    ...headers,
  ];
  return Buffer.from(`${head.join("\r\n")}\r\n\r\n${body}`, "latin1");
}

const MANY_HEADERS = Array.from({ length: 10_000 }, (_, index) => `X-${index}: y`);

const HEADS: Rows = [
  ["headers over Node's limit", formatAnswer("200 OK", "{}", [`X-Big: ${"x".repeat(40_000)}`])],
  ["ten thousand headers", formatAnswer("200 OK", "{}", MANY_HEADERS)],
  ["a control byte in a header", formatAnswer("200 OK", "{}", ["X-Odd: a\u0001b"])],
  ["a NUL in a header", formatAnswer("200 OK", "{}", ["X-Odd: a\u0000b"])],
  ["a header without a colon", formatAnswer("200 OK", "{}", ["nothing here"])],
  ["two lengths", formatAnswer("200 OK", "{}", ["Content-Length: 3"])],
  ["a length below 0", Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n{}")],
  [
    "a chunk without a size",
    Buffer.from("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"),
  ],
  [
    "an encoding that was not requested",
    formatAnswer("200 OK", "\u001f\u008bxx", ["Content-Encoding: gzip"]),
  ],
  ["another protocol", Buffer.from("SSH-2.0-OpenSSH_9.2\r\n")],
  ["an invalid status", Buffer.from("HTTP/1.1 999999 OK\r\n\r\n")],
];

test("7.1: bytes that are not HTTP, or too many headers, are an answer that can't be used", async () => {
  await expectTranslated(HEADS, [ACCOUNTS, CREDENTIALS], [6]);
});

const nest = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const item = { accountId: ["1"], accountName: {}, roleName: [] };

/** Returns an answer with the value in every member that one of the commands reads. */
const fillMembers = (value: unknown): string =>
  JSON.stringify({
    accountList: value,
    roleList: value,
    roleCredentials: value,
    Instances: value,
    clientId: value,
    verificationUri: value,
  });

const BODIES: ReadonlyArray<readonly [what: string, body: string]> = [
  ["JSON nested 100,000 deep", nest(100_000)],
  ["a list nested 100,000 deep", `{"accountList":${nest(100_000)},"Instances":${nest(100_000)}}`],
  ["a list of other things", fillMembers([1, null, "x", [[]], true])],
  ["a list of such items", fillMembers([item, item])],
  ["a list that is an object", fillMembers({ 0: item, length: 1 })],
  ["a list that is a number", fillMembers(7)],
  ["a list that is a text", fillMembers("x")],
  [
    "names of JavaScript's own",
    '{"__proto__":{"accountList":[]},"constructor":{"prototype":1},"toString":1,"accountList":{"__proto__":[]}}',
  ],
  ["XML nested 5,000 deep", `${"<a>".repeat(5_000)}${"</a>".repeat(5_000)}`],
  [
    "XML with a name of JavaScript's own",
    "<GetCallerIdentityResponse><__proto__><x>1</x></__proto__></GetCallerIdentityResponse>",
  ],
  [
    "an error whose members are lists",
    '{"__type":["x"],"message":{"a":1},"error":[[]],"Message":7}',
  ],
  [
    "bytes that are not text",
    '{"accountList": [{"accountId": "\u00ff\u00fe"}], "roleList": "\u00c0"',
  ],
];

const ALL = [ACCOUNTS, CREDENTIALS, ...OTHERS];

test("7.2: a body that the service would not send is an answer that can't be used, in every command", async () => {
  const rows = BODIES.map(([what, body]) => [what, formatAnswer("200 OK", body)] as const);
  await expectTranslated(rows, ALL, [6]);
});

test("7.3: such a body with an error status is reported without a library's words", async () => {
  const rows = BODIES.map(([what, body]) => [what, formatAnswer("400 Bad Request", body)] as const);
  await expectTranslated(rows, ALL, [4, 5, 6]);
});

test("7.4: a page with more roles than any user has is an answer that can't be used", async () => {
  const roleList = Array(230_000).fill({ roleName: "a" });
  const home = await createSignedInHome();
  home.emulator.setFault({ route: "ListAccountRoles", status: 200, body: { roleList } });
  const result = await home.run(["roles", "100000000001"]);
  expect(result).toMatchObject({ exitCode: 6, stdout: "" });
  expect(result.stderr).toContain("the list would never end");
});
