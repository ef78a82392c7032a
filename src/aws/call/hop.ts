/** Which way a request takes, and what an error says of the hop that failed. Pure: judged by address and phase alone. */

export type Hop =
  | { readonly kind: "direct" }
  /** @param host with its port, without who signs in there. */
  | {
      readonly kind: "proxy";
      readonly scheme: string;
      readonly host: string;
      readonly hasLogin: boolean;
    }
  /** HTTPS_PROXY is set and names nothing that a request could go through. */
  | { readonly kind: "unusable"; readonly message: string; readonly hint: string };

type ProxyVariables = Readonly<Record<string, string>>;

/** @param proxyEnv HTTPS_PROXY and NO_PROXY, as `HttpConnection` has them. */
export function findHop(proxyEnv: ProxyVariables, url: URL): Hop {
  const proxy = proxyEnv["HTTPS_PROXY"];
  if (proxy === undefined || url.protocol !== "https:") return { kind: "direct" };
  if (isExcepted(proxyEnv["NO_PROXY"] ?? "", url)) return { kind: "direct" };
  return parseProxy(proxy);
}

/** A proxy by its URL. Node goes without one, and says nothing, where it can't use what HTTPS_PROXY says (Node 24.21). */
function parseProxy(proxy: string): Exclude<Hop, { kind: "direct" }> {
  const written = proxy.replace(/^([\w+.-]+:\/\/)?[^/@]*@/, "$1");
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(proxy)?.[1]?.toLowerCase();
  if (scheme === undefined)
    return {
      kind: "unusable",
      message: `HTTPS_PROXY does not say how the proxy is spoken to: ${written} has no http:// in front.`,
      hint: `export HTTPS_PROXY=http://${/^[\w.:[\]-]+$/.test(written) ? written : "HOST:PORT"}`,
    };
  if (scheme !== "http" && scheme !== "https")
    return {
      kind: "unusable",
      message: `HTTPS_PROXY names a ${scheme} proxy, and latchkey speaks to HTTP proxies alone.`,
      hint: "Name the network's HTTP proxy: export HTTPS_PROXY=http://HOST:PORT",
    };
  const url = URL.parse(proxy);
  if (url === null || url.hostname === "")
    return {
      kind: "unusable",
      message: "HTTPS_PROXY is not a URL.",
      hint: "Write it as http://HOST:PORT.",
    };
  return { kind: "proxy", host: url.host, hasLogin: url.username !== "", scheme };
}

/** NO_PROXY as Node's agent reads it, but for its ranges of addresses: they matter to the words alone. */
function isExcepted(noProxy: string, { hostname, port }: URL): boolean {
  return noProxy
    .toLowerCase()
    .split(",")
    .map((entry) => entry.trim())
    .some((entry) => {
      if (entry === "*") return true;
      const [, name = "", wantedPort] = /^(.+?)(?::(\d+))?$/.exec(entry) ?? [];
      if (wantedPort !== undefined && wantedPort !== (port || "443")) return false;
      const suffix = /^\*?(\..+)$/.exec(name)?.[1];
      return suffix === undefined ? hostname === name : hostname.endsWith(suffix);
    });
}

export function formatHop(hop: Hop): string {
  return hop.kind === "proxy" ? `by the proxy ${hop.host}` : "direct";
}

/** How far a request came before it failed. */
export interface Journey {
  readonly hop: Hop;
  /** Host and port that were asked. */
  readonly target: string;
  /** Whether a connection stood, to the proxy where one is in between. */
  readonly isConnected: boolean;
}

/** What failed, by the system's code or Node's; "timeout" where our own clock ended it. */
export interface Breakdown {
  readonly code: string;
  /** What the error names: the host whose name was looked up, or the port that was connected to. */
  readonly hostname?: string | undefined;
  readonly port?: number | undefined;
  /** Of a proxy's refusal: 407 asks for a login. */
  readonly proxyStatus?: number | undefined;
  /** Seconds that were waited for an answer, with all tries. */
  readonly waitedSeconds: number;
}

export interface Explanation {
  readonly message: string;
  readonly hint: string;
}

