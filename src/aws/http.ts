import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from "node:http";
import { configError, LatchkeyError, systemErrorCode } from "../errors.ts";
import type { Silence } from "../context.ts";
import { rememberSent } from "../text/secrets/sent.ts";
import { trace } from "../trace.ts";
import { noteServerClock } from "./call/clock.ts";
import type { Journey } from "./call/hop.ts";
import { findHop, formatHop, parseProxy, type Hop, type ProxySettings } from "./call/proxy.ts";
import { createProxyAgent } from "./call/tunnel.ts";

/**
 * One request over HTTP: its proxy and roots of trust, a cap on its answer, and no redirect. The SDK's clients send theirs
 * through here, too. It loads nothing of the SDK, of Node the one protocol, and reads roots of trust for https alone.
 */

/** What one request needs to know of its connection. */
export interface HttpConnection {
  readonly proxies: ProxySettings;
  /** The address that the environment gives to the service. */
  readonly endpoint?: string | undefined;
  /** Reads the PEM text that replaces the default roots of trust; undefined where nothing does. */
  readonly readRoots: () => string | undefined;
  readonly now: () => Date;
  readonly monotonic: () => number;
  /** Told of every answer. */
  readonly silence?: Silence | undefined;
  /** Tells a person at the terminal what is waited for. @returns what ends it. */
  readonly showWaiting?: ((what: string) => () => void) | undefined;
}

/**
 * What an answer may be. `data`: neither a web page nor a redirect. `data-or-failure-page`: the same, but a 4xx or 5xx may
 * be a web page. `anything`: status and headers count, and the body is not read.
 */
type AnswerForm = "data" | "data-or-failure-page" | "anything";

export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | undefined;
  /** Ends the request as a timeout. */
  readonly signal?: AbortSignal | undefined;
  readonly expects?: AnswerForm;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

const CONNECT_MILLISECONDS = 5_000;
const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;

/**
 * Sends one request once, and reads the whole answer, whatever its status.
 * @throws LatchkeyError BAD_RESPONSE for a web page, a redirect, or too large an answer; CONFIG_INVALID for roots of trust
 * or a proxy that can't be used; the system's own error where nothing answers, with the
 * Journey that the request made as its `journey`.
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
    // Without a listener Node would drop the answer, and the process would end with its work undone.
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

/** @returns whether a connection stands by now. */
function watchConnecting(asked: ClientRequest): () => boolean {
  let connected = false;
  const noteConnected = (): void => {
    connected = true;
  };
  asked.once("socket", (socket) => {
    if (socket.connecting) socket.once("connect", noteConnected);
    else noteConnected();
  });
  return () => connected;
}

/** What the work on a stream yields; an abort ends the stream, and the work with it. */
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

/** Ends a stream, and gives the error. A request that waits for its socket emits none (Node 24, `ClientRequest.destroy`). */
function endLate(stream: ClientRequest | IncomingMessage): Error {
  const error = Object.assign(new Error("the answer took too long"), { name: "TimeoutError" });
  stream.destroy(error);
  return error;
}

type AnswerHead = Pick<HttpAnswer, "status" | "headers">;

/** The answer of an error, where the errors of the SDK's clients have theirs. */
export function toFailure({ status, headers }: AnswerHead) {
  return { $response: { statusCode: status, headers } };
}

interface Transport {
  readonly open: (url: URL, options: RequestOptions) => ClientRequest;
  readonly agent: Agent;
}

/** By connection, protocol and kind of way: the environment names one proxy. */
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

/** Plain http goes to this machine alone, and there is no proxy on the way. */
async function openPlainText(): Promise<Transport> {
  const { Agent, request: open } = await import("node:http");
  return { open, agent: new Agent(SOCKETS) };
}

/** https as this process is told to do it: its proxy, its roots of trust. */
async function openTls({ proxies, readRoots }: HttpConnection, hop: Hop): Promise<Transport> {
  const ca = readRoots();
  const { Agent, request: open } = await import("node:https");
  // `rejectUnauthorized` is said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 has no say in it.
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

async function readBody(
  answer: IncomingMessage,
  head: AnswerHead,
  host: string,
  expects: AnswerForm,
): Promise<Buffer> {
  // A redirect is never followed: the token would go along to wherever it leads.
  const isRedirect = head.status >= 300 && head.status < 400;
  if (isRedirect) throw captivePortalError(host, head.status);
  const isDoubtful = isLabelledAsPage(head, expects);
  const requireData = (start: Buffer): void => {
    if (isDoubtful && !DATA.test(start.toString("latin1")))
      throw captivePortalError(host, head.status);
  };

  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    if (bytes === 0) requireData(chunk);
    bytes += chunk.length;
    if (bytes > MAX_RESPONSE_BYTES) throw sizeError(host);
    chunks.push(chunk);
  }
  if (bytes === 0) requireData(Buffer.alloc(0));
  return Buffer.concat(chunks);
}

/** How an AWS service's answer begins: a JSON object, or an XML response, in whatever type a gateway labels it. */
const DATA = /^\s*(\{|(<\?xml[^>]*>\s*)?<\w+Response\b)/;

/** Whether an answer that may be no web page is labelled as one. */
function isLabelledAsPage({ status, headers }: AnswerHead, expects: AnswerForm): boolean {
  // A 429 is one whatever page comes with it: gateways before the service send their own.
  const mayBePage = status === 429 || (expects === "data-or-failure-page" && status >= 400);
  return !mayBePage && /^\s*text\/html/i.test(headers["content-type"] ?? "");
}

function captivePortalError(host: string, status: number): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `${host} answered as a web site does (HTTP ${status}) and not as a service: a captive portal or a proxy may be in between.`,
    {
      hint: "Open a web page in your browser to see whether the network wants you to sign in, then try again.",
    },
  );
}

function sizeError(host: string): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `The answer of ${host} is larger than any answer of that service.`,
    { hint: "A captive portal or a proxy may be in between; try again." },
  );
}
