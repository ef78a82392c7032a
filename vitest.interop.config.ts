import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/interop/**/*.test.ts"],
    // vitest's default is one worker on two cores, but these tests spend half of their time waiting for a client or a page.
    maxWorkers: 2,
    setupFiles: ["./test/support/patience-setup.ts"],
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
