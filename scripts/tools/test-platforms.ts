// Inspects the programs for every platform, and runs the programs for other Linux machines.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { CHECKOUT } from "../../test/support/program.ts";
import { readOptions } from "../options.ts";
import { buildStale } from "./host-executable.ts";
import { findObstacle } from "./platforms/linux.ts";

readOptions({
  help: `
Usage: npm run test:platforms

Builds missing and stale standalone executables. Checks the formats and signatures
of those for macOS and Windows. Runs those for Linux on ARM, with musl, and on old
processors if they can run here (npm run setup:platforms).

  -h, --help  print this help`,
  options: {},
});

buildStale();
const obstacle = findObstacle();
if (obstacle !== undefined)
  console.error(`latchkey: skipped the programs for other Linux machines: ${obstacle}`);
const vitest = join(CHECKOUT, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(
  process.execPath,
  [vitest, "run", "--config", "vitest.platforms.config.ts"],
  { cwd: CHECKOUT, stdio: "inherit" },
);
process.exitCode = status ?? 1;
