import { LatchkeyError, systemErrorCode, type ErrorCode } from "../../errors.ts";
import { readId } from "../../text/secrets/sent.ts";
import {
  explainBreakdown,
  explainProxy,
  findFailedProxy,
  type Breakdown,
  type Explanation,
  type Journey,
} from "./hop.ts";
import { TUNNEL_CODES } from "./tunnel.ts";

/** Classifies a failed call by its status, its type and its system error code, never by its message. */

/** Describes a failed call without its message, since an SDK error may contain text from the server. */
export interface CallFailure {
  /** HTTP status; undefined if the service did not answer. */
  readonly status: number | undefined;
  /** The name of the error's type (`UnauthorizedException`); "" if the service sent none. */
  readonly type: string;
  /** Type and status as text: `UnauthorizedException, HTTP 401`. */
  readonly words: string;
  /** The Retry-After header, unchanged. */
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
  // Some services report throttling with status 400 and the type alone. It is treated as a 429.
  const status = answered === 400 && THROTTLING.test(type) ? 429 : answered;
  const retryAfter = error.$response?.headers?.["retry-after"];
  return {
    status,
    type,
    words: [type, `HTTP ${status}`].filter((word) => word !== "").join(", "),
    retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
  };
}

/** Errors of JavaScript and of the SDK's parsers. These names are not types of a service's error. */
const OWN_TYPES =
  /^(Error|\w*(Syntax|Type|Range|URI|Reference|Aggregate)Error|Unknown|UnknownError)$/;

function readType(name: unknown): string {
  const type = readId(name, /^[A-Za-z][\w.]{0,79}$/) ?? "";
  return OWN_TYPES.test(type) ? "" : type;
}

/** Returns whether a service refused the credentials themselves, not the operation. */
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

/** Returns whether the same call may succeed a moment later. */
export function isTransient(thrown: unknown): boolean {
  if (thrown instanceof LatchkeyError || isTlsFailure(thrown) || isProxyRefusal(thrown))
    return false;
  const { status = 0 } = describeFailure(thrown);
  if (status === 429 || status >= 500) return true;
  return status < 300 && (isDamagedAnswer(thrown) || isConnectionFailure(thrown));
}

/**
 * Converts any failure to a LatchkeyError. A 4xx answer is returned unchanged, since the caller can explain it better.
 * @param waitedSeconds how long the call has waited, over all attempts
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
    const message = `${host} is throttling requests (HTTP 429).`;
    return explain("THROTTLED", message, "Wait a minute, then try again.");
  }
  if (status >= 500) {
    const message = `${host} answered with an error (HTTP ${status}).`;
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
      message: `${host} did not answer with valid TLS (${reason}).`,
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

/** Returns whether this machine does not allow the connection. A retry would fail the same way. */
export function isForbiddenHere(thrown: unknown): boolean {
  return isUnconnected(thrown) && /^(EPERM|EACCES|EAFNOSUPPORT)$/.test(findRootCode(thrown));
}

/**
 * Returns whether the proxy refused the request. A retry would fail the same way, and a password that is refused
 * several times may lock the account.
 */
function isProxyRefusal(thrown: unknown): boolean {
  const { login, refused, protocol } = TUNNEL_CODES;
  return [login, refused, protocol].some((code) => code === findRootCode(thrown));
}

function isConnectionFailure(thrown: unknown): boolean {
  const isCut = thrown instanceof Error && /^(socket hang up|aborted)$/.test(thrown.message);
  const isKnown = isCut || isTimeout(thrown) || CONNECTION_CODES.test(findRootCode(thrown));
  return isKnown || isUnconnected(thrown);
}

/**
 * Returns whether the system refused the connection, for whatever reason: a sandbox, a firewall, an address family that
 * is switched off, a limit of this process.
 */
function isUnconnected(thrown: unknown): boolean {
  return readJourney(thrown)?.isConnected === false && /^E[A-Z]+$/.test(findRootCode(thrown));
}

/** Errors of Node's HTTP parser (Node 24, `llhttp`) that have a clear explanation. */
const HPE_WORDS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "has larger headers than any answer of that service",
  HPE_INVALID_CONSTANT: "is not HTTP",
};

/**
 * Returns whether an answer arrived but can't be read. If the body is not JSON, the parser throws a SyntaxError. If it
 * is unexpected JSON, the SDK's deserializers may throw anything although the status is 2xx.
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

/** Returns whether the host name does not exist. */
export function isUnresolved(thrown: unknown): boolean {
  return findRootCode(thrown) === "ENOTFOUND" && findFailedProxy(readJourney(thrown)) === undefined;
}

/** Returns whether latchkey's own timeout ended the call. Nothing else aborts a request. */
export function isTimeout(thrown: unknown): boolean {
  return (
    thrown instanceof Error && (thrown.name === "TimeoutError" || thrown.name === "AbortError")
  );
}

/** Returns the route that `request` in http.ts attached to the error. */
function readJourney(thrown: unknown): Journey | undefined {
  for (let error = thrown; error instanceof Error; error = error.cause)
    if ("journey" in error) return error.journey as Journey;
  return undefined;
}

/** Reads what Node adds to its errors about lookups, connections and tunnels. */
function readBreakdown(thrown: unknown): Omit<Breakdown, "code" | "waitedSeconds"> {
  const { hostname, statusCode } = (thrown ?? {}) as Record<string, unknown>;
  return {
    hostname: typeof hostname === "string" ? hostname : undefined,
    proxyStatus: typeof statusCode === "number" ? statusCode : undefined,
  };
}

/**
 * Returns whether the service may have acted on the request although no usable answer arrived. A 2xx status with a
 * truncated body counts as no answer.
 */
export function isUnanswered(thrown: unknown): boolean {
  const { status } = describeFailure(thrown);
  return !wasNeverSent(thrown) && (status === undefined || status < 300);
}

/** Returns whether the request can't have reached the service. Then it is safe to repeat. */
export function wasNeverSent(thrown: unknown): boolean {
  const isKnown = /^(ECONNREFUSED|ENOTFOUND|EAI_|EHOST|ENET|ERR_PROXY)/.test(findRootCode(thrown));
  return isKnown || isUnconnected(thrown);
}

/**
 * The access portal's answer: data, "unauthorized" for a token that is not (or no longer) valid, or "forbidden" for a
 * role that is not assigned to the user.
 */
export type PortalAnswer<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "unauthorized" }
  | { readonly kind: "forbidden" };

/**
 * Returns the answer of a call, or its refusal. "Forbidden" is not in the service's model and has no class, so it is
 * recognized by status. A 404 means an account that is not in the organization, which is the same for the caller as no
 * access.
 * @throws LatchkeyError BAD_RESPONSE for any other refusal
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
