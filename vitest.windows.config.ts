import { defineConfig } from "vitest/config";
import { listUnitFiles, TAGS } from "./test/support/unit-files.ts";

/** The unit tests alone, which Windows' Node runs too (npm run test:windows). */
export default defineConfig({
  test: {
    include: listUnitFiles(),
    tags: TAGS,
    setupFiles: ["./test/support/patience-setup.ts"],
    maxWorkers: 2,
    // A process takes seconds to start there: one for many files.
    pool: "forks",
    isolate: false,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
