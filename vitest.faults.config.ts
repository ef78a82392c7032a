import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/faults/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 30_000,
    // Storms of a hundred processes each: one file at a time on a small machine.
    fileParallelism: false,
    // A machine that is busy with something else can miss a deadline of one of these rows; a fault that is not borne fails twice.
    retry: 1,
    reporters: ["default", "./test/faults/support/rows-reporter.ts", "./test/support/summary-reporter.ts"],
  },
});
