import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { locateExecutable } from "../../../scripts/build/standalone/targets.ts";
import { PACKAGES_FOLDER } from "../../../scripts/package/artefacts.ts";
import { findProgram } from "../../../src/fs/programs.ts";
import { CHECKOUT } from "../../support/checkout.ts";

/** @throws Error where the release's file was not made */
export function locateRelease(file: string): string {
  const path = join(CHECKOUT, PACKAGES_FOLDER, file);
  if (!existsSync(path)) throw new Error(`${file} is not there: npm run package -- --quick`);
  return path;
}

/** A test that runs a program of this machine; without it the test is left out, and says so. */
export function testWith(program: string): (name: string, body: () => Promise<void>) => void {
  if (findProgram(program, process.env["PATH"]) !== undefined) return test;
  return (name) => test.skip(`${name} [left out: no ${program}: npm run setup:packages]`);
}

/** SHA-256 of a target's program, in hexadecimal. */
export function hashProgram(target: string): string {
  const program = readFileSync(join(CHECKOUT, locateExecutable(target)));
  return createHash("sha256").update(program).digest("hex");
}
