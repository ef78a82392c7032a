// The standalone executables, of this machine and of others, for the scripts that run them.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { HOST_NAME, locateExecutable } from "../build/standalone/targets.ts";

/** Its path inside the checkout. */
export const HOST_EXECUTABLE = locateExecutable(HOST_NAME);

/** Builds it, unless it is there as the sources are. */
export function buildHostExecutable(): void {
  buildStale("--host");
}

/**
 * Builds the executables that are missing or of other sources; all output on stderr.
 * @param selection options of build-standalone.ts; none for all platforms
 */
export function buildStale(...selection: readonly string[]): void {
  const script = join(CHECKOUT, "scripts", "build", "build-standalone.ts");
  execFileSync(process.execPath, [script, "--stale", ...selection], {
    cwd: CHECKOUT,
    stdio: ["ignore", 2, 2],
  });
}
