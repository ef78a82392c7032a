import { defineConfig } from "vitest/config";

const STORMS = ["test/faults/storm.test.ts"];

/** Settings of both projects. There are no retries: a row that fails only sometimes is a fault, too. */
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
      // Each storm of a hundred processes needs the whole machine.
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
