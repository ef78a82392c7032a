import { defineConfig } from "vitest/config";

/** With LATCHKEY_TEST_PROGRAM naming the standalone executable, with that one. */
export default defineConfig({
  test: {
    include: ["test/hostile/**/*.test.ts"],
    setupFiles: ["./test/support/patience-setup.ts"],
    maxWorkers: 5,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
