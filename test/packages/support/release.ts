import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "vitest";
import { locateExecutable } from "../../../scripts/build/standalone/targets.ts";
import { PACKAGES_FOLDER } from "../../../scripts/package/artefacts.ts";
import { findProgram } from "../../../src/fs/programs.ts";
import { CHECKOUT } from "../../support/checkout.ts";

/** Returns the path of a release file. @throws Error if the file was not made */
export function locateRelease(file: string): string {
  const path = join(CHECKOUT, PACKAGES_FOLDER, file);
  if (!existsSync(path)) throw new Error(`${file} is missing: npm run package -- --quick`);
  return path;
}

/** A test that runs a program of this machine. Without the program it is left out with the reason. */
export function testWith(program: string): (name: string, body: () => Promise<void>) => void {
  if (findProgram(program, process.env["PATH"]) !== undefined) return test;
  return (name) => test.skip(`${name} [left out: no ${program}: npm run setup:packages]`);
}

/** Returns the SHA-256 of a target's program in hexadecimal. */
export function hashProgram(target: string): string {
  const program = readFileSync(join(CHECKOUT, locateExecutable(target)));
  return createHash("sha256").update(program).digest("hex");
}
