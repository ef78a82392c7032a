import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { PYTHON, requireParts, WITNESS } from "../support/interop-parts.ts";
import { EXCEPTION_ROWS, FAILS, PROXY_ROWS, type ProxyRow } from "../support/proxy-rows.ts";

/** Checks the rows of docs/troubleshooting.md with botocore (one process) and the AWS SDK for Go (one each). */

const ROWS = [...PROXY_ROWS, ...EXCEPTION_ROWS];

beforeAll(() => requireParts(PYTHON, WITNESS));

/** The address to which a client connected, and the first bytes it sent, in base64. */
interface Seen {
  readonly dialled: string;
  readonly said: string | null;
}

function ask(argv: readonly [string, ...string[]]): Seen[] {
  const [program, ...words] = argv;
  const input = ROWS.map(({ env, url }) => `${JSON.stringify({ env, url })}\n`).join("");
  const { stdout, stderr } = spawnSync(program, words, {
    input,
    encoding: "utf8",
    env: { PYTHONDONTWRITEBYTECODE: "1" },
  });
  const lines = stdout.trimEnd().split("\n");
  if (lines.length !== ROWS.length) throw new Error(`${lines.length} answers: ${stderr}`);
  return lines.map((line) => JSON.parse(line) as Seen);
}

const PROXIES = /^((proxy|other)\.corp|10\.0\.0\.1|\[fd00::1\]):\d+$/;

/** Returns the route in the words of the table. A route to neither the target nor the intended proxy fails. */
function findWay({ url }: ProxyRow, { dialled, said }: Seen): string {
  const place = dialled.toLowerCase().replace(/^([^[\]]*:[^[\]]*):(\d+)$/, "[$1]:$2");
  const { hostname, port } = new URL(url);
  const target = `${hostname}:${port || "443"}`;
  const bytes = Buffer.from(said ?? "", "base64");
  const isTls = bytes[0] === 0x16;
  if (place === target && isTls) return "direct";
  if (!PROXIES.test(place)) return FAILS;
  if (isTls) return `${place} by TLS`;
  if (bytes[0] === 5) return `${place} by SOCKS5`;
  const words = bytes.toString("latin1");
  if (!words.startsWith(`CONNECT ${target} `)) return FAILS;
  const login = /^Proxy-Authorization: Basic (\S+)\r?$/m.exec(words)?.[1];
  return login === undefined ? place : `${place} as ${Buffer.from(login, "base64").toString()}`;
}

describe.each([
  ["botocore", [PYTHON, join(import.meta.dirname, "clients", "boto3_witness.py"), "proxies"]],
  ["go", [WITNESS, "proxies"]],
] as const)("%s, as docs/troubleshooting.md says", (client, argv) => {
  test("takes the route of every row", () => {
    const seen = ask(argv);
    const found = ROWS.map((row, at) => ({ ...row, [client]: findWay(row, seen[at] as Seen) }));
    expect(found).toEqual(ROWS);
  });
});
