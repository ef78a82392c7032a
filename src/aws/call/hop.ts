import { formatProxy, type Hop, type ProxyHop } from "./proxy.ts";
import { TUNNEL_CODES } from "./tunnel.ts";

/** Explains which hop of a request failed. Pure: decides by the route and by how far the request got. */

/** How far a request got before it failed. */
export interface Journey {
  readonly hop: Hop;
  /** Host and port that were asked for. */
  readonly target: string;
  /** Whether there was a connection to the target. Through a proxy, this is true once the proxy opened the tunnel. */
  readonly isConnected: boolean;
}

/** What failed: a system error code, one of Node's codes, or "timeout" if latchkey's own timeout ended the request. */
export interface Breakdown {
  readonly code: string;
  /** The host whose name was looked up. */
  readonly hostname?: string | undefined;
  /** The HTTP status with which the proxy refused. */
  readonly proxyStatus?: number | undefined;
  /** Seconds spent waiting for an answer, over all attempts. */
  readonly waitedSeconds: number;
}

export interface Explanation {
  readonly message: string;
  readonly hint: string;
}

/** Returns the message and hint for a failed request. @param host the name of the service in messages */
export function explainBreakdown(
  host: string,
  journey: Journey | undefined,
  failure: Breakdown,
): Explanation {
  const { target = "" } = journey ?? {};
  const reason = journey === undefined ? undefined : explainDirect(target, journey, failure);
  return {
    message: `${host} could not be reached (${failure.code})${reason === undefined ? "" : `: ${reason}`}.`,
    hint: HINTS[failure.code] ?? NETWORK_HINT,
  };
}

const FORBIDDEN_HINT = "Allow it in the sandbox or the firewall, or run the command outside of it.";
const HINTS: Readonly<Record<string, string>> = {
  timeout: "Check the network and the VPN, or wait longer: --timeout 60",
  EPERM: FORBIDDEN_HINT,
  EACCES: FORBIDDEN_HINT,
  EMFILE: "Raise the limit of open files (ulimit -n), then try again.",
};
const NETWORK_HINT = "Check the network, VPN and proxy settings, then try again.";

function explainDirect(
  target: string,
  { isConnected }: Journey,
  { code, hostname, waitedSeconds }: Breakdown,
): string | undefined {
  const seconds = formatSeconds(waitedSeconds);
  if (/^(ENOTFOUND|EAI_)/.test(code)) return `the name ${hostname ?? target} was not found`;
  if (code === "ECONNREFUSED") return `nothing listens at ${target}`;
  if (/^(ENET|EHOST)/.test(code)) return `this network has no route to ${target}`;
  const local = findLocalReason(code);
  if (local !== undefined) return local;
  if (code === "ETIMEDOUT" || (code === "timeout" && !isConnected))
    return `no connection to ${target} within ${seconds}`;
  if (code === "timeout")
    return `${target} accepted the connection but did not answer within ${seconds}`;
  if (/^(ECONNRESET|EPIPE|ERR_SOCKET_CLOSED|no answer)/.test(code))
    return `${target} cut the connection`;
  return undefined;
}

/** Returns why this machine did not even try to connect; undefined for a failure of the network. */
function findLocalReason(code: string): string | undefined {
  if (code === "EPERM" || code === "EACCES") return "this process may not open connections";
  if (code === "EAFNOSUPPORT" || code === "EADDRNOTAVAIL")
    return "this machine has no address of that kind (IPv4 or IPv6)";
  return code === "EMFILE" || code === "ENFILE" ? "too many files are open" : undefined;
}

/** Returns the proxy at which the request failed, or undefined if the request got past it or used none. */
export function findFailedProxy(journey: Journey | undefined): ProxyHop | undefined {
  const isAtProxy = journey?.hop.kind === "proxy" && !journey.isConnected;
  return isAtProxy ? (journey.hop as ProxyHop) : undefined;
}

/**
 * Returns the message and hint for a request that failed at the proxy.
 * @param host the name of the service in messages
 */
export function explainProxy(hop: ProxyHop, host: string, failure: Breakdown): Explanation {
  const { code, proxyStatus, waitedSeconds } = failure;
  const proxy = `The proxy ${formatProxy(hop)}`;
  const status = proxyStatus === undefined ? "" : ` (HTTP ${proxyStatus})`;
  const takeOut = "remove it: unset HTTPS_PROXY https_proxy";
  switch (code) {
    case TUNNEL_CODES.login:
      return {
        message: `${proxy} ${hop.hasLogin ? `rejected the user name and password in ${hop.variable}` : "requires a user name and password"}${status}.`,
        hint: `export ${hop.variable}=${hop.scheme}://USER:PASSWORD@HOST:PORT (characters other than letters and digits as %XX)`,
      };
    case TUNNEL_CODES.refused:
      return {
        message: `${proxy} does not let requests to ${host} through${status}.`,
        hint: `Check ${hop.variable} and NO_PROXY, and what the proxy allows.`,
      };
    case TUNNEL_CODES.noWay:
      return {
        message: `${proxy} could not reach ${host}${status}.`,
        hint: "Check the proxy. If the host can be reached without it, add it to NO_PROXY.",
      };
    case "timeout":
      return {
        message: `${proxy} did not answer within ${formatSeconds(waitedSeconds)}.`,
        hint: `Check the proxy, or ${takeOut}`,
      };
  }
  if (PROTOCOL_CODES.test(code)) return explainProtocol(hop, proxy);
  if (CERTIFICATE_CODES.test(code))
    return {
      message: `The TLS certificate of the proxy ${formatProxy(hop)} could not be verified (${code}).`,
      hint: "Point AWS_CA_BUNDLE at the certificate of the CA that signed it.",
    };
  return {
    message: `${proxy} could not be reached (${code}): ${findReason(code)}.`,
    hint: HINTS[code] ?? `Start it, or ${takeOut}`,
  };
}

const PROTOCOL_CODES = /^(EPROTO|ERR_SSL_|ERR_PROXY_PROTOCOL)/;
const CERTIFICATE_CODES =
  /^(ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$)/;

function findReason(code: string): string {
  if (/^(ENOTFOUND|EAI_)/.test(code)) return "its name was not found";
  if (/^(ENET|EHOST)/.test(code)) return "this network has no route to it";
  if (code === "ECONNREFUSED") return "nothing answers there";
  return findLocalReason(code) ?? "it cut the connection";
}

/** Many proxies are configured with https:// although they speak only HTTP. */
function explainProtocol(
  { scheme, variable, hasLogin, ...place }: ProxyHop,
  proxy: string,
): Explanation {
  const spoken = { http: "HTTP", https: "TLS", socks5: "SOCKS5" }[scheme];
  const login = hasLogin ? "USER:PASSWORD@" : "";
  const address = `${login}${place.hostname}:${place.port}`;
  return {
    message: `${proxy} does not speak ${spoken}, which ${scheme}:// in ${variable} requires.`,
    hint:
      scheme === "http"
        ? `If it speaks TLS or SOCKS5: export ${variable}=https://${address} (or socks5://)`
        : `export ${variable}=http://${address}`,
  };
}

function formatSeconds(seconds: number): string {
  return `${Math.max(1, Math.round(seconds))} s`;
}
