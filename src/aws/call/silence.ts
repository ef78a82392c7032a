import type { Silence } from "../../context.ts";

/** The default limit when a person waits. */
export const PERSON_MILLISECONDS = 10_000;
/** A request to another host gets at least this much time, however much the hosts before it have used. */
const LEAST_MILLISECONDS = 2_000;
/**
 * Calls that follow each other within this time count as one wait. A pause in which a person answers a question does
 * not count.
 */
const GAP_MILLISECONDS = 1_000;

/**
 * Creates the limit for how long services may stay silent.
 * @param limitMilliseconds undefined if no person waits; then only the calls' own time limits apply.
 */
export function createSilence(
  monotonic: () => number,
  limitMilliseconds: number | undefined,
): Silence {
  const limit = limitMilliseconds ?? Number.POSITIVE_INFINITY;
  let underWay = 0;
  let silentSince = 0;
  let endedAt = Number.NEGATIVE_INFINITY;
  return {
    limitMilliseconds,
    begin() {
      const begunAt = monotonic();
      if (underWay === 0 && begunAt - endedAt > GAP_MILLISECONDS) silentSince = begunAt;
      underWay += 1;
      const least = begunAt + Math.min(limit, LEAST_MILLISECONDS);
      return {
        deadline: () => Math.max(least, silentSince + limit),
        end() {
          underWay -= 1;
          endedAt = monotonic();
        },
      };
    },
    noteAnswer() {
      silentSince = monotonic();
    },
  };
}
