import { statSync } from "node:fs";
import { expect, test, TestRunner } from "vitest";

/** Leaves out tests that are not possible on Windows. The run's summary lists them with the reason. */

export const isOnWindows = process.platform === "win32";

/** Skips the running test on Windows. On other systems it does nothing. */
export function leaveOutOnWindows(reason: string): void {
  if (isOnWindows) TestRunner.getCurrentTest()?.context.skip(`[left out: ${reason}]`);
}

/** A test that is left out on Windows for a reason. */
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

/** Returns the name of a test that is left out on Windows, for `test.skipIf(isOnWindows)` with rows. */
export function nameOnPosixOnly(reason: string, name: string): string {
  return isOnWindows ? `${name} [left out: ${reason}]` : name;
}

export const NO_SHELL = "Windows has no POSIX shell";
export const NO_FIFO = "Windows has no FIFO in a folder";
export const NO_LINKS = "making a link is a privilege on Windows";
export const NO_MODES = "files of Windows have no modes";

/** Expects the permissions of a file or folder; does nothing on Windows, which has no modes. */
export function expectMode(path: string, mode: number): void {
  if (!isOnWindows) expect((statSync(path).mode & 0o777).toString(8)).toBe(mode.toString(8));
}

/** Returns the system variables that every Windows program needs, independent of its home. */
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

/** Returns the variables that make this folder the home of a Windows program. */
export function listHomeVariables(home: string): Readonly<Record<string, string>> {
  if (!isOnWindows) return {};
  return {
    USERPROFILE: home,
    APPDATA: `${home}\\AppData\\Roaming`,
    LOCALAPPDATA: `${home}\\AppData\\Local`,
  };
}
