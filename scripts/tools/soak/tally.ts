// Counts the calls, faults and losses of a soak.
import type { Place } from "../place.ts";

export interface Soak {
  readonly place: Place;
  readonly tally: Tally;
  readonly isRunning: () => boolean;
}

export interface Tally {
  calls: number;
  served: number;
  /** The number of callers that were killed before they had printed a result. */
  killed: number;
  /** The number of faults by kind. */
  readonly faults: Map<string, number>;
  /** One sentence for each loss. */
  readonly losses: string[];
}

export function createTally(): Tally {
  return { calls: 0, served: 0, killed: 0, faults: new Map(), losses: [] };
}

export function countFault({ faults }: Tally, kind: string): void {
  faults.set(kind, (faults.get(kind) ?? 0) + 1);
}

export function formatTally({ calls, served, killed, faults, losses }: Tally): string {
  const total = [...faults.values()].reduce((sum, count) => sum + count, 0);
  const kinds = [...faults].map(([kind, count]) => `${kind} ${count}`).join(", ");
  return [
    `calls ${calls}: served ${served}, killed by us ${killed}`,
    `faults ${total}: ${kinds}`,
    `losses ${losses.length}`,
    ...losses.slice(0, 10).map((loss) => `  ${loss}`),
  ].join("\n");
}

export function pick<T>(list: readonly [T, ...T[]]): T {
  return list[Math.floor(Math.random() * list.length)] ?? list[0];
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
