import {
  describeFailure,
  isForbiddenHere,
  isTimeout,
  isTransient,
  isUnanswered,
  wasNeverSent,
} from "./failure.ts";
import { backoffMilliseconds, parseRetryAfter } from "./backoff.ts";

/** Decides after a failed attempt whether a call is repeated, and which failure is reported. */

/** "spends": the request uses up a refresh token, so it is repeated only once if no answer arrives. */
export type Effect = "repeatable" | "spends";

/** Spaces the requests of a long listing. */
/** Spaces the requests of a long listing. */
export interface Pace {
  /** Resolves when the next request may be sent. */
  turn(): Promise<void>;
  /** Called when a request was answered. */
  noteServed(): void;
  /** Called when a request was throttled (429). @returns whether the service is likely to answer later */
  noteThrottled(retryAfterSeconds?: number): "wait" | "hopeless";
}

const MOST_ATTEMPTS = 8;
/** The most attempts if no connection can be opened. More attempts would not give a better error. */
const MOST_CONNECTIONS = 4;
/** An attempt with a shorter limit does not show whether the service answers. */
const BRIEF_MILLISECONDS = 1_000;

/** The state of one call's attempts. */
export interface Tries {
  /** The number of the current attempt. A throttled attempt of a listing that waits for another turn does not count. */
  number: number;
  deadline: number;
  readonly silenceDeadline: () => number;
  /** The time limit of the current attempt. */
  milliseconds: number;
  /** The last failure that was an answer of the service. */
  lastAnswered: unknown;
  /** The last failure that was not a timeout. */
  lastFailure: unknown;
}

/** Returns when the call must have ended, in milliseconds of `monotonic()`. */
export function findEnd({ deadline, silenceDeadline }: Tries): number {
  return Math.min(deadline, silenceDeadline());
}

/** What the decision needs from the connection. */
interface RetryConnection {
  readonly pace?: Pace | undefined;
  readonly now: () => Date;
  readonly monotonic: () => number;
}

/** After a failure: wait and retry, queue for another turn, or fail. */
export type Retry =
  | { readonly action: "wait"; readonly milliseconds: number; readonly isAnswered: boolean }
  | { readonly action: "queue" }
  | { readonly action: "fail"; readonly failure: unknown };

/** Returns what follows a failed attempt, and remembers its failure in `tries`. */
/** Returns what follows a failed attempt, and remembers its failure in `tries`. */
export function decideRetry(
  connection: RetryConnection,
  tries: Tries,
  thrown: unknown,
  effect: Effect,
): Retry {
  if (!mayRepeat(thrown, tries, effect)) return { action: "fail", failure: thrown };
  const { status, retryAfter } = describeFailure(thrown);
  const retryAfterSeconds = parseRetryAfter(retryAfter, connection.now());
  if (status !== undefined) tries.lastAnswered = thrown;
  if (!isTimeout(thrown)) tries.lastFailure = thrown;
  const failure = pickFailure(thrown, tries, effect);

  // In a listing with a pace, a throttled request only waits for another turn.
  const answer = status === 429 ? connection.pace?.noteThrottled(retryAfterSeconds) : undefined;
  if (answer === "wait") return { action: "queue" };
  if (answer === "hopeless") return { action: "fail", failure };

  const mostTries = wasNeverSent(thrown) ? MOST_CONNECTIONS : MOST_ATTEMPTS;
  const milliseconds = backoffMilliseconds(tries.number, retryAfterSeconds);
  const end = status === undefined ? findEnd(tries) : tries.deadline;
  const isLate = connection.monotonic() + milliseconds >= end;
  return tries.number >= mostTries || isLate
    ? { action: "fail", failure }
    : { action: "wait", milliseconds, isAnswered: status !== undefined };
}

/**
 * Returns whether a failed call may be repeated: the failure may pass, and the call does not spend anything or may
 * still be repeated once.
 */
function mayRepeat(thrown: unknown, tries: Tries, effect: Effect): boolean {
  const isSpent = effect === "spends" && tries.number > 1 && isUnanswered(thrown);
  return isTransient(thrown) && !isForbiddenHere(thrown) && !isSpent;
}

/**
 * Returns the failure to report. An earlier answer explains more than the timeout of the last attempt. So does any
 * earlier failure, if the deadline left the last attempt too little time for an answer.
 */
function pickFailure(thrown: unknown, tries: Tries, effect: Effect): unknown {
  if (!isTimeout(thrown) || effect === "spends") return thrown;
  const isBrief = tries.milliseconds < BRIEF_MILLISECONDS;
  return tries.lastAnswered ?? (isBrief ? tries.lastFailure : undefined) ?? thrown;
}

/** Returns the line of the trace. */
export function describeRetry(next: Extract<Retry, { action: "wait" | "queue" }>): string {
  if (next.action === "queue") return "retries when it is its turn";
  return `retries in ${Math.round(next.milliseconds)} ms`;
}
