import { LatchkeyError, systemErrorCode, type ErrorCode } from "../errors.ts";
import { readId } from "../text/secrets/sent.ts";
import {
  explainBreakdown,
  explainProxy,
  findFailedProxy,
  type Breakdown,
  type Explanation,
  type Journey,
} from "./call/hop.ts";
import { TUNNEL_CODES } from "./call/tunnel.ts";

/** What went wrong with a call, by its status, its type and its system error code, never by its text. */

/** What a failed call was, without anything of its text: SDK errors can hold what a server chose to say. */
export interface CallFailure {
  /** HTTP status, where the service answered at all. */
  readonly status: number | undefined;
  /** The error's type by its name (`UnauthorizedException`); "" where the service gave none. */
  readonly type: string;
  /** Type and status in words: `UnauthorizedException, HTTP 401`. */
  readonly words: string;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
}

export function describeFailure(thrown: unknown): CallFailure {
  const error = (thrown ?? {}) as {
    name?: unknown;
    $metadata?: { httpStatusCode?: unknown };
    $response?: { statusCode?: unknown; headers?: Record<string, unknown> };
  };
  const type = readType(error.name);
  const answered = readStatus(error.$metadata?.httpStatusCode ?? error.$response?.statusCode);
  // Some services say "too fast" with a 400 and the type alone: it is the 429 that it means.
  const status = answered === 400 && THROTTLING.test(type) ? 429 : answered;
  const retryAfter = error.$response?.headers?.["retry-after"];
  return {
    status,
    type,
    words: [type, `HTTP ${status}`].filter((word) => word !== "").join(", "),
    retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
  };
}

/** Errors of JavaScript and of the SDK's parsers, which are names of no service's. */
const OWN_TYPES =
  /^(Error|\w*(Syntax|Type|Range|URI|Reference|Aggregate)Error|Unknown|UnknownError)$/;

function readType(name: unknown): string {
  const type = readId(name, /^[A-Za-z][\w.]{0,79}$/) ?? "";
  return OWN_TYPES.test(type) ? "" : type;
}

/** Whether a service refused the credentials themselves, rather than what was asked with them. */
export function isCredentialsRefusal(thrown: unknown): boolean {
  const failure = thrown instanceof LatchkeyError ? thrown.cause : thrown;
  return CREDENTIALS_REFUSALS.has(describeFailure(failure).type);
}

const CREDENTIALS_REFUSALS: ReadonlySet<string> = new Set([
  "ExpiredToken",
  "ExpiredTokenException",
  "InvalidClientTokenId",
  "InvalidToken",
  "UnrecognizedClientException",
]);

const THROTTLING = /Throttl|TooManyRequests|RequestLimitExceeded/;

function readStatus(status: unknown): number | undefined {
  return typeof status === "number" ? status : undefined;
}

/** Whether the same call may succeed a moment later. */
export function isTransient(thrown: unknown): boolean {
  if (thrown instanceof LatchkeyError || isTlsFailure(thrown) || isProxyRefusal(thrown))
    return false;
  const { status = 0 } = describeFailure(thrown);
  if (status === 429 || status >= 500) return true;
  return status < 300 && (isDamagedAnswer(thrown) || isConnectionFailure(thrown));
}

/**
 * A foreign failure as one of ours; a 4xx answer that the caller knows better stays as it is.
 * @param waitedSeconds how long the call has waited, with all its tries.
 */
export function toLatchkeyError(thrown: unknown, host: string, waitedSeconds = 0): unknown {
  if (thrown instanceof LatchkeyError) return thrown;
  const { status = 0 } = describeFailure(thrown);
  const reason = findRootCode(thrown);
  const explain = (code: ErrorCode, message: string, hint: string): LatchkeyError =>
    new LatchkeyError(code, message, { hint, cause: thrown });

  const breakdown = { ...readBreakdown(thrown), code: reason, waitedSeconds };
  const failedProxy = findFailedProxy(readJourney(thrown));
  if (failedProxy !== undefined) {
    const { message, hint } = explainProxy(failedProxy, host, breakdown);
    return explain("UNREACHABLE", message, hint);
  }
  if (isTlsFailure(thrown)) {
    const { message, hint } = explainTls(host, reason);
    return explain("UNREACHABLE", message, hint);
  }
  if (status === 429) {
    const message = `${host} turns requests away for now (HTTP 429).`;
    return explain("THROTTLED", message, "Wait a minute, then try again.");
  }
  if (status >= 500) {
    const message = `${host} is in trouble (HTTP ${status}).`;
    return explain("UNREACHABLE", message, "Try again in a minute.");
  }
  if (isDamagedAnswer(thrown)) {
    const form = HPE_WORDS[reason] ?? "is not what that service sends";
    const message = `The answer of ${host} ${form}.`;
    const hint = "A captive portal or a proxy may be in between; try again.";
    return explain("BAD_RESPONSE", message, hint);
  }
  if (isConnectionFailure(thrown)) {
    const { message, hint } = explainBreakdown(host, readJourney(thrown), breakdown);
    return explain("UNREACHABLE", message, hint);
  }
  return thrown;
}

