import type { IncomingMessage } from "node:http";
import type { Agent, AgentOptions, RequestOptions } from "node:https";
import type { Socket } from "node:net";
import type { ProxyHop, ProxyLogin } from "./proxy.ts";

/**
 * Connections through a proxy: CONNECT by Node's own client, SOCKS5 by the package `socks`. Node's agent could do the
 * first alone, but its errors do not tell the proxy's TLS from the target's (Node 24.21, `proxyEnv`; decision 7).
 */

/** What is refused, by the `code` of an error. 407 and what SOCKS5 has for it; another refusal; none of the protocol. */
export const TUNNEL_CODES = {
  login: "ERR_PROXY_LOGIN",
  refused: "ERR_PROXY_TUNNEL",
  /** The proxy has no way to the target for now. */
  noWay: "ERR_PROXY_NO_WAY",
  protocol: "ERR_PROXY_PROTOCOL",
} as const;

const TUNNEL_MILLISECONDS = 5_000;

/** A proxy, and who signs in there. */
interface Gateway {
  readonly hop: ProxyHop;
  readonly login: ProxyLogin | undefined;
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/** An agent of https whose connections go through the proxy. Its requests have a socket once the proxy let them through. */
export async function createProxyAgent(gateway: Gateway, options: AgentOptions): Promise<Agent> {
  const { Agent } = await import("node:https");
  const agent = new Agent(options);
  const connectTls = agent.createConnection.bind(agent);
  const openTunnel = gateway.hop.scheme === "socks5" ? openBySocks : openByConnect;
  agent.createConnection = (wanted, done) => {
    const target = { host: wanted.host ?? "", port: Number(wanted.port) };
    const connect = async (): Promise<void> => {
      try {
        const socket = await openTunnel(gateway, target, options);
        done?.(null, connectTls({ ...wanted, socket } as RequestOptions) as Socket);
      } catch (thrown) {
        done?.(thrown as Error, undefined as never);
      }
    };
    void connect();
    return undefined;
  };
  return agent;
}

/** @throws Error with one of TUNNEL_CODES, or the system's. */
async function openByConnect(
  gateway: Gateway,
  target: Target,
  options: AgentOptions,
): Promise<Socket> {
  const isTls = gateway.hop.scheme === "https";
  const { request } = isTls ? await import("node:https") : await import("node:http");
  const asked = request({ ...options, ...createConnectRequest(gateway, target) });
  return new Promise((resolve, reject) => {
    const refuse = ({ statusCode = 0 }: IncomingMessage): void => {
      asked.destroy();
      reject(createTunnelError(judgeStatus(statusCode), { statusCode }));
    };
    asked.once("connect", (answer, socket: Socket) => {
      socket.setTimeout(0);
      if (answer.statusCode === 200) resolve(socket);
      else refuse(answer);
    });
    asked.once("response", refuse);
    asked.once("error", (thrown) =>
      reject(/^HPE_/.test(readCode(thrown)) ? createTunnelError(TUNNEL_CODES.protocol) : thrown),
    );
    asked.setTimeout(TUNNEL_MILLISECONDS, () => asked.destroy(createLateError()));
    asked.end();
  });
}

function createConnectRequest({ hop, login }: Gateway, target: Target): RequestOptions {
  const host = stripBrackets(hop.hostname);
  const authority = `${target.host.includes(":") ? `[${target.host}]` : target.host}:${target.port}`;
  return {
    method: "CONNECT",
    host,
    port: hop.port,
    path: authority,
    agent: false,
    // Else the name in the Host header would be looked for in the proxy's certificate.
    servername: /^[\d.]+$|:/.test(host) ? "" : host,
    headers: {
      Host: authority,
      ...(login === undefined ? {} : { "Proxy-Authorization": encodeLogin(login) }),
    },
  };
}

function encodeLogin({ user, password }: ProxyLogin): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
}

function judgeStatus(status: number): string {
  if (status === 407) return TUNNEL_CODES.login;
  return status >= 500 ? TUNNEL_CODES.noWay : TUNNEL_CODES.refused;
}

/** The proxy looks the target's name up, as Go has it. @throws as `openByConnect` */
async function openBySocks({ hop, login }: Gateway, target: Target): Promise<Socket> {
  const [{ connect }, { SocksClient }] = await Promise.all([import("node:net"), import("socks")]);
  const place = { host: stripBrackets(hop.hostname), port: hop.port };
  // The package gives errors of its own for a connection that fails.
  const socket = await new Promise<Socket>((resolve, reject) => {
    const opened = connect(place, () => resolve(opened)).once("error", reject);
    opened.setTimeout(TUNNEL_MILLISECONDS, () => opened.destroy(createLateError()));
  });
  socket.setTimeout(0);
  try {
    await SocksClient.createConnection({
      proxy: {
        ...place,
        type: 5,
        ...(login === undefined ? {} : { userId: login.user, password: login.password }),
      },
      command: "connect",
      destination: target,
      timeout: TUNNEL_MILLISECONDS,
      existing_socket: socket,
    });
    return socket;
  } catch (thrown) {
    socket.destroy();
    // Its errors hold the password.
    throw toTunnelError(thrown instanceof Error ? thrown.message : "");
  }
}

/** By the words of the package (socks 2.8, constants.js). */
function toTunnelError(words: string): Error {
  if (words.includes("timed out")) return createLateError();
  if (words === "Socket closed" || words.includes("ECONNRESET"))
    return createTunnelError("ECONNRESET");
  if (/authentication/i.test(words)) return createTunnelError(TUNNEL_CODES.login);
  const [, reason] = /rejected connection - (\w+)$/.exec(words) ?? [];
  if (reason === undefined) return createTunnelError(TUNNEL_CODES.protocol);
  const isForbidden = /^(NotAllowed|CommandNotSupported|AddressNotSupported)$/.test(reason);
  return createTunnelError(isForbidden ? TUNNEL_CODES.refused : TUNNEL_CODES.noWay);
}

function stripBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, "$1");
}

function readCode(thrown: Error): string {
  return "code" in thrown && typeof thrown.code === "string" ? thrown.code : "";
}

function createTunnelError(code: string, more: { readonly statusCode?: number } = {}): Error {
  return Object.assign(new Error(`the proxy gives no tunnel (${code})`), { code, ...more });
}

function createLateError(): Error {
  return Object.assign(new Error("the proxy took too long"), { name: "TimeoutError" });
}
