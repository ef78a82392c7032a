import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, sep } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { isRecord, parseJson } from "../src/text/json.ts";
import { startProgram, type EndedProcess } from "./support/child.ts";
import { CHECKOUT } from "./support/checkout.ts";
import { leaveOutOnWindows, testOnPosixOnly } from "./support/windows.ts";

const DEVELOPERS = "the scripts are for developers and run on POSIX systems";

/** A script that does its work takes longer than this, even for its start on a busy machine. */
const QUICK_MILLISECONDS = 20_000;

const ENTRIES = listEntries();

/** Lists the scripts that are started directly: they read options. */
function listEntries(): string[] {
  const modules = readdirSync(join(CHECKOUT, "scripts"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `scripts/${name.replaceAll(sep, "/")}`);
  const entries = modules.filter((path) => /^(const .* = )?readOptions\(/m.test(read(path)));
  return ["scripts/ensure.mjs", ...entries.toSorted()];
}

function read(path: string): string {
  return readFileSync(join(CHECKOUT, path), "utf8");
}

/** Runs a script that may not write files or start processes: Node refuses both, and the script fails. */
function runHarmlessly(script: string, argv: readonly string[]): Promise<EndedProcess> {
  const home = mkdtempSync(join(tmpdir(), "latchkey-script-"));
  onTestFinished(() => rmSync(home, { recursive: true }));
  // Node loads addons into the process, such as those of rolldown and the pseudo-terminal.
  const permissions = ["--permission", "--allow-fs-read=*", "--allow-addons", "--no-warnings"];
  return startProgram([process.execPath, ...permissions, join(CHECKOUT, script), ...argv], {
    HOME: home,
    PATH: process.env["PATH"],
  }).ended;
}

test("every script that package.json names reads its options", () => {
  const manifest = parseJson(read("package.json"));
  const scripts = isRecord(manifest) ? manifest["scripts"] : undefined;
  const named = [...JSON.stringify(scripts).matchAll(/scripts\/[\w/.-]+/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((path) => !ENTRIES.includes(path))).toEqual([]);
});

describe.each(ENTRIES)("%s", (script) => {
  test.each(["--help", "-h"])(
    "prints its help for %s, writes nothing and starts nothing",
    { tags: ["long"] },
    async (flag) => {
      leaveOutOnWindows(DEVELOPERS);
      const { exitCode, stdout, stderr, milliseconds } = await runHarmlessly(script, [flag]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      expect(stdout).toMatch(/^Usage: .+\n[^]*^ {2}-h, --help +print this help\n$/m);
      expect(milliseconds).toBeLessThan(QUICK_MILLISECONDS);
    },
  );

  testOnPosixOnly(DEVELOPERS)(
    "refuses an unknown option with exit code 2 before it does anything",
    async () => {
      const { exitCode, stdout, stderr } = await runHarmlessly(script, ["--no-such-option"]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toMatch(/^Unknown option '--no-such-option'.*\nSee --help\.\n$/);
    },
  );
});

testOnPosixOnly(DEVELOPERS)(
  "ensure.mjs finds a checkout ready after npm ci: it needs no npm, and so no registry",
  async () => {
    const { exitCode, stderr } = await startProgram(
      [process.execPath, join(CHECKOUT, "scripts", "ensure.mjs")],
      { PATH: "/nowhere" },
    ).ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
  },
);
