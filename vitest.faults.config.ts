import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/faults/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Storms of a hundred processes each: one file at a time on a small machine.
    fileParallelism: false,
    reporters: ["default", "./test/faults/support/rows-reporter.ts", "./test/support/summary-reporter.ts"],
  },
});
