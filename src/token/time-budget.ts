import type { Context } from "../context.ts";
import { LOCK_MILLISECONDS } from "../fs/lock.ts";

/** The time limits of one command. Instants are milliseconds of `context.monotonic()`. */
export interface TimeBudget {
  /** When the command must end; undefined if a user is waiting, who can cancel it. */
  readonly deadline: number | undefined;
  /** When a caller that has older role credentials stops waiting and uses them. */
  readonly fallbackDeadline: number | undefined;
  /** If role credentials were fetched less than this many seconds ago, they are used even if they expire soon. */
  readonly shareSeconds: number;
}

export const NO_DEADLINE: TimeBudget = {
  deadline: undefined,
  fallbackDeadline: undefined,
  // While processes wait for the lock, its holder fetches credentials. The waiting processes use them even if they
  // expire soon.
  shareSeconds: 30,
};

/**
 * The limits of credential_process. The SDK for Go gives it at most a minute. All work, including waits and the start
 * of the process, ends within 45 s; the last second is for the output. The time starts with the process.
 */
export const CREDENTIAL_PROCESS_BUDGET: TimeBudget = { ...NO_DEADLINE, deadline: 44_000 };

/** The maximum wait for a service or a lock if older role credentials or a still valid token can be used instead. */
const FALLBACK_WAIT_MILLISECONDS = 5_000;

/** The maximum time for a refresh that is running. If it were cut off, the only copy of the new token could be lost. */
const REFRESH_MILLISECONDS = 10_000;

type Clock = Pick<Context, "monotonic">;
/** A clock with the user's `--timeout`, for waiting for a lock. */
interface PatientClock extends Clock {
  readonly silence: Pick<Context["silence"], "limitMilliseconds">;
}

/** Returns the budget for a caller that has older role credentials. */
export function limitForFallback({ monotonic }: Clock, budget: TimeBudget): TimeBudget {
  return { ...budget, fallbackDeadline: monotonic() + FALLBACK_WAIT_MILLISECONDS };
}

/** Returns when to stop waiting for a request that can be repeated. */
export function waitDeadline({ deadline, fallbackDeadline }: TimeBudget): number | undefined {
  return findEarliest(deadline, fallbackDeadline);
}

/**
 * Returns how long to wait for a lock, in milliseconds: `--timeout`, else `LOCK_MILLISECONDS`, or less if there is a
 * fallback or a deadline.
 */
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

/** Returns when to stop waiting for the exchange of a refresh token. */
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
