import { LatchkeyError, hasCode } from "../errors.ts";
import { judgeRegion } from "../model/start-url.ts";
import { trace } from "../trace.ts";
import {
  decideRetry,
  describeRetry,
  findEnd,
  type Effect,
  type Pace,
  type Tries,
} from "./call/retry.ts";
import type { EndpointVariant } from "./endpoints.ts";
import {
  request,
  toFailure,
  type HttpAnswer,
  type HttpConnection,
  type HttpRequest,
} from "./http.ts";
import { isUnresolved, toLatchkeyError } from "./call/failure.ts";

/** Makes every call, through the SDK or not, with timeouts, retries and one deadline. Loads no SDK. */

export interface Connection extends HttpConnection {
  readonly region: string;
  /** An endpoint from the environment, already checked. Undefined for AWS's own endpoint. */
  readonly endpoint: string | undefined;
  readonly variant: EndpointVariant;
  /** The time, in milliseconds of `monotonic()`, at which the calling program gives up. Undefined if a person waits. */
  readonly deadline: number | undefined;
  /** Only for a long listing: spaces its requests. */
  readonly pace?: Pace | undefined;
  /** Aborted when the process is asked to end. */
  readonly interruption: AbortSignal;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Limit for one attempt, from the first byte sent to the last received. */
export const ATTEMPT_MILLISECONDS = 10_000;

/** Passed to the function that makes one attempt. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

/** Limit for one call with its retries if there is no deadline. */
const CALL_MILLISECONDS = 45_000;

/**
 * Makes a call, and repeats it if the failure may pass (429, 5xx, a lost connection). Waits with full-jitter backoff or
 * Retry-After, all within the deadline.
 * @throws LatchkeyError UNREACHABLE, THROTTLED or BAD_RESPONSE; any other 4xx answer unchanged
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
    milliseconds: 0,
    lastAnswered: undefined,
    lastFailure: undefined,
  };
  for (;;) {
    await awaitTurn(connection, tries);
    tries.milliseconds = millisecondsForTry(connection, tries, effect);
    try {
      const answer = await tryOnce(connection, tries.milliseconds, call, effect);
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
        // The pause that the service asked for does not count as its silence.
        if (next.isAnswered) connection.silence?.noteAnswer();
        tries.number += 1;
      }
    }
  }
}

/** Converts a failure. If the host name contains a misspelt region, the hint names that as the cause. */
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
  const hint = `${region} is not a region: did you mean ${judged.meant}?`;
  return new LatchkeyError(known.code, known.message, { hint, cause: failure });
}

/**
 * Makes a call once and throws its failure unchanged. Ends after `milliseconds`, or with the process. The first signal
 * does not end a call that spends something: its answer is awaited and stored first, since what was spent can't be
 * recovered. A second signal ends the process anyway.
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
    // If the process is ending, that is the reason of the failure, not the aborted attempt.
    interruption.throwIfAborted();
    throw thrown;
  }
}

async function awaitTurn({ deadline, pace, monotonic }: Connection, tries: Tries): Promise<void> {
  const queuedAt = monotonic();
  await pace?.turn();
  // Waiting for its turn in a listing does not use up the call's time.
  if (deadline === undefined) tries.deadline += monotonic() - queuedAt;
}

/**
 * Returns the time limit of one attempt. A call that spends something gets all the time that is left: a retry would ask
 * a slow service again for what it has already issued.
 */
function millisecondsForTry(connection: Connection, tries: Tries, effect: Effect): number {
  const left = Math.max(1, Math.ceil(findEnd(tries) - connection.monotonic()));
  return effect === "spends" ? left : Math.min(findTryMilliseconds(connection), left);
}

/** Returns the time limit of one attempt: 10 s, or the limit for silence if that is longer. */
function findTryMilliseconds({ silence }: Pick<Connection, "silence">): number {
  return Math.max(ATTEMPT_MILLISECONDS, silence?.limitMilliseconds ?? 0);
}

function findCallMilliseconds({ silence }: Connection): number {
  return Math.max(CALL_MILLISECONDS, silence?.limitMilliseconds ?? 0);
}

/** A request that does not use the SDK. */
export interface PlainRequest extends Omit<HttpRequest, "signal"> {
  /** The host's name in messages. */
  readonly host: string;
}

/**
 * Sends a request without the SDK, with the same retries and errors as every other call. The caller judges 4xx answers
 * other than 429.
 * @param read converts an answer; if it throws a SyntaxError, the answer is damaged and the request is repeated
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

/** Returns the host's name for messages: the host of the endpoint override, or else AWS's service and region. */
export function hostName(connection: Connection, service: string): string {
  return connection.endpoint === undefined
    ? `${service} in ${connection.region}`
    : (URL.parse(connection.endpoint)?.host ?? service);
}
