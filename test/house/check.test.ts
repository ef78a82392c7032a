import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isOnWindows, leaveOutOnWindows, testOnPosixOnly } from "../support/windows.ts";

/** Tests each rule of `npm run check` on a copy of the checkout with one bad file. */

const ROOT = join(import.meta.dirname, "../..");

const COPIED = [
  ...["src", "test", "scripts", "bin", "package.json", "tsconfig.json", "knip.json"],
  ...readdirSync(ROOT).filter((name) => /^vitest\..*config\.ts$/.test(name)),
  ...[".prettierrc.json", ".prettierignore", ".oxlintrc.json", "oclif.manifest.json"],
];

let copy: string;

const DEVELOPERS = "the checks of the code are run on POSIX systems";

beforeAll(() => {
  if (isOnWindows) return;
  copy = mkdtempSync(join(tmpdir(), "latchkey-check-"));
  for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => {
  if (!isOnWindows) rmSync(copy, { recursive: true });
});

interface Checked {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs one tool of `npm run check` in the copy, with one additional file. */
function checkWith(file: string, text: string, argv: readonly string[]): Checked {
  writeFileSync(join(copy, file), text);
  try {
    return runTool(argv);
  } finally {
    rmSync(join(copy, file));
  }
}

function runTool(argv: readonly string[]): Checked {
  const { status, stdout, stderr } = spawnSync(process.execPath, argv, {
    cwd: copy,
    encoding: "utf8",
  });
  return { exitCode: status, output: stdout + stderr };
}

const PRETTIER = ["node_modules/prettier/bin/prettier.cjs", "--check", "src/text"];
const LINT = ["node_modules/oxlint/bin/oxlint", "--deny-warnings", "src"];
const HOUSE = ["scripts/tools/check-house.ts", "--root", "."];
const KNIP = ["node_modules/knip/bin/knip.js", "--include", "exports,files"];

describe("npm run check passes the checkout as it is, and refuses", () => {
  test.each<[what: string, tool: readonly string[], bad: readonly [string, string], said: string]>([
    ["an unformatted line", PRETTIER, ["src/text/bad.ts", "export const  two = 2\n"], "bad.ts"],
    [
      "a function of 41 lines",
      LINT,
      [
        "src/text/bad.ts",
        `export function count(): number {\n${"  void 0;\n".repeat(38)}  return 1;\n}\n`,
      ],
      "too many lines (41)",
    ],
    [
      "a fifth parameter",
      LINT,
      [
        "src/text/bad.ts",
        "export const add = (a: number, b: number, c: number, d: number, e: number): number =>\n  a + b + c + d + e;\n",
      ],
      "too many parameters (5)",
    ],
    [
      "a function named settled",
      LINT,
      ["src/text/bad.ts", "export function settled(): number {\n  return 1;\n}\n"],
      '"settled" is neither',
    ],
    [
      "process in a feature",
      LINT,
      ["src/sync/bad.ts", "export const readHome = (): string | undefined => process.env.HOME;\n"],
      "process",
    ],
    [
      "an import upwards",
      HOUSE,
      ["src/text/bad.ts", 'import { login } from "../sign-in/login.ts";\n\nvoid login;\n'],
      "src/text/bad.ts → src/sign-in/login.ts",
    ],
    [
      "node:fs outside of its folders",
      HOUSE,
      ["src/sync/bad.ts", 'import { rmSync } from "node:fs";\n\nvoid rmSync;\n'],
      "node:fs has one home",
    ],
    ["an unused export", KNIP, ["src/text/bad.ts", "export const two = 2;\n"], "src/text/bad.ts"],
  ])("%s", { tags: ["long"] }, (_, tool, [file, text], said) => {
    leaveOutOnWindows(DEVELOPERS);
    const before = runTool(tool);
    expect(before.exitCode, before.output).toBe(0);
    const { exitCode, output } = checkWith(file, text, tool);
    expect(exitCode).toBe(1);
    expect(output).toContain(said);
  });

  testOnPosixOnly(DEVELOPERS)("a tree in which hardly any module is found", () => {
    const empty = mkdtempSync(join(tmpdir(), "latchkey-empty-"));
    cpSync(join(ROOT, "src", "text"), join(empty, "src", "text"), { recursive: true });
    const { exitCode, output } = runTool(["scripts/tools/check-house.ts", "--root", empty]);
    rmSync(empty, { recursive: true });
    expect(exitCode).toBe(1);
    expect(output).toMatch(/Only \d+ modules were read/);
  });
});
