import type { IncomingMessage } from "node:http";
import type { Agent, AgentOptions, RequestOptions } from "node:https";
import type { Socket } from "node:net";
import type { ProxyHop, ProxyLogin } from "./proxy.ts";

/**
 * Opens connections through a proxy: CONNECT with Node's own client, SOCKS5 with the package `socks`. Node's agent
 * could do CONNECT itself, but its errors do not distinguish the proxy's TLS from the target's (Node 24.21, `proxyEnv`;
 * decision 7).
 */

/**
 * The `code` of the error for each kind of failure. login: HTTP 407 or its SOCKS5 counterpart. refused: any other
 * refusal. protocol: not a valid proxy answer.
 */
export const TUNNEL_CODES = {
  login: "ERR_PROXY_LOGIN",
  refused: "ERR_PROXY_TUNNEL",
  /** The proxy can't reach the target at the moment. */
  noWay: "ERR_PROXY_NO_WAY",
  protocol: "ERR_PROXY_PROTOCOL",
} as const;

const TUNNEL_MILLISECONDS = 5_000;

/** A proxy and its login. */
interface Gateway {
  readonly hop: ProxyHop;
  readonly login: ProxyLogin | undefined;
}

interface Target {
  readonly host: string;
  readonly port: number;
}

/**
 * Creates an https agent whose connections go through the proxy. A request gets its socket once the proxy has opened
 * the tunnel.
 */
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

/** Opens a tunnel with HTTP CONNECT. @throws Error with one of TUNNEL_CODES or a system error code */
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
    // Without this, Node would check the proxy's certificate against the name in the Host header.
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

/** The proxy resolves the target's name, as in Go. @throws as `openByConnect` */
async function openBySocks({ hop, login }: Gateway, target: Target): Promise<Socket> {
  const [{ connect }, { SocksClient }] = await Promise.all([import("node:net"), import("socks")]);
  const place = { host: stripBrackets(hop.hostname), port: hop.port };
  // The connection is not opened by the package, which would replace the system's error with its own.
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
    // The package's errors contain the password.
    throw toTunnelError(thrown instanceof Error ? thrown.message : "");
  }
}

/** Maps the package's error messages (socks 2.8, constants.js). */
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
