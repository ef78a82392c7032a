import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { SUITE, TAGS } from "./test/support/unit-files.ts";

export default defineConfig({
  test: {
    ...SUITE,
    tags: TAGS,
    setupFiles: ["./test/support/patience-setup.ts"],
    env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules", ".cache", "compiled") },
    // Most tests wait for a child, an answer or a clock, so more of them than cores can run at once.
    maxWorkers: 5,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
