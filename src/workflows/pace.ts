import type { Context } from "../context.ts";
import type { Pace } from "../network/transport.ts";

/**
 * The pace of a long listing. The service's quota is about 20 requests a second for all clients of an account together,
 * and nobody tells a client its share: so the rate grows slowly while all goes well and halves on a 429 (additive
 * increase, multiplicative decrease), for all requests of the listing together.
 */
const FIRST_RATE = 10;
const SLOWEST_RATE = 0.5;
const FASTEST_RATE = 40;
/** Requests a second more, for every request that went well. */
const INCREASE = 0.05;
/** One 429 seldom comes alone: those that follow at once are the same news. */
const DEAF_MILLISECONDS = 1_000;

export function listingPace(context: Context): Pace {
  let ratePerSecond = FIRST_RATE;
  let nextTurn = context.monotonic();
  let slowedAt = Number.NEGATIVE_INFINITY;
  return {
    async turn() {
      const now = context.monotonic();
      const turn = Math.max(now, nextTurn);
      nextTurn = turn + 1000 / ratePerSecond;
      ratePerSecond = Math.min(FASTEST_RATE, ratePerSecond + INCREASE);
      if (turn > now) await context.sleep(turn - now);
    },
    throttled() {
      const now = context.monotonic();
      if (now - slowedAt < DEAF_MILLISECONDS) return;
      slowedAt = now;
      ratePerSecond = Math.max(SLOWEST_RATE, ratePerSecond / 2);
      nextTurn = Math.max(nextTurn, now + 500);
    },
  };
}
