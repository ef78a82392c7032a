import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/interop/**/*.test.ts"],
    // By itself vitest takes one worker on two cores; half of what these tests do is waiting for a client or a page.
    maxWorkers: 2,
    setupFiles: ["./test/support/patience-setup.ts"],
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
