import type { Reporter, TestModule } from "vitest/node";

export const ROWS = 100;

/** Prints at the end of a run how many rows of the fault table passed. A row passes if all of its tests passed. */
export default class RowsReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>): void {
    const rows = new Map<number, boolean>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const number = Number(/^row (\d+):/.exec(test.name)?.[1]);
        if (number >= 1 && number <= ROWS)
          rows.set(number, (rows.get(number) ?? true) && test.result().state === "passed");
      }
    }
    const passed = [...rows.values()].filter(Boolean).length;
    console.log(`rows ${passed} of ${ROWS}`);
  }
}
