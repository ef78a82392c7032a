// How much memory a process on Node had at the most: it says so itself, on stderr, when it ends.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes what reports it, and returns the flags of Node that load it. */
export function preparePeakReporter(home: string): string[] {
  const reporter = join(home, "peak.cjs");
  // Not maxRSS where there is another way: there, what this process had when it started the other counts, too.
  writeFileSync(
    reporter,
    `
    const { readFileSync, writeSync } = require("node:fs");
    const kilobytes = () => { try { return /VmHWM:\\s+(\\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]; } catch { return process.resourceUsage().maxRSS; } };
    process.on("exit", () => writeSync(2, "peak " + kilobytes() + "\\n"));
  `,
  );
  return ["--require", reporter];
}

/** In MB; 0 where the process did not say. */
export function readPeak(stderr: string): number {
  return Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? 0) / 1024;
}
