// Builds the standalone executables for scripts that run them.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { HOST_NAME, locateExecutable } from "../build/standalone/targets.ts";

/** The path of this machine's executable, relative to the checkout. */
export const HOST_EXECUTABLE = locateExecutable(HOST_NAME);

/** Builds this machine's executable if it is missing or out of date. */
export function buildHostExecutable(): void {
  buildStale("--host");
}

/**
 * Builds the executables that are missing or out of date. All output goes to stderr.
 * @param selection options of build-standalone.ts; without options, the executables for all platforms
 */
export function buildStale(...selection: readonly string[]): void {
  const script = join(CHECKOUT, "scripts", "build", "build-standalone.ts");
  execFileSync(process.execPath, [script, "--stale", ...selection], {
    cwd: CHECKOUT,
    stdio: ["ignore", 2, 2],
  });
}
