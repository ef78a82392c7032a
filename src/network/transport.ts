import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { HttpRequest, HttpResponse } from "@smithy/types";
import { Transform, type Readable } from "node:stream";
import type { EndpointVariant } from "../domain/endpoints.ts";
import { LatchkeyError, systemErrorCode } from "../errors.ts";

/** What every client of ours shares: timeouts, a cap on answers, one deadline, and one way to say what went wrong. */

export interface Connection {
  readonly region: string;
  /** An override that the environment names, already checked; undefined for AWS's own endpoint. */
  readonly endpoint: string | undefined;
  readonly variant: EndpointVariant;
  /** Milliseconds of `monotonic()` at which whoever waits for us gives up; undefined while a person watches. */
  readonly deadline: number | undefined;
  readonly monotonic: () => number;
  readonly now: () => Date;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const CONNECT_MILLISECONDS = 5_000;
const REQUEST_MILLISECONDS = 10_000;
const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;

/** Settings that every SDK client gets, so that none of them reads `~/.aws/config` or retries on its own account. */
export function clientSettings(connection: Connection) {
  return {
    region: connection.region,
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
    useFipsEndpoint: connection.variant.useFips,
    useDualstackEndpoint: connection.variant.useDualstack,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "legacy" as const,
    userAgentAppId: "latchkey",
    requestHandler: cappedHandler(),
  };
}

/** The SDK's own handler, with answers cut off at a size that no answer of these services has. */
function cappedHandler() {
  const handler = new NodeHttpHandler({
    connectionTimeout: CONNECT_MILLISECONDS,
    requestTimeout: REQUEST_MILLISECONDS,
    throwOnRequestTimeout: true,
    httpAgent: { keepAlive: true, maxSockets: 16 },
    // Said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 has no say in it.
    httpsAgent: { keepAlive: true, maxSockets: 16, rejectUnauthorized: true },
  });
  return {
    metadata: handler.metadata,
    destroy: () => handler.destroy(),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    async handle(request: HttpRequest, options?: object): Promise<{ response: HttpResponse }> {
      const { response } = await handler.handle(request as Parameters<typeof handler.handle>[0], options);
      if (isHtml(response.headers)) {
        (response.body as Readable).destroy();
        throw unexpectedHtml(request.hostname, response.statusCode);
      }
      response.body = (response.body as Readable).pipe(sizeCap(request.hostname));
      return { response };
    },
  };
}

function isHtml(headers: Readonly<Record<string, string>>): boolean {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === "content-type");
  return name !== undefined && /^\s*text\/html/i.test(headers[name] ?? "");
}

function unexpectedHtml(host: string, status: number): LatchkeyError {
  return new LatchkeyError("BAD_RESPONSE", `${host} answered with a web page (HTTP ${status}) where a service answers with data: a captive portal or a proxy may be in between.`, {
    hint: "Open a web page in your browser to see whether the network wants you to sign in, then try again.",
  });
}

function sizeCap(host: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MAX_RESPONSE_BYTES) done(new LatchkeyError("BAD_RESPONSE", `The answer of ${host} is larger than any answer of that service.`));
      else done(null, chunk);
    },
  });
}

/** What a failed call was, without anything of its text: SDK errors can hold what a server chose to say. */
export interface CallFailure {
  /** HTTP status, where the service answered at all. */
  readonly status: number | undefined;
  /** The error's type by its name (`UnauthorizedException`), or by `error` where the service speaks OAuth. */
  readonly type: string;
  readonly retryAfterSeconds: number | undefined;
}

export function describeFailure(thrown: unknown): CallFailure {
  const error = (thrown ?? {}) as { name?: unknown; $metadata?: { httpStatusCode?: unknown }; $response?: { statusCode?: unknown; headers?: Record<string, unknown> } };
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  return {
    status: typeof status === "number" ? status : undefined,
    type: typeof error.name === "string" ? error.name : "",
    retryAfterSeconds: retryAfter(error.$response?.headers),
  };
}

