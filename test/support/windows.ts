import { statSync } from "node:fs";
import { expect, test, TestRunner } from "vitest";

/** What a test can't ask of Windows: the run names each test that is left out there, and why. */

export const isOnWindows = process.platform === "win32";

/** Ends the running test on Windows, before it has begun what is not there; elsewhere it goes on. */
export function leaveOutOnWindows(reason: string): void {
  if (isOnWindows) TestRunner.getCurrentTest()?.context.skip(`[left out: ${reason}]`);
}

/** A test that Windows leaves out, and why. */
export function testOnPosixOnly(
  reason: string,
): (name: string, body: () => void | Promise<void>, timeoutMilliseconds?: number) => void {
  return (name, body, timeoutMilliseconds) => {
    if (isOnWindows) test.skip(nameOnPosixOnly(reason, name));
    else
      test(
        name,
        { ...(timeoutMilliseconds === undefined ? {} : { timeout: timeoutMilliseconds }) },
        body,
      );
  };
}

/** The name of a test that Windows leaves out, for `test.skipIf(isOnWindows)` with rows. */
export function nameOnPosixOnly(reason: string, name: string): string {
  return isOnWindows ? `${name} [left out: ${reason}]` : name;
}

export const NO_SHELL = "Windows has no POSIX shell";
export const NO_FIFO = "Windows has no FIFO in a folder";
export const NO_LINKS = "making a link is a privilege on Windows";
export const NO_MODES = "files of Windows have no modes";

/** The permissions of a file or folder, which Windows has not. */
export function expectMode(path: string, mode: number): void {
  if (!isOnWindows) expect((statSync(path).mode & 0o777).toString(8)).toBe(mode.toString(8));
}

/** The variables that a Windows program needs from its surroundings, whatever home it gets. */
export function listSystemVariables(): Readonly<Record<string, string>> {
  if (!isOnWindows) return {};
  const names = [
    "SystemRoot",
    "SystemDrive",
    "ComSpec",
    "PATHEXT",
    "windir",
    "USERNAME",
    "TEMP",
    "TMP",
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Where a Windows program looks for what belongs to a person, with that folder as the home. */
export function listHomeVariables(home: string): Readonly<Record<string, string>> {
  if (!isOnWindows) return {};
  return {
    USERPROFILE: home,
    APPDATA: `${home}\\AppData\\Roaming`,
    LOCALAPPDATA: `${home}\\AppData\\Local`,
  };
}
