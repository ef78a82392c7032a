import { defineConfig } from "vitest/config";

/** Tests the standalone executable if LATCHKEY_TEST_PROGRAM is set to its path. */
export default defineConfig({
  test: {
    include: ["test/hostile/**/*.test.ts"],
    setupFiles: ["./test/support/patience-setup.ts"],
    maxWorkers: 5,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
