import type { Context } from "../context.ts";
import { LOCK_MILLISECONDS } from "../fs/lock.ts";

/** How long one answer may take. Instants are milliseconds of `context.monotonic()`. */
export interface TimeBudget {
  /** When everything has ended; undefined where a person waits, who can give up. */
  readonly deadline: number | undefined;
  /** When a caller that holds older role credentials takes them instead. */
  readonly fallbackDeadline: number | undefined;
  /** Role credentials that were fetched less than this ago are shared, although they end soon. */
  readonly shareSeconds: number;
}

export const NO_DEADLINE: TimeBudget = {
  deadline: undefined,
  fallbackDeadline: undefined,
  // Whoever was in line for the lock takes what the one before has just fetched, however short its life.
  shareSeconds: 30,
};

/**
 * For a credential_process: SDKs give it a minute at most (SDK for Go). Everything, waiting and the start of the
 * process included, ends within 45 s; the last second is for the ending. The clock began with this process.
 */
export const CREDENTIAL_PROCESS_BUDGET: TimeBudget = { ...NO_DEADLINE, deadline: 44_000 };

/** Nobody waits longer for a service or a lock while old role credentials, or a token that is still valid, would do. */
const FALLBACK_WAIT_MILLISECONDS = 5_000;

/**
 * A refresh that has begun is waited for longer than that: cut off, its answer may be the only copy of the new token.
 */
const REFRESH_MILLISECONDS = 10_000;

type Clock = Pick<Context, "monotonic">;
/** What a lock is waited for by: a person's patience, too. */
interface PatientClock extends Clock {
  readonly silence: Pick<Context["silence"], "limitMilliseconds">;
}

/** The same budget for a caller that could use older role credentials. */
export function limitForFallback({ monotonic }: Clock, budget: TimeBudget): TimeBudget {
  return { ...budget, fallbackDeadline: monotonic() + FALLBACK_WAIT_MILLISECONDS };
}

/** Until when an answer that can be had again is waited for. */
export function waitDeadline({ deadline, fallbackDeadline }: TimeBudget): number | undefined {
  return findEarliest(deadline, fallbackDeadline);
}

/** How long a lock is waited for: the rest of a caller's time is for the service. */
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

/** Until when the exchange of a refresh token is waited for. */
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
