import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { expect } from "vitest";
import { runProgram, type RunResult } from "./child.ts";
import { createHome, PROGRAM, SESSION_CONFIG, type Home } from "./home.ts";
import { OKTA_ROLE } from "./session-config.ts";
import { leaveOutOnWindows, NO_MODES } from "./windows.ts";

/** Homes in which secrets are written, and helpers to check their permissions. */

export const LOGIN = ["login", "--no-browser"];
export const PROCESS = ["credential-process", ...OKTA_ROLE];
export const SETTING = ["settings", "default-region", "eu-west-1"];
export const CONFIGURE = ["configure", "--profile", "new", ...OKTA_ROLE, "--yes"];
export const EXPORT = ["export", "okta", "--write", "--yes"];

export async function expectSuccess(home: Home, argv: readonly string[]): Promise<void> {
  const result = await home.run(argv);
  expect(result, `${argv.join(" ")}: ${result.stderr}`).toMatchObject({ exitCode: 0 });
}

/** Makes a home with only a config. Its emulator approves every sign-in. */
export async function createConfiguredHome(): Promise<Home> {
  leaveOutOnWindows(NO_MODES);
  const home = await createHome({ autoApprove: { afterPolls: 0 } });
  home.write(".aws/config", SESSION_CONFIG);
  return home;
}

const OTHERS = 0o077;

/** Returns files and directories below a path that other users may read, write or enter, with modes. Links have no modes. */
export function listOpen(path: string): string[] {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isSymbolicLink())
    .map((entry) => join(entry.parentPath, entry.name))
    .flatMap((file) => {
      const { mode } = lstatSync(file);
      const bits = (mode & 0o777).toString(8).padStart(4, "0");
      return (mode & OTHERS) === 0 ? [] : [`${bits} ${relative(path, file)}`];
    })
    .toSorted();
}

/** Returns the permission bits in octal digits. */
export function readMode(path: string): string {
  return (lstatSync(path).mode & 0o777).toString(8);
}

/** Runs the program under a umask, as a shell would. */
export function runUnderUmask(
  home: Home,
  umask: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const words = ["/bin/sh", "-c", 'umask "$0"; exec "$@"', umask, ...PROGRAM, ...argv];
  return runProgram(words, { ...home.env, ...env }, { cwd: home.path });
}
