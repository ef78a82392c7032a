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
  const explanation = explainFailure(thrown, host, proxy);
  if (explanation === undefined) return thrown;
  const { code, message, hint } = explanation;
  return new LatchkeyError(code, message, { hint, cause: thrown });
}

/** A failure in our words. */
interface Explanation {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
}

function explainFailure(
  thrown: unknown,
  host: string,
  proxy: string | undefined,
): Explanation | undefined {
  const { status } = describeFailure(thrown);
  if (isTlsFailure(thrown))
    return {
      code: "UNREACHABLE",
      message: `The TLS certificate of ${host} could not be verified (${findRootCode(thrown)}).`,
      hint: "If your company inspects TLS, point AWS_CA_BUNDLE at its CA certificates.",
    };
  if (status === 429 || (status !== undefined && status >= 500)) return explainStatus(status, host);
  if (isDamagedBody(thrown))
    return {
      code: "BAD_RESPONSE",
      message: `The answer of ${host} is not what that service sends.`,
      hint: "A captive portal or a proxy may be in between; try again.",
    };
  if (proxy !== undefined && isProxyFailure(thrown, proxy))
    return {
      code: "UNREACHABLE",
      message: `The proxy ${proxy} does not let requests to ${host} through.`,
      hint: "Check HTTPS_PROXY and NO_PROXY, and what the proxy asks for.",
    };
  if (isConnectionFailure(thrown))
    return {
      code: "UNREACHABLE",
      message: `${host} could not be reached (${findRootCode(thrown)}).`,
      hint: "Check the network, VPN and proxy settings, then try again.",
    };
  return undefined;
}

function explainStatus(status: number, host: string): Explanation {
  if (status === 429)
    return {
      code: "THROTTLED",
      message: `${host} turns requests away for now (HTTP 429).`,
      hint: "Wait a minute, then try again.",
    };
  return {
    code: "UNREACHABLE",
    message: `${host} is in trouble (HTTP ${status}).`,
    hint: "Try again in a minute.",
  };
}

const TLS_CODES =
  /^(ERR_TLS_|ERR_SSL_|CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|EPROTO$|HOSTNAME_MISMATCH$)/;
const CONNECTION_CODES =
  /^(ECONN|ERR_PROXY|ENOTFOUND|EAI_|EHOST|ENET|ETIMEDOUT|EPIPE|EADDRNOTAVAIL|ERR_STREAM_PREMATURE_CLOSE)/;

function isTlsFailure(thrown: unknown): boolean {
  return TLS_CODES.test(findRootCode(thrown));
}

function isConnectionFailure(thrown: unknown): boolean {
  return (
    CONNECTION_CODES.test(findRootCode(thrown)) ||
    (thrown instanceof Error &&
      (thrown.name === "TimeoutError" ||
        thrown.name === "AbortError" ||
        /socket hang up|aborted/.test(thrown.message)))
  );
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
