import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { LEFT_OUT } from "./left-out.ts";

/**
 * Prints `N passed, N failed` as the last line of a run. A file that does not load counts as one failure. Each failure has a
 * line before it, so that the end of a log shows which tests failed.
 */
export default class SummaryReporter implements Reporter {
  private asked: RegExp | undefined;
  private tags: readonly string[] = [];

  onInit({ config }: Vitest): void {
    this.asked = config.testNamePattern;
    this.tags = config.tagsFilter ?? [];
  }

  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const by = Map.groupBy(tests, (test) => this.judge(test));
    const leftOut = by.get("left out") ?? [];
    const failures = [
      ...unhandledErrors.map((error) => `outside of the tests: ${readFirstLine(String(error))}`),
      ...modules
        .filter((module) => module.errors().length > 0)
        .map(({ relativeModuleId }) => `${relativeModuleId} does not load`),
      ...(by.get("failed") ?? []).map(describeFailure),
    ];
    for (const test of leftOut)
      console.log(`left out  ${test.module.relativeModuleId}: ${nameWithNote(test)}`);
    if (leftOut.length > 0) console.log(`${leftOut.length} left out`);
    for (const failure of failures) console.log(`failed  ${failure}`);
    console.log(`${by.get("passed")?.length ?? 0} passed, ${failures.length} failed`);
  }

  /** A skipped test proves nothing, so it counts as a failure. */
  private judge(test: TestCase): "passed" | "failed" | "left out" | "not asked for" {
    const { state } = test.result();
    if (state === "passed") return "passed";
    if (state !== "skipped") return "failed";
    if (!this.isAskedFor(test)) return "not asked for";
    return LEFT_OUT.test(nameWithNote(test)) ? "left out" : "failed";
  }

  /** `-t TEXT` and `--tags-filter TAG` or `!TAG` select tests. The others are not part of the run. */
  private isAskedFor(test: TestCase): boolean {
    const isTagged = (filter: string): boolean =>
      filter.startsWith("!") ? !test.tags.includes(filter.slice(1)) : test.tags.includes(filter);
    const isNamed =
      this.asked === undefined || this.asked.test(test.fullName.replaceAll(" > ", " "));
    return isNamed && this.tags.every(isTagged);
  }
}

/** Returns the name of a test. If it left itself out, the reason from its skip note is added. */
function nameWithNote(test: TestCase): string {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  return note === undefined ? test.name : `${test.name} ${note}`;
}

function describeFailure(test: TestCase): string {
  const { state, errors } = test.result();
  const reason = errors?.[0] === undefined ? state : readFirstLine(errors[0].message);
  return `${test.module.relativeModuleId}: ${test.fullName}: ${reason}`;
}

function readFirstLine(text: string): string {
  return text.split("\n", 1)[0] ?? "";
}
