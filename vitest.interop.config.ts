import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/interop/**/*.test.ts"],
    setupFiles: ["./test/support/patience-setup.ts"],
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
