import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [
      "test/faults/**",
      "test/interop/**",
      "test/platforms/**",
      "test/windows/**",
      "test/clients/real.test.ts",
      "test/clients/situations/**",
    ],
    setupFiles: ["./test/support/patience-setup.ts"],
    // Most tests wait for a child, an answer or a clock: more of them than cores can wait at once.
    maxWorkers: 3,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
