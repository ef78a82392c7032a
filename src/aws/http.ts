import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { configError, LatchkeyError, systemErrorCode } from "../errors.ts";
import type { Silence } from "../context.ts";
import { rememberSent } from "../text/secrets/sent.ts";
import { trace } from "../trace.ts";
import { captivePortalError, readBody, type AnswerForm, type AnswerHead } from "./call/body.ts";
import { noteServerClock } from "./call/clock.ts";
import type { Journey } from "./call/hop.ts";
import { findHop, formatHop, parseProxy, type Hop, type ProxySettings } from "./call/proxy.ts";
import { createProxyAgent } from "./call/tunnel.ts";

/**
 * Sends one HTTP request: with proxy and CA certificates, a size limit for the answer, and without following redirects.
 * The SDK's clients use it too. It loads no part of the SDK, only the Node module of the protocol in use, and CA
 * certificates for https only.
 */

/** What one request needs from its connection. */
export interface HttpConnection {
  readonly proxies: ProxySettings;
  /** The endpoint URL from the environment, if any. */
  readonly endpoint?: string | undefined;
  /** Reads the PEM text that replaces the default CA certificates. Returns undefined if nothing replaces them. */
  readonly readRoots: () => string | undefined;
  readonly now: () => Date;
  readonly monotonic: () => number;
  /** Notified of every answer. */
  readonly silence?: Silence | undefined;
  /** Shows a person at the terminal what latchkey waits for. @returns a function that ends the display */
  readonly showWaiting?: ((what: string) => () => void) | undefined;
}

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Aborting it ends the request with a timeout error. */
  readonly signal?: AbortSignal | undefined;
  readonly expects?: AnswerForm;
}

export interface HttpAnswer extends AnswerHead {
  readonly body: Buffer;
}

const CONNECT_MILLISECONDS = 5_000;

/**
 * Sends one request once and reads the whole answer, whatever its status.
 * @throws LatchkeyError BAD_RESPONSE for a web page, a redirect, or too large an answer; CONFIG_INVALID for CA
 *   certificates or a proxy that can't be used. If nothing answers: the system's error, with the Journey of the request
 *   as its `journey`.
 */
export async function request(connection: HttpConnection, plain: HttpRequest): Promise<HttpAnswer> {
  const { method, url } = plain;
  const hop = findHop(connection.proxies, url, connection.endpoint);
  const startedAt = connection.monotonic();
  const tell = (outcome: string): void =>
    trace(() => {
      const milliseconds = Math.round(connection.monotonic() - startedAt);
      return `${method} ${url.origin}${url.pathname} ${formatHop(hop)}: ${outcome}, ${milliseconds} ms`;
    });
  if (hop.kind === "unusable") throw configError(hop.message, hop.hint);
  const endWaiting = connection.showWaiting?.(url.hostname);
  rememberSent(plain.headers ?? {}, plain.body);
  try {
    const answer = await exchange(connection, plain, hop);
    tell(`HTTP ${answer.status}`);
    return answer;
  } catch (thrown) {
    tell(describeTrouble(thrown));
    throw thrown;
  } finally {
    endWaiting?.();
  }
}

function describeTrouble(thrown: unknown): string {
  if (thrown instanceof LatchkeyError) return thrown.code;
  return systemErrorCode(thrown) ?? (thrown instanceof Error ? thrown.name : "failed");
}

async function exchange(
  connection: HttpConnection,
  { method, url, headers = {}, body, signal, expects = "data" }: HttpRequest,
  hop: Hop,
): Promise<HttpAnswer> {
  const { open, agent } = await findTransport(connection, url.protocol, hop);
  const asked = open(url, { method, headers, agent });
  const isConnected = watchConnecting(asked);
  let answer: IncomingMessage;
  try {
    answer = await endOnAbort(signal, asked, receiveAnswer(asked, body, isConnected));
  } catch (thrown) {
    const target = `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`;
    const journey: Journey = { hop, target, isConnected: isConnected() };
    throw Object.assign(thrown as Error, { journey });
  }
  const head = readHead(answer);
  connection.silence?.noteAnswer();
  noteServerClock(connection, head.headers);
  if (expects === "anything") {
    answer.destroy();
    return { ...head, body: Buffer.alloc(0) };
  }

  try {
    const reading = readBody(answer, head, url.hostname, expects);
    return { ...head, body: await endOnAbort(signal, answer, reading) };
  } catch (thrown) {
    answer.destroy();
    throw thrown instanceof LatchkeyError
      ? thrown
      : Object.assign(thrown as Error, toFailure(head));
  }
}

