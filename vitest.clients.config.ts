import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/clients/real.test.ts"],
    // All rows are measured before the first test.
    hookTimeout: 3_600_000,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
