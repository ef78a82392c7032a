import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  findHop,
  formatProxy,
  parseProxy,
  readProxySettings,
  type ProxySettings,
} from "../../src/aws/call/proxy.ts";
import { CHECKOUT } from "../support/program.ts";
import {
  EXCEPTION_ROWS,
  formatProxyTables,
  PROXY_ROWS,
  REFUSED,
  type ProxyRow,
} from "../support/proxy-rows.ts";

/** The hop in the words of the table. */
function findWay({ env, url }: ProxyRow): string {
  const settings = readProxySettings(env);
  const hop = findHop(settings, new URL(url), url);
  if (hop.kind === "direct") return "direct";
  if (hop.kind === "unusable") return REFUSED;
  const spoken = { http: "", https: " by TLS", socks5: " by SOCKS5" }[hop.scheme];
  return `${formatProxy(hop)}${spoken}${formatLogin(settings)}`;
}

function formatLogin({ https }: ProxySettings): string {
  const login = https && parseProxy(https).login;
  return login === undefined ? "" : ` as ${login.user}:${login.password}`;
}

describe("the hop that latchkey chooses from the proxy variables", () => {
  test.each(
    [...PROXY_ROWS, ...EXCEPTION_ROWS].map((row) => [JSON.stringify(row.env), row] as const),
  )("%s", (_, row) => expect(findWay(row)).toBe(row.latchkey));

  test.each(["http://[fe80::1%25eth0]:3128", "http://[fe80::1%eth0]:3128"])(
    "the interface in %j is a part of the address",
    (value) => {
      const { hop } = parseProxy({ name: "https_proxy", value });
      expect(hop).toMatchObject({ kind: "proxy", hostname: "[fe80::1%eth0]", port: 3128 });
    },
  );

  test("plain http to this machine never goes through a proxy", () => {
    const settings = readProxySettings({ HTTP_PROXY: "http://proxy.corp:3128", HTTPS_PROXY: "x" });
    expect(findHop(settings, new URL("http://127.0.0.1:8080"))).toEqual({ kind: "direct" });
  });

  test.each([
    "http://me:hunter2/x@proxy.corp:3128",
    "http://me:hunter2@proxy corp:3128",
    "http://me:hunter2@proxy.corp:3128\r",
    "socks4a://me:hunter2@proxy.corp",
    "http://me:hunter2@",
    "me:hunter2@proxy.corp:x",
  ])("the message about %j names its variable and shows no part of the login", (value) => {
    const { hop } = parseProxy({ name: "https_proxy", value });
    expect(hop).toMatchObject({
      kind: "unusable",
      message: expect.stringMatching(/^https_proxy /),
    });
    expect(JSON.stringify(hop)).not.toMatch(/hunter2|me:/);
  });

  test("docs/troubleshooting.md has the same rows", () => {
    const page = readFileSync(join(CHECKOUT, "docs", "troubleshooting.md"), "utf8");
    expect(page).toContain(formatProxyTables());
  });
});
