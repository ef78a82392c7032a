import { describe, expect, test } from "vitest";
import { AT_ONCE, createListingPace } from "../../src/access/rate.ts";

/** The pace against a service's token bucket, on a clock that jumps from one event to the next. */

interface Limit {
  readonly refillPerSecond: number;
  readonly burst: number;
  readonly latencyMilliseconds?: number;
  /** From a given time on, another client takes a part of the refill. */
  readonly othersTake?: (milliseconds: number) => number;
}

interface Outcome {
  readonly seconds: number;
  readonly refused: number;
  readonly arrivals: readonly number[];
}

function createJumpingClock() {
  let now = 0;
  const sleepers: Array<{ readonly at: number; readonly wake: () => void }> = [];
  const sleep = (milliseconds: number): Promise<void> =>
    new Promise((wake) => void sleepers.push({ at: now + Math.max(0, milliseconds), wake }));
  const runUntil = async (isDone: () => boolean): Promise<void> => {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (isDone()) return;
      const next = sleepers.toSorted((a, b) => a.at - b.at)[0];
      if (next === undefined) throw new Error("nothing is left to wait for");
      sleepers.splice(sleepers.indexOf(next), 1);
      now = next.at;
      next.wake();
    }
  };
  return { monotonic: () => now, sleep, runUntil };
}

/** Makes `requests` requests and repeats each until it is served, as `send` does. */
async function runListing(requests: number, limit: Limit): Promise<Outcome> {
  const { monotonic, sleep, runUntil } = createJumpingClock();
  const pace = createListingPace({ monotonic, sleep });
  let tokens = limit.burst;
  let filledAt = 0;
  const isServed = (): boolean => {
    const refill = limit.refillPerSecond - (limit.othersTake?.(monotonic()) ?? 0);
    tokens = Math.min(limit.burst, tokens + ((monotonic() - filledAt) / 1000) * refill);
    filledAt = monotonic();
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  let left = requests;
  let served = 0;
  let refused = 0;
  const arrivals: number[] = [];
  const runWorker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      for (;;) {
        await pace.turn();
        await sleep((limit.latencyMilliseconds ?? 60) / 2);
        arrivals.push(monotonic());
        const answered = isServed();
        await sleep((limit.latencyMilliseconds ?? 60) / 2);
        if (answered) break;
        refused += 1;
        expect(pace.noteThrottled()).toBe("wait");
      }
      served += 1;
      pace.noteServed();
    }
  };
  for (let index = 0; index < AT_ONCE; index += 1) void runWorker();
  await runUntil(() => served === requests);
  return { seconds: monotonic() / 1000, refused, arrivals };
}

/** The fewest seconds in which the limit allows that many requests. */
function limitSeconds(requests: number, { refillPerSecond, burst }: Limit): number {
  return (requests - burst) / refillPerSecond;
}

const LIMITS: readonly Limit[] = [5, 10, 20].flatMap((refillPerSecond) =>
  [2, refillPerSecond / 2, refillPerSecond, 40].map((burst) => ({ refillPerSecond, burst })),
);

describe("the pace of a listing", () => {
  test.each(LIMITS)(
    "takes at most 1.2 × the time that $refillPerSecond a second with bursts of $burst allow, and few requests are throttled",
    async (limit) => {
      const { seconds, refused } = await runListing(1_000, limit);
      expect(seconds / limitSeconds(1_000, limit)).toBeLessThan(1.2);
      expect(refused).toBeLessThan(60);
    },
  );

  test("slows down if another client takes three quarters of the quota, and speeds up again when that client stops", async () => {
    const othersTake = (milliseconds: number): number =>
      milliseconds > 20_000 && milliseconds < 60_000 ? 15 : 0;
    const { seconds, refused, arrivals } = await runListing(1_000, {
      refillPerSecond: 20,
      burst: 20,
      othersTake,
    });
    const ratePerSecond = (from: number, to: number): number =>
      arrivals.filter((at) => at >= from * 1000 && at < to * 1000).length / (to - from);
    expect(ratePerSecond(35, 60)).toBeLessThan(6.5);
    expect(ratePerSecond(80, 85)).toBeGreaterThan(15);
    expect(seconds).toBeLessThan(1.2 * ((1_000 - 20 + 40 * 15) / 20));
    expect(refused).toBeLessThan(80);
  });

  test("never goes faster than the documented quota, however fast the service is", async () => {
    const { arrivals } = await runListing(600, { refillPerSecond: 1_000, burst: 1_000 });
    const busiest = Math.max(
      ...arrivals.map((from) => arrivals.filter((at) => at >= from && at < from + 1000).length),
    );
    expect(busiest).toBeLessThanOrEqual(21);
  });

  test("holds every request until Retry-After is over, and gives up if it is too long", async () => {
    const { monotonic, sleep, runUntil } = createJumpingClock();
    const pace = createListingPace({ monotonic, sleep });
    const turns: number[] = [];
    await pace.turn();
    expect(pace.noteThrottled(7)).toBe("wait");
    for (let index = 0; index < AT_ONCE; index += 1)
      void pace.turn().then(() => turns.push(monotonic()));
    await runUntil(() => turns.length === AT_ONCE);
    expect(Math.min(...turns)).toBeGreaterThanOrEqual(7_000);
    expect(pace.noteThrottled(3_600)).toBe("hopeless");
  });

  test("gives up on a service that has served nothing for a minute", async () => {
    const { monotonic, sleep, runUntil } = createJumpingClock();
    const pace = createListingPace({ monotonic, sleep });
    const asked = (async () => {
      for (;;) {
        await pace.turn();
        if (pace.noteThrottled() === "hopeless") return monotonic();
      }
    })();
    let gaveUpAt: number | undefined;
    void asked.then((at) => (gaveUpAt = at));
    await runUntil(() => gaveUpAt !== undefined);
    expect(gaveUpAt).toBeGreaterThan(60_000);
    expect(gaveUpAt).toBeLessThan(65_000);
  });
});
