import { defineConfig } from "vitest/config";
import { patience } from "./test/support/patience.ts";

export default defineConfig({
  test: {
    include: ["test/interop/**/*.test.ts"],
    testTimeout: patience(60_000),
    hookTimeout: patience(60_000),
    reporters: ["default", "./test/support/summary-reporter.ts"],
  },
});
