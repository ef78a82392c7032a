import { defineConfig } from "vitest/config";
import { TAGS } from "./test/support/unit-files.ts";
import { CLI_ON_WINDOWS, FAULTS_ON_WINDOWS } from "./test/support/windows-suites.ts";

/** Run by Node for Windows, with LATCHKEY_TEST_PROGRAM set to the Windows executable (npm run test:windows). */
const shared = {
  setupFiles: ["./test/support/patience-setup.ts"],
  maxWorkers: 2,
};

export default defineConfig({
  test: {
    tags: TAGS,
    projects: [
      // The tests for Windows only: --project windows.
      {
        test: {
          ...shared,
          name: "windows",
          include: ["test/windows/**/*.test.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      // The command-line suite: --project cli runs a part, --project cli-all the whole.
      { test: { ...shared, name: "cli", include: CLI_ON_WINDOWS, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...shared,
          name: "cli-all",
          include: ["test/cli/**/*.test.ts"],
          sequence: { groupOrder: 2 },
        },
      },
      // The fault rows that are possible on Windows: --project faults.
      {
        test: {
          ...shared,
          name: "faults",
          include: FAULTS_ON_WINDOWS,
          sequence: { groupOrder: 3 },
        },
      },
    ],
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
