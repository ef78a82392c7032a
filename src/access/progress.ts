import type { Context } from "../context.ts";
import { accountsProgressText, rolesProgressText } from "./text.ts";
import type { Progress } from "./crawl.ts";

/** Slow enough to read. A line redrawn with every answer flickers. */
const REDRAW_MILLISECONDS = 250;
/** The rate is measured over the last seconds only, since the service's limit changes. */
const WINDOW_MILLISECONDS = 10_000;
/** Before this time a measured rate is meaningless. */
const FIRST_RATE_MILLISECONDS = 500;

/**
 * Creates a function that shows a listing's progress on the terminal. It does nothing if stderr is not a terminal.
 * `terminal.clearProgress` removes the line.
 */
export function createListingProgress({ terminal, monotonic }: Context): Progress {
  let drawnAt = Number.NEGATIVE_INFINITY;
  let samples: Array<{ readonly at: number; readonly done: number }> = [];
  const rate = (done: number, resumed: number): number => {
    const now = monotonic();
    if (samples.length === 0) samples.push({ at: now, done: resumed });
    samples = [...samples.filter(({ at }) => now - at <= WINDOW_MILLISECONDS), { at: now, done }];
    const [first = { at: now, done }] = samples;
    return now - first.at < FIRST_RATE_MILLISECONDS
      ? 0
      : (1000 * (done - first.done)) / (now - first.at);
  };
  return (done, total, resumed = 0) => {
    const line =
      total === undefined
        ? accountsProgressText(done)
        : rolesProgressText(done, total, rate(done, resumed));
    if (monotonic() - drawnAt < REDRAW_MILLISECONDS) return;
    drawnAt = monotonic();
    terminal.showProgress(line);
  };
}