/** Retry-After as seconds or as a date (RFC 9110 §10.2.3); garbage and negative values count as absent. */
function retryAfter(headers: Record<string, unknown> | undefined): number | undefined {
  const name = Object.keys(headers ?? {}).find((header) => header.toLowerCase() === "retry-after");
  const value = name === undefined ? undefined : headers?.[name];
  if (typeof value !== "string") return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

const FIRST_BACKOFF_MILLISECONDS = 200;
const LONGEST_BACKOFF_MILLISECONDS = 5_000;
const MOST_ATTEMPTS = 8;
/** How long one call may take with its retries where nobody set a deadline. */
const CALL_MILLISECONDS = 45_000;

/**
 * Makes a call, again where the failure may pass (429, 5xx, a lost connection): full-jitter backoff, Retry-After
 * honoured, all within the deadline. Only for calls that may be repeated.
 * @throws LatchkeyError UNREACHABLE, THROTTLED or BAD_RESPONSE; answers of the service with another 4xx as they came.
 */
export async function callPatiently<T>(connection: Connection, host: string, call: () => Promise<T>): Promise<T> {
  const deadline = connection.deadline ?? connection.monotonic() + CALL_MILLISECONDS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (thrown) {
      if (!mayPass(thrown)) throw translated(thrown, host);
      const wait = backoff(attempt, describeFailure(thrown).retryAfterSeconds);
      if (attempt >= MOST_ATTEMPTS || connection.monotonic() + wait >= deadline) throw translated(thrown, host);
      await connection.sleep(wait);
    }
  }
}

function backoff(attempt: number, retryAfterSeconds: number | undefined): number {
  const ceiling = Math.min(FIRST_BACKOFF_MILLISECONDS * 2 ** (attempt - 1), LONGEST_BACKOFF_MILLISECONDS);
  const jittered = Math.random() * ceiling;
  return retryAfterSeconds === undefined ? jittered : retryAfterSeconds * 1000 + Math.random() * FIRST_BACKOFF_MILLISECONDS;
}

/** Whether the same call may succeed a moment later. */
export function mayPass(thrown: unknown): boolean {
  if (thrown instanceof LatchkeyError || isTlsFailure(thrown)) return false;
  const { status } = describeFailure(thrown);
  if (status !== undefined) return status === 429 || status >= 500 || (status === 200 && isDamagedBody(thrown));
  return isConnectionFailure(thrown);
}

/** A foreign failure as one of ours; a 4xx answer that the caller knows better stays as it is. */
export function translated(thrown: unknown, host: string): unknown {
  if (thrown instanceof LatchkeyError) return thrown;
  const { status } = describeFailure(thrown);
  if (isTlsFailure(thrown)) {
    return new LatchkeyError("UNREACHABLE", `The TLS certificate of ${host} could not be verified (${rootCode(thrown)}).`, {
      hint: "If your company inspects TLS, point AWS_CA_BUNDLE at its CA certificates.",
      cause: thrown,
    });
  }
  if (status === 429) return new LatchkeyError("THROTTLED", `${host} turns requests away for now (HTTP 429).`, { hint: "Wait a minute, then try again.", cause: thrown });
  if (status !== undefined && status >= 500) return new LatchkeyError("UNREACHABLE", `${host} is in trouble (HTTP ${status}).`, { hint: "Try again in a minute.", cause: thrown });
  if (isDamagedBody(thrown)) return new LatchkeyError("BAD_RESPONSE", `The answer of ${host} is not what that service sends.`, { hint: "A captive portal or a proxy may be in between; try again.", cause: thrown });
  if (isConnectionFailure(thrown)) return new LatchkeyError("UNREACHABLE", `${host} could not be reached (${rootCode(thrown)}).`, { hint: "Check the network, VPN and proxy settings, then try again.", cause: thrown });
  return thrown;
}

const TLS_CODES = /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO$|HOSTNAME_MISMATCH$)/;
const CONNECTION_CODES = /^(ECONN|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE)/;

function isTlsFailure(thrown: unknown): boolean {
  return TLS_CODES.test(rootCode(thrown));
}

function isConnectionFailure(thrown: unknown): boolean {
  return CONNECTION_CODES.test(rootCode(thrown)) || (thrown instanceof Error && (thrown.name === "TimeoutError" || thrown.name === "AbortError" || /socket hang up|aborted/.test(thrown.message)));
}

/** A body that is no JSON makes the SDK throw its parser's SyntaxError. */
function isDamagedBody(thrown: unknown): boolean {
  return thrown instanceof SyntaxError;
}

function rootCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code = systemErrorCode(error);
    if (code !== undefined) return code;
    if (error instanceof AggregateError && error.errors.length > 0) return rootCode(error.errors[0]);
  }
  return thrown instanceof Error && thrown.name === "TimeoutError" ? "timeout" : "no answer";
}

/** A client of the SDK per connection, made when first needed. */
export function onePerConnection<Client>(make: (connection: Connection) => Client): (connection: Connection) => Client {
  const clients = new WeakMap<Connection, Client>();
  return (connection) => {
    const known = clients.get(connection);
    if (known !== undefined) return known;
    const client = make(connection);
    clients.set(connection, client);
    return client;
  };
}

/** The host as messages name it: the override's where there is one, else AWS's in words. */
export function hostName(connection: Connection, service: string): string {
  return connection.endpoint === undefined ? `${service} in ${connection.region}` : (URL.parse(connection.endpoint)?.host ?? service);
}
