import { defineConfig } from "vitest/config";
import { listUnitFiles } from "./test/support/unit-files.ts";

/** The unit tests alone, which Windows' Node runs too (npm run test:windows). */
export default defineConfig({
  test: {
    include: listUnitFiles(),
    setupFiles: ["./test/support/patience-setup.ts"],
    maxWorkers: 3,
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
