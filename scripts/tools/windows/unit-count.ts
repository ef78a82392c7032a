import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CHECKOUT } from "../../../test/support/checkout.ts";

/**
 * Returns the number of unit tests on this machine, counting every row of a table, without running them. Takes a minute
 * on two processors.
 */
export function countUnitTests(): number {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-count-"));
  try {
    const list = join(folder, "tests.json");
    const vitest = join(CHECKOUT, "node_modules", "vitest", "vitest.mjs");
    const config = ["--config", "vitest.windows.config.ts"];
    execFileSync(
      process.execPath,
      [vitest, "list", "--no-static-parse", `--json=${list}`, ...config],
      { cwd: CHECKOUT, stdio: ["ignore", "ignore", "inherit"] },
    );
    return (JSON.parse(readFileSync(list, "utf8")) as readonly unknown[]).length;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
