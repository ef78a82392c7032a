// Measures the peak memory of a process on Node. The process reports it on stderr when it ends.
import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes the script that reports the peak memory, and returns the Node flags that load the script. */
export function preparePeakReporter(home: string): string[] {
  const reporter = join(home, "peak.cjs");
  // maxRSS is used only if nothing better is available: it includes the memory of the parent process at the time of the
  // fork.
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

/** Returns the peak in MB; 0 if the process did not report it. */
export function readPeak(stderr: string): number {
  return Number(/^peak (\d+)$/m.exec(stderr)?.[1] ?? 0) / 1024;
}
