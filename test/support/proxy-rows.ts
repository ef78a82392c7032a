/**
 * The meaning of proxy variables: the rows of the tables in docs/troubleshooting.md. test/aws/proxy.test.ts checks latchkey
 * and the page against them, and test/interop/proxies.test.ts checks botocore and Go.
 */

/** `direct`, a proxy (with its user, and its protocol if that is not plain HTTP), or a failure. */
type Way = string;

export interface ProxyRow {
  readonly env: Readonly<Record<string, string>>;
  /** The requested URL. */
  readonly url: string;
  readonly botocore: Way;
  readonly go: Way;
  readonly latchkey: Way;
}

const PROXY = "http://proxy.corp:3128";
export const FAILS = "fails";
export const REFUSED = "exit 7";

type Ways = readonly [botocore: Way, go?: Way, latchkey?: Way];

function createRow(env: ProxyRow["env"], url: string, [botocore, go, latchkey]: Ways): ProxyRow {
  const same = botocore === FAILS ? REFUSED : botocore;
  return { env, url, botocore, go: go ?? botocore, latchkey: latchkey ?? same };
}

const P = "proxy.corp:3128";
const createVariablesRow = (env: ProxyRow["env"], ...ways: Ways): ProxyRow =>
  createRow(env, "https://oidc.example.test", ways);
const createValueRow = (value: string, ...ways: Ways): ProxyRow =>
  createVariablesRow({ HTTPS_PROXY: value }, ...ways);

/** The proxy that each variable selects for requests to https://oidc.example.test. */
export const PROXY_ROWS: readonly ProxyRow[] = [
  createVariablesRow({ HTTPS_PROXY: PROXY }, P),
  createVariablesRow({ https_proxy: PROXY }, P),
  createVariablesRow(
    { https_proxy: PROXY, HTTPS_PROXY: "http://other.corp:8080" },
    P,
    "other.corp:8080",
  ),
  createVariablesRow({ https_proxy: "", HTTPS_PROXY: PROXY }, "direct", P),
  createVariablesRow({ Https_Proxy: PROXY }, P, "direct"),
  createVariablesRow({ HTTP_PROXY: PROXY }, "direct"),
  createVariablesRow({ HTTPS_PROXY: PROXY, REQUEST_METHOD: "GET" }, P),
  createVariablesRow({ ALL_PROXY: PROXY }, "direct"),
  createVariablesRow({ all_proxy: PROXY }, "direct"),
  createValueRow("proxy.corp:3128", P),
  createValueRow("proxy.corp", "proxy.corp:80"),
  createValueRow("10.0.0.1:28080", "10.0.0.1:28080"),
  createValueRow("//proxy.corp:3128", P, FAILS),
  createValueRow("http://proxy.corp", "proxy.corp:80"),
  createValueRow("http://proxy.corp:3128/", P),
  createValueRow("http://proxy.corp:3128/path?query", P),
  createValueRow("http://PROXY.corp:3128", P),
  createValueRow("http://[fd00::1]:3128", "[fd00::1]:3128"),
  createValueRow("[fd00::1]:3128", "[fd00::1]:3128"),
  createValueRow("https://proxy.corp", "proxy.corp:443 by TLS"),
  createValueRow("https://proxy.corp:8443", "proxy.corp:8443 by TLS"),
  createValueRow("http://me:p%40ss@proxy.corp:3128", `${P} as me:p@ss`),
  createValueRow("me:p%40ss@proxy.corp:3128", `${P} as me:p@ss`),
  createValueRow("http://me:p@ss@proxy.corp:3128", `${P} as me:p@ss`),
  createValueRow("http://corp%5Cme:p%3Ass@proxy.corp:3128", `${P} as corp\\me:p:ss`),
  createValueRow("http://corp\\me:pass@proxy.corp:3128", FAILS),
  createValueRow("http://me:p%zz@proxy.corp:3128", `${P} as me:p%zz`, "direct"),
  createValueRow("http://me@proxy.corp:3128", P, `${P} as me:`),
  createValueRow("http://me:p/ss@proxy.corp:3128", FAILS),
  createValueRow(
    "socks5://proxy.corp:1080",
    FAILS,
    "proxy.corp:1080 by SOCKS5",
    "proxy.corp:1080 by SOCKS5",
  ),
  createValueRow(
    "socks5h://proxy.corp",
    FAILS,
    "proxy.corp:1080 by SOCKS5",
    "proxy.corp:1080 by SOCKS5",
  ),
  createValueRow("socks4://proxy.corp:1080", FAILS, "proxy.corp:1080"),
  createValueRow("ftp://proxy.corp:21", FAILS, "proxy.corp:21"),
  createValueRow("HTTP://proxy.corp:3128", FAILS, P),
  createValueRow(" http://proxy.corp:3128", FAILS, "direct"),
  createValueRow("http://proxy.corp:3128 ", FAILS),
  createValueRow("http://proxy.corp:port", FAILS),
  createValueRow("http://proxy.corp:99999", FAILS, "proxy.corp:99999"),
  createValueRow("http://", FAILS),
  createValueRow("http:/proxy.corp:3128", FAILS),
];

