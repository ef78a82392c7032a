import { spawnSync } from "node:child_process";

/** How long a test waits, by how slow the machine is at that moment. */

/** Milliseconds that a bare Node takes to start and end where nothing else runs. */
const QUIET_START = 60;
/** A measurement holds this long, in milliseconds: the load of a machine changes. */
const FRESH = 5_000;
/** A machine that is slower by more is no place to test. */
const MOST = 20;

let measured = { slowness: 1, at: Number.NEGATIVE_INFINITY };

/**
 * Milliseconds that a test may take or wait, stretched by the machine's own slowness. The limits that users are promised
 * (45 s for an SDK's line, 5 s where credentials are left, 10 s for a refresh) are never stretched: those are numbers.
 */
export function patience(milliseconds: number): number {
  return Math.ceil(milliseconds * measureSlowness());
}

/** 1 on a quiet machine; 3 where a bare Node takes three times as long to start. */
function measureSlowness(): number {
  if (performance.now() - measured.at < FRESH) return measured.slowness;
  const start = performance.now();
  spawnSync(process.execPath, ["-e", "0"], { stdio: "ignore" });
  const slowness = (performance.now() - start) / QUIET_START;
  measured = { slowness: Math.min(MOST, Math.max(1, slowness)), at: performance.now() };
  return measured.slowness;
}