/** @param host what was asked, as messages name it. */
export function explainBreakdown(
  host: string,
  journey: Journey | undefined,
  failure: Breakdown,
): Explanation {
  const { hop, target = "" } = journey ?? {};
  if (hop?.kind === "proxy") {
    const explained = explainProxy(hop, host, failure);
    if (explained !== undefined) return explained;
  }
  const reason = journey === undefined ? undefined : explainDirect(target, journey, failure);
  return {
    message: `${host} could not be reached (${failure.code})${reason === undefined ? "" : `: ${reason}`}.`,
    hint: failure.code === "timeout" ? SILENCE_HINT : NETWORK_HINT,
  };
}

const NETWORK_HINT = "Check the network, VPN and proxy settings, then try again.";
const SILENCE_HINT = "Check the network and the VPN, or wait longer: --timeout 60";

function explainDirect(
  target: string,
  { isConnected }: Journey,
  { code, hostname, waitedSeconds }: Breakdown,
): string | undefined {
  const seconds = formatSeconds(waitedSeconds);
  if (/^(ENOTFOUND|EAI_)/.test(code)) return `the name ${hostname ?? target} was not found`;
  if (code === "ECONNREFUSED") return `nothing listens at ${target}`;
  if (/^(ENET|EHOST)/.test(code)) return `there is no way to ${target} from this network`;
  if (code === "ETIMEDOUT" || (code === "timeout" && !isConnected))
    return `no connection to ${target} within ${seconds}`;
  if (code === "timeout") return `${target} took the connection and gave no answer in ${seconds}`;
  if (/^(ECONNRESET|EPIPE|no answer)/.test(code)) return `${target} cut the connection`;
  return undefined;
}

function explainProxy(
  { host: proxy, hasLogin, scheme }: Extract<Hop, { kind: "proxy" }>,
  host: string,
  failure: Breakdown,
): Explanation | undefined {
  const { code, port, proxyStatus, waitedSeconds } = failure;
  if (proxyStatus === 407)
    return {
      message: `The proxy ${proxy} ${hasLogin ? "does not take the user name and password in HTTPS_PROXY" : "wants a user name and a password"} (HTTP 407).`,
      hint: "export HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT (other than letters and digits as %XX)",
    };
  if (code.startsWith("ERR_PROXY"))
    return {
      message: `The proxy ${proxy} does not let requests to ${host} through${proxyStatus === undefined ? "" : ` (HTTP ${proxyStatus})`}.`,
      hint: "Check HTTPS_PROXY and NO_PROXY, and what the proxy allows.",
    };
  const [proxyName, proxyPort = scheme === "https" ? "443" : "80"] = splitHost(proxy);
  const isOfProxy = failure.hostname === proxyName || String(port) === proxyPort;
  if (isOfProxy) {
    const why = /^(ENOTFOUND|EAI_)/.test(code) ? "its name was not found" : "nothing answers there";
    return {
      message: `The proxy ${proxy} could not be reached (${code}): ${why}.`,
      hint: "Start it, or take it out: unset HTTPS_PROXY https_proxy",
    };
  }
  if (code !== "timeout") return undefined;
  return {
    message: `The proxy ${proxy} gave no answer in ${formatSeconds(waitedSeconds)}.`,
    hint: "Check the proxy, or take it out: unset HTTPS_PROXY https_proxy",
  };
}

function formatSeconds(seconds: number): string {
  return `${Math.max(1, Math.round(seconds))} s`;
}

function splitHost(host: string): [name: string, port: string | undefined] {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/.exec(host) ?? [];
  return [name, port];
}

/** A failure of TLS where the proxy is spoken to by TLS: many are named with https:// that speak HTTP alone. */
export function explainProxyTls(journey: Journey | undefined): Explanation | undefined {
  const hop = journey?.hop;
  if (hop?.kind !== "proxy" || hop.scheme !== "https") return undefined;
  return {
    message: `The proxy ${hop.host} does not speak TLS as https:// in HTTPS_PROXY says.`,
    hint: `export HTTPS_PROXY=http://${hop.hasLogin ? "USER:PASSWORD@" : ""}${hop.host}`,
  };
}
