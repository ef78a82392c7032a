import type { Context } from "../context.ts";
import type { Pace } from "../aws/send.ts";

/**
 * The pace of a long listing: a token bucket whose rate finds out what the service bears. The quota is about 20 requests
 * a second for all clients of an organisation together, 429s come below that, and nobody tells a client its share. So the
 * rate grows while all goes well and is cut on a 429 (additive increase, multiplicative decrease, RFC 5681 §3.1 in
 * requests instead of bytes), for all requests of the listing together.
 */

/** Requests at once: enough for the quota where an answer takes a third of a second. */
export const AT_ONCE = 6;

const FIRST_RATE = 10;
const SLOWEST_RATE = 0.5;
/** The documented quota: whoever goes faster takes from others. */
const FASTEST_RATE = 20;

/** Requests that may go out at once after a pause. */
const BUCKET = 10;

/** Requests a second more, for each second, before the first 429 has told where the limit may be. */
const FIRST_GROWTH = 1;
/** Afterwards, as a part of the rate after the cut: so much for each second that has passed without a 429. */
const GROWTH = 0.008;

/** After a 429, a little less than what the service has just served; at one time never less than this part of before. */
const DECREASE = 0.9;
const DEEPEST_DECREASE = 0.7;
const MEASURED_MILLISECONDS = 2_000;
/** One 429 seldom comes alone: those that follow at once are the same news. */
const DEAF_MILLISECONDS = 1_000;

/** A service that serves nothing for so long, or says that it will not, is not waited for. */
const LONGEST_DROUGHT_MILLISECONDS = 60_000;

export function createListingPace({
  monotonic,
  sleep,
}: Pick<Context, "monotonic" | "sleep">): Pace {
  const started = monotonic();
  let ratePerSecond = FIRST_RATE;
  let cut: Cut | undefined;
  /** When the next request may go out; it lies in the past by as much as the bucket holds. */
  let nextTurn = started - BUCKET * intervalMilliseconds(ratePerSecond);
  let lastServed = started;
  let served: number[] = [];
  return {
    async turn() {
      const now = monotonic();
      const turn = Math.max(nextTurn, now - (BUCKET - 1) * intervalMilliseconds(ratePerSecond));
      nextTurn = turn + intervalMilliseconds(ratePerSecond);
      if (turn <= now) return;
      // The rate only grows while it is what holds the requests back.
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

/** The last cut: when it was, and the rate since then. */
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

/** Requests that the service has served a second of late. */
function measureRate(served: readonly number[], now: number, started: number): number {
  const window = Math.max(100, Math.min(MEASURED_MILLISECONDS, now - started));
  return (served.filter((at) => now - at <= window).length * 1000) / window;
}

/** Milliseconds from one request to the next. */
function intervalMilliseconds(ratePerSecond: number): number {
  return 1000 / ratePerSecond;
}
