import { defineConfig } from "vitest/config";
import { listUnitFiles, TAGS } from "./test/support/unit-files.ts";

/** Only the unit tests, which Node for Windows runs too (npm run test:windows). */
export default defineConfig({
  test: {
    include: listUnitFiles(),
    tags: TAGS,
    setupFiles: ["./test/support/patience-setup.ts"],
    maxWorkers: 2,
    // A process takes seconds to start under Wine, so one process runs many files.
    pool: "forks",
    isolate: false,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
