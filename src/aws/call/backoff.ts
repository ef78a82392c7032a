/** How long to wait before a call is repeated. */

const FIRST_BACKOFF_MILLISECONDS = 200;
const LONGEST_BACKOFF_MILLISECONDS = 5_000;

/**
 * Returns the seconds of a Retry-After header: a number or a date (RFC 9110 §10.2.3). Invalid and negative values count
 * as absent.
 */
export function parseRetryAfter(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? seconds : undefined;
}

/**
 * Returns the milliseconds to wait before the next attempt: exponential backoff with full jitter, or at least
 * Retry-After if the service sent one.
 */
export function backoffMilliseconds(
  attempt: number,
  retryAfterSeconds: number | undefined,
): number {
  const ceiling = Math.min(
    FIRST_BACKOFF_MILLISECONDS * 2 ** (attempt - 1),
    LONGEST_BACKOFF_MILLISECONDS,
  );
  const jittered = Math.random() * ceiling;
  return retryAfterSeconds === undefined
    ? jittered
    : retryAfterSeconds * 1000 + Math.random() * FIRST_BACKOFF_MILLISECONDS;
}
