// The standalone executable of this machine, for the scripts that run it.
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { HOST_NAME, locateExecutable } from "../build/standalone/targets.ts";

/** Its path inside the checkout. */
export const HOST_EXECUTABLE = locateExecutable(HOST_NAME);

/** Builds it, unless it is there as the sources are; all output on stderr. */
export function buildHostExecutable(): void {
  const script = join(CHECKOUT, "scripts", "build", "build-standalone.ts");
  execFileSync(process.execPath, [script, "--host", "--stale"], {
    cwd: CHECKOUT,
    stdio: ["ignore", 2, 2],
  });
}
