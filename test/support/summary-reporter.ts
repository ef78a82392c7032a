import type { Reporter, TestModule } from "vitest/node";
import { LEFT_OUT } from "./program.ts";

/** Ends a run with `N passed, N failed` alone on a line; a file that does not load counts as one failure. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    const leftOut: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "skipped" && LEFT_OUT.test(test.name)) leftOut.push(`left out  ${module.relativeModuleId}: ${test.name}`);
        // A skipped test proves nothing: it fails the count, so that it can't look green.
        else failed += 1;
      }
    }
    for (const line of leftOut) console.log(line);
    if (leftOut.length > 0) console.log(`${leftOut.length} left out`);
    console.log(`${passed} passed, ${failed} failed`);
  }
}