function receiveAnswer(
  asked: ClientRequest,
  body: string | Uint8Array | undefined,
  isConnected: () => boolean,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asked.on("response", resolve);
    asked.on("error", reject);
    // Without a listener Node would drop the answer, and the process would end before its work is done.
    asked.on("upgrade", (answer, socket) => {
      socket.destroy();
      reject(captivePortalError(asked.host, answer.statusCode ?? 101));
    });
    AbortSignal.timeout(CONNECT_MILLISECONDS).addEventListener("abort", () => {
      if (!isConnected()) reject(endLate(asked));
    });
    asked.end(body);
  });
}

/** @returns a function that tells whether there is a connection yet */
function watchConnecting(asked: ClientRequest): () => boolean {
  let connected = false;
  const noteConnected = (): void => {
    connected = true;
  };
  asked.once("socket", (socket) => {
    if (socket.connecting) socket.once("connect", noteConnected);
    else if (!socket.destroyed) noteConnected();
  });
  return () => connected;
}

/** Settles as `work` does. An abort destroys the stream and rejects. */
function endOnAbort<T>(
  signal: AbortSignal | undefined,
  stream: ClientRequest | IncomingMessage,
  work: Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => reject(endLate(stream));
    if (signal?.aborted === true) end();
    signal?.addEventListener("abort", end);
    work.then(resolve, reject).finally(() => signal?.removeEventListener("abort", end));
  });
}

/**
 * Destroys a stream and returns the timeout error. Returned, because a request that still waits for its socket emits no
 * error (Node 24, `ClientRequest.destroy`).
 */
function endLate(stream: ClientRequest | IncomingMessage): Error {
  const error = Object.assign(new Error("the answer took too long"), { name: "TimeoutError" });
  stream.destroy(error);
  return error;
}

/** Converts an answer's status and headers to the form that errors of the SDK's clients have. */
export function toFailure({ status, headers }: AnswerHead) {
  return { $response: { statusCode: status, headers } };
}

interface Transport {
  readonly open: (url: URL, options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

/**
 * The open transports, by connection, then by protocol and kind of hop. The kind is enough, since the environment sets
 * at most one proxy.
 */
const transports = new WeakMap<HttpConnection, Map<string, Transport>>();

async function findTransport(
  connection: HttpConnection,
  protocol: string,
  hop: Hop,
): Promise<Transport> {
  const known = transports.get(connection) ?? new Map<string, Transport>();
  transports.set(connection, known);
  const key = `${protocol} ${hop.kind}`;
  const transport =
    known.get(key) ??
    (protocol === "https:" ? await openTls(connection, hop) : await openPlainText());
  known.set(key, transport);
  return transport;
}

const SOCKETS = { keepAlive: true, maxSockets: 16 } as const;

/** Plain http goes only to this machine, never through a proxy. */
async function openPlainText(): Promise<Transport> {
  const { Agent, request: open } = await import("node:http");
  return { open, agent: new Agent(SOCKETS) };
}

/** Opens https with the connection's proxy and CA certificates. */
async function openTls({ proxies, readRoots }: HttpConnection, hop: Hop): Promise<Transport> {
  const ca = readRoots();
  const { Agent, request: open } = await import("node:https");
  // Explicit, so that NODE_TLS_REJECT_UNAUTHORIZED=0 has no effect.
  const options = { ...SOCKETS, rejectUnauthorized: true, ...(ca === undefined ? {} : { ca }) };
  const isProxied = hop.kind === "proxy" && proxies.https !== undefined;
  const login = isProxied ? parseProxy(proxies.https).login : undefined;
  const agent = isProxied ? await createProxyAgent({ hop, login }, options) : new Agent(options);
  return { open, agent };
}

function readHead({ statusCode = 0, headers }: IncomingMessage): AnswerHead {
  return {
    status: statusCode,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ),
  };
}
