import { LatchkeyError, systemErrorCode, type ErrorCode } from "../errors.ts";

/** What went wrong with a call, by its status, its type and its system error code, never by its text. */

/** What a failed call was, without anything of its text: SDK errors can hold what a server chose to say. */
export interface CallFailure {
  /** HTTP status, where the service answered at all. */
  readonly status: number | undefined;
  /** The error's type by its name (`UnauthorizedException`), or by `error` where the service speaks OAuth. */
  readonly type: string;
  /** The header as it came. */
  readonly retryAfter: string | undefined;
}

export function describeFailure(thrown: unknown): CallFailure {
  const error = (thrown ?? {}) as {
    name?: unknown;
    $metadata?: { httpStatusCode?: unknown };
    $response?: { statusCode?: unknown; headers?: Record<string, unknown> };
  };
  const type = typeof error.name === "string" ? error.name : "";
  const status = error.$metadata?.httpStatusCode ?? error.$response?.statusCode;
  const retryAfter = error.$response?.headers?.["retry-after"];
  return {
    // Some services say "too fast" with a 400 and the type alone: it is the 429 that it means.
    status: status === 400 && THROTTLING.test(type) ? 429 : readStatus(status),
    type,
    retryAfter: typeof retryAfter === "string" ? retryAfter : undefined,
  };
}

const THROTTLING = /Throttl|TooManyRequests|RequestLimitExceeded/;

function readStatus(status: unknown): number | undefined {
  return typeof status === "number" ? status : undefined;
}

/** Whether the same call may succeed a moment later. */
export function isTransient(thrown: unknown): boolean {
  if (thrown instanceof LatchkeyError || isTlsFailure(thrown)) return false;
  const { status = 0 } = describeFailure(thrown);
  if (status === 429 || status >= 500) return true;
  return status < 300 && (isDamagedBody(thrown) || isConnectionFailure(thrown));
}

/**
 * A foreign failure as one of ours; a 4xx answer that the caller knows better stays as it is.
 * @param proxy host and port of the proxy in use, if any.
 */
export function toLatchkeyError(thrown: unknown, host: string, proxy?: string): unknown {
  if (thrown instanceof LatchkeyError) return thrown;
  const { status = 0 } = describeFailure(thrown);
  const reason = findRootCode(thrown);
  const explain = (code: ErrorCode, message: string, hint: string): LatchkeyError =>
    new LatchkeyError(code, message, { hint, cause: thrown });

  if (isTlsFailure(thrown)) {
    const message = `The TLS certificate of ${host} could not be verified (${reason}).`;
    const hint = "If your company inspects TLS, point AWS_CA_BUNDLE at its CA certificates.";
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
  if (isDamagedBody(thrown)) {
    const message = `The answer of ${host} is not what that service sends.`;
    const hint = "A captive portal or a proxy may be in between; try again.";
    return explain("BAD_RESPONSE", message, hint);
  }
  if (proxy !== undefined && isProxyFailure(thrown, proxy)) {
    const message = `The proxy ${proxy} does not let requests to ${host} through.`;
    const hint = "Check HTTPS_PROXY and NO_PROXY, and what the proxy asks for.";
    return explain("UNREACHABLE", message, hint);
  }
  if (isConnectionFailure(thrown)) {
    const message = `${host} could not be reached (${reason}).`;
    const hint = "Check the network, VPN and proxy settings, then try again.";
    return explain("UNREACHABLE", message, hint);
  }
  return thrown;
}

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO$|HOSTNAME_MISMATCH$)/;
const CONNECTION_CODES =
  /^(ECONN|ERR_PROXY|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE)/;

function isTlsFailure(thrown: unknown): boolean {
  return TLS_CODES.test(findRootCode(thrown));
}

function isConnectionFailure(thrown: unknown): boolean {
  const isCut = thrown instanceof Error && /socket hang up|aborted/.test(thrown.message);
  return isCut || isTimeout(thrown) || CONNECTION_CODES.test(findRootCode(thrown));
}

/** A body that is no JSON makes whoever reads it throw the parser's SyntaxError. */
function isDamagedBody(thrown: unknown): boolean {
  return thrown instanceof SyntaxError;
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

/** Whether our own clock ended the call: nothing else ever aborts a request of ours. */
export function isTimeout(thrown: unknown): boolean {
  return (
    thrown instanceof Error && (thrown.name === "TimeoutError" || thrown.name === "AbortError")
  );
}

/** Whether it is the proxy that failed: it refused the tunnel, or is itself what could not be reached. */
function isProxyFailure(thrown: unknown, proxy: string): boolean {
  if (findRootCode(thrown).startsWith("ERR_PROXY")) return true;
  const port = thrown instanceof Error && "port" in thrown ? String(thrown.port) : undefined;
  return port !== undefined && (URL.parse(`http://${proxy}`)?.port || "80") === port;
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
    const { status, type } = describeFailure(thrown);
    if (status === 401) return { kind: "unauthorized" };
    if (status === 403 || status === 404) return { kind: "forbidden" };
    if (status === undefined) throw thrown;
    throw new LatchkeyError(
      "BAD_RESPONSE",
      `${host} refused the request (${type}, HTTP ${status}).`,
      { hint: "Run it again with --debug and report what it prints.", cause: thrown },
    );
  }
}