const createExceptionRow = (NO_PROXY: string, host: string, ...ways: Ways): ProxyRow =>
  createRow({ HTTPS_PROXY: PROXY, NO_PROXY }, `https://${host}`, ways);

/** The hosts that are reached without a proxy although HTTPS_PROXY is set. */
export const EXCEPTION_ROWS: readonly ProxyRow[] = [
  createExceptionRow("example.test", "example.test", "direct"),
  createExceptionRow("example.test", "oidc.example.test", "direct"),
  createExceptionRow("example.test", "notexample.test", P),
  createExceptionRow(".example.test", "oidc.example.test", "direct"),
  createExceptionRow(".example.test", "example.test", "direct", P),
  createExceptionRow("*.example.test", "oidc.example.test", P, "direct"),
  createExceptionRow("*", "oidc.example.test", "direct"),
  createExceptionRow(" * ", "oidc.example.test", P, "direct"),
  createExceptionRow("other.test,*", "oidc.example.test", P, "direct"),
  createExceptionRow("other.test, example.test", "oidc.example.test", "direct"),
  createExceptionRow("other.test example.test", "oidc.example.test", P),
  createExceptionRow("other.test;example.test", "oidc.example.test", P),
  createExceptionRow(",,Example.TEST,", "oidc.example.test", "direct"),
  createExceptionRow("example.test.", "oidc.example.test", P),
  createExceptionRow("https://oidc.example.test", "oidc.example.test", P),
  createExceptionRow("oidc.example.test:443", "oidc.example.test", P, "direct"),
  createExceptionRow("oidc.example.test:443", "oidc.example.test:443", "direct"),
  createExceptionRow("example.test:8443", "oidc.example.test:8443", "direct"),
  createExceptionRow("oidc.example.test:8443", "oidc.example.test", P),
  createExceptionRow("oidc.example.test", "oidc.example.test:8443", "direct"),
  createExceptionRow("10.1.2.3", "10.1.2.3", "direct"),
  createExceptionRow("10.1.2.0/24", "10.1.2.3", P, "direct"),
  createExceptionRow("2.3", "10.1.2.3", "direct", P),
  createExceptionRow("10.1", "10.1.2.3", P),
  createExceptionRow("fd00::7", "[fd00::7]", P, "direct"),
  createExceptionRow("[fd00::7]", "[fd00::7]", "direct", P),
  createExceptionRow("[fd00::7]:8443", "[fd00::7]:8443", "direct"),
  createExceptionRow("fd00::/16", "[fd00::7]", P, "direct"),
  createRow(
    { HTTPS_PROXY: PROXY, NO_PROXY: "example.test", no_proxy: "other.test" },
    "https://oidc.example.test",
    [P, "direct"],
  ),
  createRow(
    { HTTPS_PROXY: PROXY, NO_PROXY: "example.test", no_proxy: "" },
    "https://oidc.example.test",
    [P, "direct"],
  ),
  createExceptionRow("", "localhost:8443", P, "direct", "direct"),
  createExceptionRow("", "127.0.0.1:8443", P, "direct", "direct"),
  createExceptionRow("", "[::1]:8443", P, "direct", "direct"),
];

/** Returns the tables in the form of docs/troubleshooting.md. */
export function formatProxyTables(): string {
  return [
    "| variables | AWS CLI, boto3 | Go | latchkey |",
    "|---|---|---|---|",
    ...PROXY_ROWS.map((row) => formatRow(row, [formatVariables(row.env)])),
    "",
    `With \`HTTPS_PROXY=${PROXY}\`, too:`,
    "",
    "| variables | asked | AWS CLI, boto3 | Go | latchkey |",
    "|---|---|---|---|---|",
    ...EXCEPTION_ROWS.map((row) =>
      formatRow(row, [
        formatVariables({ ...row.env, HTTPS_PROXY: undefined }),
        `\`${row.url.slice("https://".length)}\``,
      ]),
    ),
  ].join("\n");
}

function formatRow({ botocore, go, latchkey }: ProxyRow, cells: readonly string[]): string {
  const ways = [botocore, go, latchkey].map((way) =>
    [FAILS, REFUSED, "direct"].includes(way) ? way : `\`${way}\``,
  );
  return `| ${[...cells, ...ways].join(" | ")} |`;
}

function formatVariables(env: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(env)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `\`${name}=${value}\``)
    .join(" ");
}