function explainTls(host: string, reason: string): Explanation {
  if (/^(EPROTO|ERR_SSL_)/.test(reason))
    return {
      message: `${host} does not speak TLS as it should (${reason}).`,
      hint: "A proxy or a firewall may be in between; check the network, then try again.",
    };
  return {
    message: `The TLS certificate of ${host} could not be verified (${reason}).`,
    hint: "If your company inspects TLS, point AWS_CA_BUNDLE at its CA certificates.",
  };
}

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO$|HOSTNAME_MISMATCH$)/;
const CONNECTION_CODES =
  /^(ECONN|ERR_PROXY|ERR_SOCKET_CLOSED|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE)/;

function isTlsFailure(thrown: unknown): boolean {
  return TLS_CODES.test(findRootCode(thrown));
}

/** It stays so, and a password that is refused again and again may lock the account. */
function isProxyRefusal(thrown: unknown): boolean {
  const { login, refused, protocol } = TUNNEL_CODES;
  return [login, refused, protocol].some((code) => code === findRootCode(thrown));
}

function isConnectionFailure(thrown: unknown): boolean {
  const isCut = thrown instanceof Error && /^(socket hang up|aborted)$/.test(thrown.message);
  return isCut || isTimeout(thrown) || CONNECTION_CODES.test(findRootCode(thrown));
}

/** What Node's HTTP parser could not read (Node 24, `llhttp`), where words can say it. */
const HPE_WORDS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "has larger headers than any answer of that service",
  HPE_INVALID_CONSTANT: "is no HTTP",
};

/**
 * An answer that came and can't be read. A body that is no JSON makes whoever reads it throw the parser's SyntaxError, one
 * that is other JSON than expected makes the SDK's deserializers throw anything, beside the good status.
 */
function isDamagedAnswer(thrown: unknown): boolean {
  if (thrown instanceof SyntaxError || findRootCode(thrown).startsWith("HPE_")) return true;
  const { status = 0 } = describeFailure(thrown);
  return status >= 200 && status < 300 && !isConnectionFailure(thrown);
}

function findRootCode(thrown: unknown): string {
  for (let error = thrown; error instanceof Error; error = error.cause) {
    const code = systemErrorCode(error);
    if (code !== undefined) return code;
    if (error instanceof AggregateError && error.errors.length > 0)
      return findRootCode(error.errors[0]);
  }
  return isTimeout(thrown) ? "timeout" : "no answer";
}

/** Whether there is no such host. */
export function isUnresolved(thrown: unknown): boolean {
  return findRootCode(thrown) === "ENOTFOUND" && findFailedProxy(readJourney(thrown)) === undefined;
}

/** Whether our own clock ended the call: nothing else ever aborts a request of ours. */
export function isTimeout(thrown: unknown): boolean {
  return (
    thrown instanceof Error && (thrown.name === "TimeoutError" || thrown.name === "AbortError")
  );
}

/** What `request` in http.ts noted of the way that it took. */
function readJourney(thrown: unknown): Journey | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if ("journey" in error) return error.journey as Journey;
  return undefined;
}

/** What Node names in its errors of lookups, connections and tunnels. */
function readBreakdown(thrown: unknown): Omit<Breakdown, "code" | "waitedSeconds"> {
  const { hostname, statusCode } = (thrown ?? {}) as Record<string, unknown>;
  return {
    hostname: typeof hostname === "string" ? hostname : undefined,
    proxyStatus: typeof statusCode === "number" ? statusCode : undefined,
  };
}

/** Whether the service may have acted on the request without our learning how: a good status with a cut body is no answer. */
export function isUnanswered(thrown: unknown): boolean {
  const { status } = describeFailure(thrown);
  return !wasNeverSent(thrown) && (status === undefined || status < 300);
}

/** Whether the request can't have reached the service: then it may be made again whatever it does there. */
export function wasNeverSent(thrown: unknown): boolean {
  return /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|ERR_PROXY)/.test(findRootCode(thrown));
}

/** What the access portal says: data, or that the token is not good (any more), or that the role is not this person's. */
export type PortalAnswer<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "forbidden" };

/**
 * The answer of a call, or the refusal that it is. Forbidden is not in the service's model and has no class: told by
 * status. A 404 is an account that the organisation does not have, which is for the caller the same as one without access.
 */
export async function toPortalAnswer<T>(
  host: string,
  call: () => Promise<T>,
): Promise<PortalAnswer<T>> {
  try {
    return { kind: "answer", value: await call() };
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    const { status, words } = describeFailure(thrown);
    if (status === 401) return { kind: "unauthorized" };
    if (status === 403 || status === 404) return { kind: "forbidden" };
    if (status === undefined) throw thrown;
    throw new LatchkeyError("BAD_RESPONSE", `${host} refused the request (${words}).`, {
      hint: "Run it again with --debug and report what it prints.",
      cause: thrown,
    });
  }
}
