import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { LEFT_OUT } from "./left-out.ts";

/** Ends a run with `N passed, N failed` alone on a line; a file that does not load counts as one failure. */
export default class SummaryReporter implements Reporter {
  private asked: RegExp | undefined;

  onInit(vitest: Vitest): void {
    this.asked = vitest.config.testNamePattern;
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    let passed = 0;
    let failed = unhandledErrors.length;
    const leftOut: string[] = [];
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "passed") passed += 1;
        else if (state === "skipped" && !this.isAskedFor(test)) continue;
        else if (state === "skipped" && LEFT_OUT.test(test.name))
          leftOut.push(`left out  ${module.relativeModuleId}: ${test.name}`);
        // A skipped test proves nothing: it fails the count, so that it can't look green.
        else failed += 1;
      }
    }
    for (const line of leftOut) console.log(line);
    if (leftOut.length > 0) console.log(`${leftOut.length} left out`);
    console.log(`${passed} passed, ${failed} failed`);
  }

  /** `-t TEXT` asks for some tests; the others are no part of the run. */
  private isAskedFor(test: TestCase): boolean {
    return this.asked === undefined || this.asked.test(test.fullName.replaceAll(" > ", " "));
  }
}
