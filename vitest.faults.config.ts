import { defineConfig } from "vitest/config";

const STORMS = ["test/faults/storm.test.ts"];

/** What the rows of both projects share. None is tried again: what fails every other time is a fault, too. */
const row = { setupFiles: ["./test/support/patience-setup.ts"] };

export default defineConfig({
  test: {
    projects: [
      // Most rows wait for a deadline, and five can wait at once on a small machine.
      {
        test: {
          ...row,
          name: "rows",
          include: ["test/faults/**/*.test.ts"],
          exclude: STORMS,
          maxWorkers: 5,
          sequence: { groupOrder: 0 },
        },
      },
      // Storms of a hundred processes each have the machine for themselves.
      {
        test: {
          ...row,
          name: "storms",
          include: STORMS,
          maxWorkers: 1,
          sequence: { groupOrder: 1 },
        },
      },
    ],
    reporters: [
      "default",
      "./test/faults/support/rows-reporter.ts",
      "./test/support/summary-reporter.ts",
    ],
  },
});
