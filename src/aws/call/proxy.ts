import type { Environment } from "../../context.ts";
import { isLoopback } from "../endpoints.ts";

/**
 * Decides whether a request goes through a proxy, from the environment variables as botocore reads them (1.43:
 * httpsession.py and utils.py, based on Python's urllib.request). Pure. docs/troubleshooting.md has the table, and
 * compares it with what Go does with the same values.
 */

export type Hop = { readonly kind: "direct" } | ProxyHop | UnusableProxy;

/** Contains only whether the proxy needs a login, never the user name or password. */
export interface ProxyHop {
  readonly kind: "proxy";
  readonly scheme: "http" | "https" | "socks5";
  /** A name or an IPv4 address, or an IPv6 address in brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly hasLogin: boolean;
  /** The environment variable that names the proxy, spelled as in the environment. */
  readonly variable: string;
}

/** The variable is set, but its value is not a proxy that latchkey can use. */
interface UnusableProxy {
  readonly kind: "unusable";
  readonly message: string;
  readonly hint: string;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** The proxy variables of the environment. */
export interface ProxySettings {
  /** HTTPS_PROXY. HTTP_PROXY has no effect, since latchkey uses plain http only for this machine. */
  readonly https: Variable | undefined;
  /** NO_PROXY: hosts that are reached without the proxy. */
  readonly no: Variable | undefined;
}

export function readProxySettings(env: Environment): ProxySettings {
  return { https: findVariable(env, "https_proxy"), no: findVariable(env, "no_proxy") };
}

/**
 * Finds the variable, in upper or lower case. A name that ends with `_proxy` in lower case takes precedence, even if
 * its value is empty (Python's `getproxies_environment`).
 */
function findVariable(env: Environment, wanted: string): Variable | undefined {
  const spelt = Object.entries(env)
    .filter(([name, value]) => name.toLowerCase() === wanted && value !== undefined)
    .map(([name, value = ""]) => ({ name, value }));
  const small = spelt.findLast(({ name }) => name.endsWith("_proxy"));
  const found = small ?? spelt.findLast(({ value }) => value !== "");
  return found?.value === "" ? undefined : found;
}

/**
 * Decides how a request travels.
 * @param endpoint the endpoint URL from the environment, if any. If it contains a port, NO_PROXY is compared with that
 *   port too, even if it is 443, the default of https.
 */
export function findHop({ https, no }: ProxySettings, url: URL, endpoint?: string): Hop {
  // A loopback address never goes through a proxy, where it would mean the proxy's own machine.
  if (https === undefined || url.protocol !== "https:" || isLoopback(url.hostname))
    return { kind: "direct" };
  const isPortWritten = endpoint !== undefined && /^https:\/\/[^/?#]+:443(?!\d)/i.test(endpoint);
  const place = isPortWritten && url.port === "" ? `${url.hostname}:443` : url.host;
  return isExcepted(no?.value ?? "", place) ? { kind: "direct" } : parseProxy(https).hop;
}

/**
 * Matches a host name by suffix at a dot, with or without a port. `*` alone matches all hosts (Python's
 * `proxy_bypass_environment`).
 */
function isExcepted(list: string, place: string): boolean {
  if (list === "*") return true;
  const forms = [place.toLowerCase(), place.toLowerCase().replace(/:\d+$/, "")];
  return list
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "")
    .map((entry) => entry.replace(/^\.+/, "").toLowerCase())
    .some((name) => forms.some((form) => form === name || form.endsWith(`.${name}`)));
}

export interface ProxyLogin {
  readonly user: string;
  readonly password: string;
}

const PORTS = { http: 80, https: 443, socks5: 1080 } as const;

/** Parses the proxy that a variable names, and its login. As in botocore, a login needs both a user and a password. */
export function parseProxy({ name: variable, value }: Variable): {
  readonly hop: ProxyHop | UnusableProxy;
  readonly login?: ProxyLogin | undefined;
} {
  const { written, userinfo, place, beyond } = splitValue(value);
  const scheme = findScheme(written);
  if (scheme === undefined) return { hop: refuseScheme(variable, written ?? "") };
  const [, hostname, port = ""] = PLACE.exec(place) ?? [];
  // An @ in the rest means that the user name or the password contains a character that ends the authority. `http:/host`
  // and `http:host` lack a slash: no host is called like a scheme.
  const isUnclear = beyond.includes("@") || /^(https?|socks\w*):$/i.test(place);
  if (hostname === undefined || Number(port) > 65_535 || isUnclear)
    return { hop: refuseValue(variable, /\s/.test(place)) };
  const login = readLogin(userinfo);
  const hop: ProxyHop = {
    kind: "proxy",
    scheme,
    // RFC 6874: %25 in a URL is the % before the name of the interface.
    hostname: hostname.toLowerCase().replace("%25", "%"),
    port: port === "" ? PORTS[scheme] : Number(port),
    hasLogin: login !== undefined,
    variable,
  };
  return { hop, login };
}

function splitValue(value: string) {
  const [, written, rest = value] = /^(?:([a-z][a-z\d+.-]*):)?\/\/(.*)$/is.exec(value) ?? [];
  const [, authority = "", beyond = ""] = /^([^/?#\\]*)(.*)$/s.exec(rest) ?? [];
  const [, userinfo, place = ""] = /^(?:(.*)@)?([^@]*)$/s.exec(authority) ?? [];
  return { written, userinfo, place, beyond };
}

/** A name or an address (IPv6 in brackets), and an optional port. */
const PLACE = /^(\[[\da-f:.]+(?:%[\w.]+)?\]|[\p{L}\p{N}._~-]+)(?::(\d*))?$/iu;

function findScheme(written = "http"): ProxyHop["scheme"] | undefined {
  if (written === "http" || written === "https") return written;
  return /^socks5h?$/i.test(written) ? "socks5" : undefined;
}

function refuseScheme(variable: string, written: string): UnusableProxy {
  const small = written.toLowerCase();
  if (small === "http" || small === "https")
    return {
      kind: "unusable",
      message: `${variable} begins with ${written}://, but botocore and latchkey accept only lower case.`,
      hint: `export ${variable}=${small}://HOST:PORT`,
    };
  return {
    kind: "unusable",
    message: `${variable} names a ${small} proxy, but latchkey supports only HTTP and SOCKS5 proxies.`,
    hint: `Use the network's HTTP proxy: export ${variable}=http://HOST:PORT`,
  };
}

/** The message shows no part of the value: an unreadable value may have a password anywhere. */
function refuseValue(variable: string, holdsBlank: boolean): UnusableProxy {
  return {
    kind: "unusable",
    message: holdsBlank
      ? `${variable} contains a space or a line break in the proxy's address.`
      : `${variable} is not the address of a proxy.`,
    hint: `Write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT (characters other than letters and digits as %XX).`,
  };
}

function readLogin(userinfo = ""): ProxyLogin | undefined {
  const [, user = "", password = ""] = /^([^:]*):(.*)$/s.exec(userinfo) ?? [];
  if (user === "" || password === "") return undefined;
  return { user: unquote(user), password: unquote(password) };
}

/** Decodes `%XX` to bytes. A `%` that starts no such code stays unchanged, as in Python. */
function unquote(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

/** Returns the proxy's host and port. */
export function formatProxy({ hostname, port }: ProxyHop): string {
  return `${hostname}:${port}`;
}

export function formatHop(hop: Hop): string {
  return hop.kind === "proxy" ? `through the proxy ${formatProxy(hop)}` : "direct";
}
