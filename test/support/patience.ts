import { spawnSync } from "node:child_process";

/** Adapts the waiting time of tests to the present speed of the machine. */

/** Milliseconds that a bare Node takes to start and end on a quiet machine. */
const QUIET_START = 60;
/** A measurement is used for this many milliseconds, because the machine's load changes. */
const FRESH = 5_000;
/** The largest factor. A machine that is even slower is not suitable for tests. */
const MOST = 20;

let measured = { slowness: 1, at: Number.NEGATIVE_INFINITY };

/**
 * Returns the milliseconds that a test may take or wait, multiplied by the machine's slowness. The documented limits for
 * users (45 s for an SDK's line, 5 s if credentials are left, 10 s for a refresh) are plain numbers and not multiplied.
 */
export function patience(milliseconds: number): number {
  return Math.ceil(milliseconds * measureSlowness());
}

/** Returns 1 on a quiet machine, and 3 if a bare Node takes three times as long to start. */
function measureSlowness(): number {
  if (performance.now() - measured.at < FRESH) return measured.slowness;
  const start = performance.now();
  spawnSync(process.execPath, ["-e", "0"], { stdio: "ignore" });
  const slowness = (performance.now() - start) / QUIET_START;
  measured = { slowness: Math.min(MOST, Math.max(1, slowness)), at: performance.now() };
  return measured.slowness;
}
