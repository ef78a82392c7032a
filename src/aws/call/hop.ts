import { formatProxy, type Hop, type ProxyHop } from "./proxy.ts";
import { TUNNEL_CODES } from "./tunnel.ts";

/** What an error says of the hop that failed. Pure: judged by the way and by how far the request came. */

/** How far a request came before it failed. */
export interface Journey {
  readonly hop: Hop;
  /** Host and port that were asked. */
  readonly target: string;
  /** Whether a connection to the target stood: by a proxy, once that let it through. */
  readonly isConnected: boolean;
}

/** What failed, by the system's code or Node's; "timeout" where our own clock ended it. */
export interface Breakdown {
  readonly code: string;
  /** The host whose name was looked up. */
  readonly hostname?: string | undefined;
  /** Of a proxy's refusal. */
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
  const { target = "" } = journey ?? {};
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
  if (/^(ECONNRESET|EPIPE|ERR_SOCKET_CLOSED|no answer)/.test(code))
    return `${target} cut the connection`;
  return undefined;
}

/** The proxy that a request did not come past; undefined where the target had its turn. */
export function findFailedProxy(journey: Journey | undefined): ProxyHop | undefined {
  const isAtProxy = journey?.hop.kind === "proxy" && !journey.isConnected;
  return isAtProxy ? (journey.hop as ProxyHop) : undefined;
}

/** @param host what was asked, as messages name it. */
export function explainProxy(hop: ProxyHop, host: string, failure: Breakdown): Explanation {
  const { code, proxyStatus, waitedSeconds } = failure;
  const proxy = `The proxy ${formatProxy(hop)}`;
  const status = proxyStatus === undefined ? "" : ` (HTTP ${proxyStatus})`;
  const takeOut = "take it out: unset HTTPS_PROXY https_proxy";
  switch (code) {
    case TUNNEL_CODES.login:
      return {
        message: `${proxy} ${hop.hasLogin ? `does not take the user name and password in ${hop.variable}` : "wants a user name and a password"}${status}.`,
        hint: `export ${hop.variable}=${hop.scheme}://USER:PASSWORD@HOST:PORT (other than letters and digits as %XX)`,
      };
    case TUNNEL_CODES.refused:
      return {
        message: `${proxy} does not let requests to ${host} through${status}.`,
        hint: `Check ${hop.variable} and NO_PROXY, and what the proxy allows.`,
      };
    case TUNNEL_CODES.noWay:
      return {
        message: `${proxy} found no way to ${host}${status}.`,
        hint: "Check the proxy; a host that is reached without it belongs in NO_PROXY.",
      };
    case "timeout":
      return {
        message: `${proxy} gave no answer in ${formatSeconds(waitedSeconds)}.`,
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
    hint: `Start it, or ${takeOut}`,
  };
}

const PROTOCOL_CODES = /^(EPROTO|ERR_SSL_|ERR_PROXY_PROTOCOL)/;
const CERTIFICATE_CODES =
  /^(ERR_TLS_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|HOSTNAME_MISMATCH$)/;

function findReason(code: string): string {
  if (/^(ENOTFOUND|EAI_)/.test(code)) return "its name was not found";
  if (/^(ENET|EHOST)/.test(code)) return "there is no way to it from this network";
  return code === "ECONNREFUSED" ? "nothing answers there" : "it cut the connection";
}

/** Many proxies are named with https:// that speak HTTP alone. */
function explainProtocol(
  { scheme, variable, hasLogin, ...place }: ProxyHop,
  proxy: string,
): Explanation {
  const spoken = { http: "HTTP", https: "TLS", socks5: "SOCKS5" }[scheme];
  const login = hasLogin ? "USER:PASSWORD@" : "";
  const address = `${login}${place.hostname}:${place.port}`;
  return {
    message: `${proxy} does not speak ${spoken} as ${scheme}:// in ${variable} says.`,
    hint:
      scheme === "http"
        ? `Where it speaks TLS or SOCKS5: export ${variable}=https://${address} (or socks5://)`
        : `export ${variable}=http://${address}`,
  };
}

function formatSeconds(seconds: number): string {
  return `${Math.max(1, Math.round(seconds))} s`;
}
