/** @module-tag long */
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished } from "vitest";
import { CHECKOUT } from "../support/checkout.ts";
import { runProgram } from "../support/child.ts";
import { patience } from "../support/patience.ts";
import { testOnPosixOnly } from "../support/windows.ts";

/** Makes a repository of the tracked files in their present state, with the packages of this checkout. */
function copyTracked(): string {
  const place = mkdtempSync(join(tmpdir(), "latchkey-first-hour-"));
  onTestFinished(() => rmSync(place, { recursive: true }));
  for (const name of ["src", "test/token", "test/support", "package.json", "vitest.config.ts"])
    cpSync(join(CHECKOUT, name), join(place, name), { recursive: true });
  symlinkSync(join(CHECKOUT, "node_modules"), join(place, "node_modules"));
  for (const words of ["init -q", "add src test package.json", "commit -qm start"])
    execFileSync("git", [...IDENTITY, ...words.split(" ")], { cwd: place });
  return place;
}

const IDENTITY = ["-c", "user.name=A", "-c", "user.email=a@example.com"];

/** Returns the lines in CONTRIBUTING for a first change of a message, without the check of everything. */
function readLines(): string[] {
  const page = readFileSync(join(CHECKOUT, "CONTRIBUTING.md"), "utf8");
  const block = /^sed -i[^]*?(?=^```)/m.exec(page)?.[0] ?? "";
  return block.split("\n").filter((line) => line !== "" && !line.startsWith("npm run check"));
}

testOnPosixOnly("the lines are for a POSIX shell")(
  "the first change in CONTRIBUTING makes the test fail, then pass, and its lines revert it",
  async () => {
    const place = copyTracked();
    const env = { PATH: process.env["PATH"] ?? "", HOME: place, TMPDIR: tmpdir() };
    const outcomes: unknown[] = [];
    for (const line of readLines()) {
      const { exitCode } = await runProgram(["/bin/sh", "-c", line], env, { cwd: place });
      outcomes.push([exitCode === 0, line.includes("# fails")]);
    }
    const DONE = [true, false];
    const FAILED = [false, true];
    expect(outcomes).toEqual([DONE, FAILED, DONE, DONE, DONE]);
    expect(
      execFileSync("git", ["status", "--short", "src", "test"], { cwd: place, encoding: "utf8" }),
    ).toBe("");
  },
  patience(60_000),
);
