import type { Silence } from "../../context.ts";

/** Where a person waits. */
export const PERSON_MILLISECONDS = 10_000;
/** Another host gets this much, whatever those before it have used up. */
const LEAST_MILLISECONDS = 2_000;
/** Calls that follow each other like this wait in one; what a person answers in between is no waiting. */
const GAP_MILLISECONDS = 1_000;

/** @param limitMilliseconds undefined: nobody is there who waits, and the budgets of the calls hold alone. */
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
