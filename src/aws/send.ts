import { LatchkeyError, hasCode } from "../errors.ts";
import { judgeRegion } from "../model/start-url.ts";
import { trace } from "../trace.ts";
import { backoffMilliseconds, parseRetryAfter } from "./call/backoff.ts";
import type { EndpointVariant } from "./endpoints.ts";
import {
  request,
  toFailure,
  type HttpAnswer,
  type HttpConnection,
  type HttpRequest,
} from "./http.ts";
import {
  describeFailure,
  isTimeout,
  isUnanswered,
  isUnresolved,
  isTransient,
  toLatchkeyError,
  wasNeverSent,
} from "./failure.ts";

/** How every call is made, through the SDK or not: timeouts, retries, pages, and one deadline. No SDK is loaded here. */

export interface Connection extends HttpConnection {
  readonly region: string;
  /** An override that the environment names, already checked; undefined for AWS's own endpoint. */
  readonly endpoint: string | undefined;
  readonly variant: EndpointVariant;
  /** Milliseconds of `monotonic()` at which whoever waits for us gives up; undefined while a person watches. */
  readonly deadline: number | undefined;
  /** Of a long listing: how its requests follow each other. */
  readonly pace?: Pace | undefined;
  /** Aborted when the process is asked to end. */
  readonly interruption: AbortSignal;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface Pace {
  /** Resolves when the next request may go out. */
  turn(): Promise<void>;
  /** A request was answered. */
  noteServed(): void;
  /** A request was turned away (429); whether the service is likely to serve it later. */
  noteThrottled(retryAfterSeconds?: number): "wait" | "hopeless";
}

/** One attempt, from the first byte sent to the last received. */
export const ATTEMPT_MILLISECONDS = 10_000;

/** "spends": the request uses something up, so that one without an answer is made again only once. */
export type Effect = "repeatable" | "spends";

/** Given on to what sends one try. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

const MOST_ATTEMPTS = 8;
/** Where nothing answers at all, fewer tries tell as much. */
const MOST_CONNECTIONS = 4;
/** How long one call may take with its retries where nobody set a deadline. */
const CALL_MILLISECONDS = 45_000;

/**
 * Makes a call, again where the failure may pass (429, 5xx, a lost connection): full-jitter backoff, Retry-After
 * honoured, all within the deadline.
 * @throws LatchkeyError UNREACHABLE, THROTTLED or BAD_RESPONSE; answers of the service with another 4xx as they came.
 */
export async function send<T>(
  connection: Connection,
  host: string,
  call: (options: CallOptions) => Promise<T>,
  effect: Effect = "repeatable",
): Promise<T> {
  const wait = connection.silence?.begin();
  const endWaiting = connection.showWaiting?.(host.replace(/^The /, "the "));
  try {
    const silenceDeadline = (): number => wait?.deadline() ?? Number.POSITIVE_INFINITY;
    return await sendUntilAnswered(connection, host, { call, effect, silenceDeadline });
  } finally {
    endWaiting?.();
    wait?.end();
  }
}

interface Call<T> {
  readonly call: (options: CallOptions) => Promise<T>;
  readonly effect: Effect;
  readonly silenceDeadline: () => number;
}

async function sendUntilAnswered<T>(
  connection: Connection,
  host: string,
  { call, effect, silenceDeadline }: Call<T>,
): Promise<T> {
  const startedAt = connection.monotonic();
  const tries: Tries = {
    number: 1,
    deadline: connection.deadline ?? startedAt + findCallMilliseconds(connection),
    silenceDeadline,
    lastAnswered: undefined,
  };
  for (;;) {
    await awaitTurn(connection, tries);
    try {
      const answer = await tryOnce(
        connection,
        millisecondsForTry(connection, tries, effect),
        call,
        effect,
      );
      connection.pace?.noteServed();
      return answer;
    } catch (thrown) {
      const next = decideRetry(connection, tries, thrown, effect);
      if (next.action === "fail") {
        const waitedSeconds = (connection.monotonic() - startedAt) / 1000;
        throw toOurError(connection, host, next.failure, waitedSeconds);
      }
      trace(() => describeRetry(next));
      if (next.action === "wait") {
        await connection.sleep(next.milliseconds);
        // The pause that an answer asks for is not the service's silence.
        if (next.isAnswered) connection.silence?.noteAnswer();
        tries.number += 1;
      }
    }
  }
}

function describeRetry(next: Extract<Retry, { action: "wait" | "queue" }>): string {
  if (next.action === "queue") return "asks again when it is its turn";
  return `asks again in ${Math.round(next.milliseconds)} ms`;
}

/** A host whose name was made of a misspelt region: that is the cause. */
function toOurError(
  connection: Connection,
  host: string,
  failure: unknown,
  waitedSeconds: number,
): unknown {
  const { endpoint, region } = connection;
  const known = toLatchkeyError(failure, host, waitedSeconds);
  const isOfRegion = endpoint === undefined && isUnresolved(failure);
  const judged = isOfRegion ? judgeRegion(region) : undefined;
  if (judged?.kind !== "slip" || !hasCode(known, "UNREACHABLE")) return known;
  const hint = `${region} is no region: did you mean ${judged.meant}?`;
  return new LatchkeyError(known.code, known.message, { hint, cause: failure });
}

/**
 * Makes a call once, whose failure is thrown as it came. Ends after `milliseconds`, or with the process. A call that spends
 * something does not end with the process: its answer is awaited and kept first, since what it spent can't be had back
 * (the second signal ends the process all the same).
 */
export async function tryOnce<T>(
  { interruption }: Connection,
  milliseconds: number,
  call: (options: CallOptions) => Promise<T>,
  effect: Effect = "repeatable",
): Promise<T> {
  const timeout = AbortSignal.timeout(milliseconds);
  if (effect === "spends") return call({ abortSignal: timeout });
  interruption.throwIfAborted();
  try {
    return await call({ abortSignal: AbortSignal.any([timeout, interruption]) });
  } catch (thrown) {
    // A try that was cut off by the end of the process failed for no other reason.
    interruption.throwIfAborted();
    throw thrown;
  }
}

/** How far the tries of one call have come. */
interface Tries {
  /** Of the try that is being made; one that only lost its turn is not counted. */
  number: number;
  deadline: number;
  readonly silenceDeadline: () => number;
  /** The last failure that came as an answer of the service. */
  lastAnswered: unknown;
}

async function awaitTurn({ deadline, pace, monotonic }: Connection, tries: Tries): Promise<void> {
  const queuedAt = monotonic();
  await pace?.turn();
  // A listing that waits for its turn is not waiting for the service.
  if (deadline === undefined) tries.deadline += monotonic() - queuedAt;
}

/** What spends something is waited for to the end: sent again, a slow service would be asked for what it has given. */
function millisecondsForTry(connection: Connection, tries: Tries, effect: Effect): number {
  const left = Math.max(1, Math.ceil(findEnd(tries) - connection.monotonic()));
  return effect === "spends" ? left : Math.min(findTryMilliseconds(connection), left);
}

function findEnd({ deadline, silenceDeadline }: Tries): number {
  return Math.min(deadline, silenceDeadline());
}

/** Whoever says how long silence may last means one answer, too. */
function findTryMilliseconds({ silence }: Pick<Connection, "silence">): number {
  return Math.max(ATTEMPT_MILLISECONDS, silence?.limitMilliseconds ?? 0);
}

function findCallMilliseconds({ silence }: Connection): number {
  return Math.max(CALL_MILLISECONDS, silence?.limitMilliseconds ?? 0);
}

/** After a failure: wait and try again, queue for another turn, or fail. */
type Retry =
  | { readonly action: "wait"; readonly milliseconds: number; readonly isAnswered: boolean }
  | { readonly action: "queue" }
  | { readonly action: "fail"; readonly failure: unknown };

function decideRetry(connection: Connection, tries: Tries, thrown: unknown, effect: Effect): Retry {
  if (!mayRepeat(thrown, tries, effect)) return { action: "fail", failure: thrown };
  const { status, retryAfter } = describeFailure(thrown);
  const retryAfterSeconds = parseRetryAfter(retryAfter, connection.now());
  if (status !== undefined) tries.lastAnswered = thrown;
  const failure = pickFailure(thrown, tries, effect);

  // At a pace of its own, a request that was turned away has only lost its turn.
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

/** Whether a failed call may be made again: the failure may pass, and the call did not spend anything unseen. */
function mayRepeat(thrown: unknown, tries: Tries, effect: Effect): boolean {
  const isSpent = effect === "spends" && tries.number > 1 && isUnanswered(thrown);
  return isTransient(thrown) && !isSpent;
}

/** What the service said before tells more than that our own clock cut the last try off. */
function pickFailure(thrown: unknown, { lastAnswered }: Tries, effect: Effect): unknown {
  return isTimeout(thrown) && effect === "repeatable" ? (lastAnswered ?? thrown) : thrown;
}

/** A request outside of the SDK, and who answers it. */
export interface PlainRequest extends Omit<HttpRequest, "signal"> {
  /** The host as messages name it. */
  readonly host: string;
}

/**
 * Sends a request outside of the SDK, with the retries and errors of every other call. Answers with a 4xx other than 429
 * are the caller's to judge.
 * @param read what the caller makes of an answer; a SyntaxError of it is a damaged answer, and the request is sent again.
 * @throws LatchkeyError UNREACHABLE, THROTTLED or BAD_RESPONSE
 */
export async function sendPlain<T>(
  connection: Connection,
  { host, ...plain }: PlainRequest,
  read: (answer: HttpAnswer) => T,
): Promise<T> {
  return send(connection, host, async ({ abortSignal }) => {
    const answer = await request(connection, { ...plain, signal: abortSignal });
    const isTrouble = answer.status === 429 || answer.status >= 500;
    if (isTrouble && plain.expects !== "anything")
      throw Object.assign(new Error(`HTTP ${answer.status}`), toFailure(answer));
    return read(answer);
  });
}

/** The host as messages name it: the override's where there is one, else AWS's in words. */
export function hostName(connection: Connection, service: string): string {
  return connection.endpoint === undefined
    ? `${service} in ${connection.region}`
    : (URL.parse(connection.endpoint)?.host ?? service);
}
