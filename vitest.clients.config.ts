import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/clients/real.test.ts", "test/clients/situations/situations.test.ts"],
    // All rows are measured before the first test.
    hookTimeout: 3_600_000,
    // Some clients wait for up to a minute and a half.
    testTimeout: 240_000,
    maxConcurrency: 3,
    fileParallelism: false,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
