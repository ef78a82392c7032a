import type { Environment } from "../../context.ts";
import { isLoopback } from "../endpoints.ts";

/**
 * Which way a request takes, by the variables as botocore reads them (1.43: httpsession.py and utils.py, on Python's
 * urllib.request). Pure. docs/troubleshooting.md has the table, and what Go makes of the same values.
 */

export type Hop = { readonly kind: "direct" } | ProxyHop | UnusableProxy;

/** It says that someone signs in there, and never who. */
export interface ProxyHop {
  readonly kind: "proxy";
  readonly scheme: "http" | "https" | "socks5";
  /** A name or an address, an IPv6 address in brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly hasLogin: boolean;
  /** What names it, as it is written in the environment. */
  readonly variable: string;
}

/** The variable is set, and names nothing that a request could go through. */
interface UnusableProxy {
  readonly kind: "unusable";
  readonly message: string;
  readonly hint: string;
}

interface Variable {
  readonly name: string;
  readonly value: string;
}

/** What the environment says of proxies. */
export interface ProxySettings {
  /** The proxy of https. That of http has no say: latchkey speaks http to this machine alone. */
  readonly https: Variable | undefined;
  /** Who is asked without it. */
  readonly no: Variable | undefined;
}

export function readProxySettings(env: Environment): ProxySettings {
  return { https: findVariable(env, "https_proxy"), no: findVariable(env, "no_proxy") };
}

/** In any case; one that ends in small letters goes before, also where it is empty (`getproxies_environment`). */
function findVariable(env: Environment, wanted: string): Variable | undefined {
  const spelt = Object.entries(env)
    .filter(([name, value]) => name.toLowerCase() === wanted && value !== undefined)
    .map(([name, value = ""]) => ({ name, value }));
  const small = spelt.findLast(({ name }) => name.endsWith("_proxy"));
  const found = small ?? spelt.findLast(({ value }) => value !== "");
  return found?.value === "" ? undefined : found;
}

/**
 * @param endpoint the address that the environment gives to the service, where it gives one: a port that is written there
 * counts, though it is that of https.
 */
export function findHop({ https, no }: ProxySettings, url: URL, endpoint?: string): Hop {
  // What listens on this machine is never asked through a proxy, where its names mean another machine.
  if (https === undefined || url.protocol !== "https:" || isLoopback(url.hostname))
    return { kind: "direct" };
  const isPortWritten = endpoint !== undefined && /^https:\/\/[^/?#]+:443(?!\d)/i.test(endpoint);
  const place = isPortWritten && url.port === "" ? `${url.hostname}:443` : url.host;
  return isExcepted(no?.value ?? "", place) ? { kind: "direct" } : parseProxy(https).hop;
}

/** A suffix at a dot, with a port or without; `*` alone for all (`proxy_bypass_environment`). */
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

/** The proxy that a variable names, and who signs in there: botocore wants both a user and a password. */
export function parseProxy({ name: variable, value }: Variable): {
  readonly hop: ProxyHop | UnusableProxy;
  readonly login?: ProxyLogin | undefined;
} {
  const { written, userinfo, place, beyond } = splitValue(value);
  const scheme = findScheme(written);
  if (scheme === undefined) return { hop: refuseScheme(variable, written ?? "") };
  const [, hostname, port = ""] = PLACE.exec(place) ?? [];
  // An @ beyond: the user's name or the password holds what ends the address.
  if (hostname === undefined || Number(port) > 65_535 || beyond.includes("@"))
    return { hop: refuseValue(variable, /\s/.test(place)) };
  const login = readLogin(userinfo);
  const hop: ProxyHop = {
    kind: "proxy",
    scheme,
    hostname: hostname.toLowerCase(),
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

/** A name, or an address (IPv6 in brackets), and a port. */
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
      message: `${variable} begins with ${written}://, which botocore and latchkey read in small letters alone.`,
      hint: `export ${variable}=${small}://HOST:PORT`,
    };
  return {
    kind: "unusable",
    message: `${variable} names a ${small} proxy, and latchkey speaks to HTTP and SOCKS5 proxies alone.`,
    hint: `Name the network's HTTP proxy: export ${variable}=http://HOST:PORT`,
  };
}

/** Nothing of the value is shown: where it can't be read, any part of it may be a password. */
function refuseValue(variable: string, holdsBlank: boolean): UnusableProxy {
  return {
    kind: "unusable",
    message: holdsBlank
      ? `${variable} holds a blank or a line end in the proxy's address.`
      : `${variable} is not the address of a proxy.`,
    hint: `Write it as http://HOST:PORT, or http://USER:PASSWORD@HOST:PORT (other than letters and digits as %XX).`,
  };
}

function readLogin(userinfo = ""): ProxyLogin | undefined {
  const [, user = "", password = ""] = /^([^:]*):(.*)$/s.exec(userinfo) ?? [];
  if (user === "" || password === "") return undefined;
  return { user: unquote(user), password: unquote(password) };
}

/** `%XX` as the byte that it is; a `%` that begins none stays, as in Python. */
function unquote(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

/** @returns its host and port. */
export function formatProxy({ hostname, port }: ProxyHop): string {
  return `${hostname}:${port}`;
}

export function formatHop(hop: Hop): string {
  return hop.kind === "proxy" ? `by the proxy ${formatProxy(hop)}` : "direct";
}
