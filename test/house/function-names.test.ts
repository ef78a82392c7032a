import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { firstWord, isNoVerb } from "../../scripts/lint/not-verbs.ts";

const ROOT = join(import.meta.dirname, "../..");

/** Runs the linter on one file with the repository's own settings. */
function lint(source: string): { exitCode: number | null; output: string } {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-lint-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "sample.ts");
  writeFileSync(file, source);

  const linter = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const argv = [linter, "--config", join(ROOT, ".oxlintrc.json"), "--deny-warnings", file];
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd: ROOT,
    encoding: "utf8",
  });
  return { exitCode: status, output: stdout + stderr };
}

describe("the linter's rule for function names", () => {
  test("it refuses participles and adjectives in every form of function", () => {
    const { exitCode, output } = lint(`
      export function settled(): void {}
      export const nearest = (): number => 1;
      export const table = { redacted: () => "", waiting() {} };
      export interface Store { kept(): void; readonly usable?: (() => boolean) | undefined }
      export class Cache { withoutEnd(): void {} }
    `);
    expect(exitCode).toBe(1);
    const refused = [...output.matchAll(/it builds: "(\w+)"/g)].map(([, name]) => name);
    expect(refused.toSorted()).toEqual([
      "kept",
      "nearest",
      "redacted",
      "settled",
      "usable",
      "waiting",
      "withoutEnd",
    ]);
  });

  test("it accepts verbs, predicates, conversions, the noun that is built, and parameters", () => {
    const { exitCode, output } = lint(`
      export function settle(written: () => void): void { written(); }
      export const isSettled = (): boolean => true;
      export const toRole = (): string => "";
      export const statusText = (): string => "";
      export const embed = (): string => "";
      export const known = 1;
    `);
    expect(output).not.toContain("house(function-names)");
    expect(exitCode, output).toBe(0);
  });

  test("it recognises participles by their ending, except for verbs with the same ending", () => {
    const refused = ["refreshed", "patiently", "goneGroups", "MISSING_KEYS", "_chosen", "onlyOne"];
    expect(refused.filter((name) => !isNoVerb(name))).toEqual([]);
    const good = [
      "need",
      "feedTokens",
      "proceed",
      "applyPlan",
      "openList",
      "listingPath",
      "beforeEach",
    ];
    expect(good.filter(isNoVerb)).toEqual([]);
  });

  test.each([
    ["readToken", "read"],
    ["JSONOf", "json"],
    ["GOOD_NAME", "good"],
    ["sha256", "sha"],
    ["$put", "put"],
  ])("the first word of %s is %s", (name, word) => {
    expect(firstWord(name)).toBe(word);
  });
});
