import type { Context } from "../context.ts";
import { LOCK_MILLISECONDS } from "../fs/lock.ts";

/** How long one command may take. Instants are milliseconds of `context.monotonic()`. */
export interface TimeBudget {
  /** When everything must end; undefined if a person waits, who can give up. */
  readonly deadline: number | undefined;
  /** When a caller that has older role credentials uses those instead. */
  readonly fallbackDeadline: number | undefined;
  /** Role credentials that were fetched less than this ago are shared, even if they end soon. */
  readonly shareSeconds: number;
}

export const NO_DEADLINE: TimeBudget = {
  deadline: undefined,
  fallbackDeadline: undefined,
  // Processes that waited for the lock use the credentials that its holder has just fetched, even if they end soon.
  shareSeconds: 30,
};

/**
 * For credential_process: the SDK for Go allows it at most a minute. All work, including waits and the start of the
 * process, ends within 45 s; the last second is for the output. The clock starts with the process.
 */
export const CREDENTIAL_PROCESS_BUDGET: TimeBudget = { ...NO_DEADLINE, deadline: 44_000 };

/** The longest wait for a service or a lock if old role credentials or a still valid token can be used. */
const FALLBACK_WAIT_MILLISECONDS = 5_000;

/** A running refresh gets more time. If it were cut off, the only copy of the new token could be lost. */
const REFRESH_MILLISECONDS = 10_000;

type Clock = Pick<Context, "monotonic">;
/** The clock for waiting for a lock, with the user's `--timeout`. */
interface PatientClock extends Clock {
  readonly silence: Pick<Context["silence"], "limitMilliseconds">;
}

/** Returns the budget for a caller that can use older role credentials. */
export function limitForFallback({ monotonic }: Clock, budget: TimeBudget): TimeBudget {
  return { ...budget, fallbackDeadline: monotonic() + FALLBACK_WAIT_MILLISECONDS };
}

/** Returns until when to wait for a request that can be repeated. */
export function waitDeadline({ deadline, fallbackDeadline }: TimeBudget): number | undefined {
  return findEarliest(deadline, fallbackDeadline);
}

/** Returns how long to wait for a lock, so that time is left for the service. */
export function lockMilliseconds(
  { monotonic, silence }: PatientClock,
  budget: TimeBudget,
  hasFallback: boolean,
): number {
  const longest = silence.limitMilliseconds ?? LOCK_MILLISECONDS;
  const most = hasFallback ? FALLBACK_WAIT_MILLISECONDS : longest;
  const deadline = waitDeadline(budget);
  const left = deadline === undefined ? most : deadline - monotonic();
  return Math.max(0, Math.min(most, left));
}

/** Returns until when to wait for the exchange of a refresh token. */
export function refreshDeadline(
  { monotonic }: Clock,
  { deadline, fallbackDeadline }: TimeBudget,
  isStillValid: boolean,
): number | undefined {
  const hasFallback = isStillValid || fallbackDeadline !== undefined;
  return hasFallback ? findEarliest(deadline, monotonic() + REFRESH_MILLISECONDS) : deadline;
}

function findEarliest(...instants: ReadonlyArray<number | undefined>): number | undefined {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
