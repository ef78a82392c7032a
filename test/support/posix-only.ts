import { statSync } from "node:fs";
import { expect, test } from "vitest";

/** What Windows has not, for tests that run there too. */

export const isWindows = process.platform === "win32";

/** A test that Windows leaves out, and why: its name says so there (left-out.ts), and the run's summary names it. */
export function testOnPosixOnly(
  reason: string,
): (name: string, body: () => Promise<void> | void) => void {
  return (name, body) => test.skipIf(isWindows)(nameOnPosixOnly(reason, name), body);
}

/** The name of such a test, for `test.skipIf(isWindows)` with rows. */
export function nameOnPosixOnly(reason: string, name: string): string {
  return isWindows ? `${name} [left out: ${reason}]` : name;
}

export const NO_SHELL = "Windows has no POSIX shell";
export const NO_MODES = "files of Windows have no modes";

/** Expects this mode of a file or a directory, where files have modes. */
export function expectMode(path: string, mode: number): void {
  const { mode: found } = statSync(path);
  if (!isWindows) expect(found & 0o777).toBe(mode);
}
