import { defineConfig } from "vitest/config";
import { patience } from "./test/support/patience.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/faults/**", "test/interop/**"],
    testTimeout: patience(30_000),
    hookTimeout: patience(30_000),
    // Most tests wait for a child, an answer or a clock: more of them than cores can wait at once.
    maxWorkers: 3,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
