import type { Context } from "../context.ts";
import type { Pace } from "../aws/call/retry.ts";

/**
 * The pace of a long listing: a token bucket whose rate adapts to what the service accepts. The quota is about 20
 * requests a second for all clients of an organization together, 429s occur below that rate, and a client can't find
 * out its own share of the quota. So the rate grows while requests succeed and is cut on a 429 (additive increase,
 * multiplicative decrease: RFC 5681 §3.1, with requests instead of bytes). All requests of the listing share it.
 */

/** Concurrent requests: enough to reach the quota if an answer takes a third of a second. */
export const AT_ONCE = 6;

const FIRST_RATE = 10;
const SLOWEST_RATE = 0.5;
/** The documented quota. A faster client would take from other clients' share. */
const FASTEST_RATE = 20;

/** How many requests may be sent at the same time after a pause. */
const BUCKET = 10;

/** Growth before the first 429: requests per second, added every second. */
const FIRST_GROWTH = 1;
/** Growth after a cut: this part of the rate after the cut, times the seconds since then. */
const GROWTH = 0.008;

/**
 * After a 429, the rate becomes DECREASE times what the service has just served, but at least DEEPEST_DECREASE times
 * the rate before.
 */
const DECREASE = 0.9;
const DEEPEST_DECREASE = 0.7;
const MEASURED_MILLISECONDS = 2_000;
/** 429s often come in groups. Those within this time after a cut do not cut again. */
const DEAF_MILLISECONDS = 1_000;

/**
 * The listing fails if the service has served no request for this long. The Retry-After that it asks for is included.
 */
const LONGEST_DROUGHT_MILLISECONDS = 60_000;

export function createListingPace({
  monotonic,
  sleep,
}: Pick<Context, "monotonic" | "sleep">): Pace {
  const started = monotonic();
  let ratePerSecond = FIRST_RATE;
  let cut: Cut | undefined;
  /** When the next request may be sent. May be in the past, by as much as the bucket holds. */
  let nextTurn = started - BUCKET * intervalMilliseconds(ratePerSecond);
  let lastServed = started;
  let served: number[] = [];
  return {
    async turn() {
      const now = monotonic();
      const turn = Math.max(nextTurn, now - (BUCKET - 1) * intervalMilliseconds(ratePerSecond));
      nextTurn = turn + intervalMilliseconds(ratePerSecond);
      if (turn <= now) return;
      // The rate grows only while requests have to wait for it.
      ratePerSecond = growRate(ratePerSecond, cut, now);
      await sleep(turn - now);
    },
    noteServed() {
      lastServed = monotonic();
      served = [...served.filter((at) => lastServed - at <= MEASURED_MILLISECONDS), lastServed];
    },
    noteThrottled(retryAfterSeconds = 0) {
      const now = monotonic();
      const pause = retryAfterSeconds * 1000;
      if (now + pause - lastServed > LONGEST_DROUGHT_MILLISECONDS) return "hopeless";
      nextTurn = Math.max(nextTurn, now + pause);
      if (cut !== undefined && now - cut.at < DEAF_MILLISECONDS) return "wait";
      ratePerSecond = cutRate(ratePerSecond, measureRate(served, now, started));
      cut = { at: now, ratePerSecond };
      nextTurn = Math.max(nextTurn, now + intervalMilliseconds(ratePerSecond));
      return "wait";
    },
  };
}

/** The time of the last cut, and the rate right after it. */
interface Cut {
  readonly at: number;
  readonly ratePerSecond: number;
}

function growRate(ratePerSecond: number, cut: Cut | undefined, now: number): number {
  const growth =
    cut === undefined ? FIRST_GROWTH : (cut.ratePerSecond * GROWTH * (now - cut.at)) / 1000;
  return Math.min(FASTEST_RATE, ratePerSecond + growth / ratePerSecond);
}

function cutRate(ratePerSecond: number, measured: number): number {
  return Math.max(
    SLOWEST_RATE,
    DEEPEST_DECREASE * ratePerSecond,
    DECREASE * Math.min(ratePerSecond, measured),
  );
}

/** Returns the requests per second that the service has served recently. */
function measureRate(served: readonly number[], now: number, started: number): number {
  const window = Math.max(100, Math.min(MEASURED_MILLISECONDS, now - started));
  return (served.filter((at) => now - at <= window).length * 1000) / window;
}

/** Returns the milliseconds between two requests. */
function intervalMilliseconds(ratePerSecond: number): number {
  return 1000 / ratePerSecond;
}
