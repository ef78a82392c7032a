import { defineConfig } from "vitest/config";
import { TAGS } from "./test/support/unit-files.ts";
import { CLI_ON_WINDOWS, FAULTS_ON_WINDOWS } from "./test/support/windows-suites.ts";

/** Run by Windows' Node, with LATCHKEY_TEST_PROGRAM naming Windows' executable (npm run test:windows). */
const shared = {
  setupFiles: ["./test/support/patience-setup.ts"],
  maxWorkers: 2,
};

export default defineConfig({
  test: {
    tags: TAGS,
    projects: [
      // What is Windows' own: --project windows.
      {
        test: {
          ...shared,
          name: "windows",
          include: ["test/windows/**/*.test.ts"],
          sequence: { groupOrder: 0 },
        },
      },
      // The command-line suite: --project cli, whole by --project cli-all.
      { test: { ...shared, name: "cli", include: CLI_ON_WINDOWS, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...shared,
          name: "cli-all",
          include: ["test/cli/**/*.test.ts"],
          sequence: { groupOrder: 2 },
        },
      },
      // The fault rows that can be there: --project faults.
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
