import { lstatSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { runProgram, type RunResult } from "./child.ts";
import { PROGRAM, type Home } from "./home.ts";

/** Who may read and write what a run of the program makes. */

const OTHERS = 0o077;

/** Files and directories below a path that others may read, write or enter, with their modes; links have none. */
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

/** The permission bits, in octal digits. */
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
