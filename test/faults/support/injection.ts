import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  PROGRAM,
  runProgram,
  type Home,
  type RunOptions,
  type RunResult,
} from "../../support/home.ts";
import { FAKETIME, requireParts } from "../../support/interop-parts.ts";
import { OKTA_ROLE } from "../../support/session-config.ts";

/** Injects faults from outside of the program: failing system calls, limits, mounts, another user. */

export const ROLE = ["credential-process", ...OKTA_ROLE];

function requireTool(path: string): string {
  requireParts(path);
  return path;
}

interface StraceResult extends RunResult {
  /** The lines of strace's log in which a fault was injected. */
  readonly injected: readonly string[];
}

/** Runs the program with faults in its system calls, in the syntax of strace's `inject=`. */
export async function runStraced(
  home: Home,
  injections: readonly string[],
  argv: readonly string[],
  options: RunOptions = {},
): Promise<StraceResult> {
  const log = join(home.path, "strace.log");
  const calls = injections.map((injection) => injection.split(":")[0]).join(",");
  const flags = injections.flatMap((injection) => ["-e", `inject=${injection}`]);
  const result = await runProgram(
    [
      requireTool("/usr/bin/strace"),
      "-f",
      "-qq",
      "-o",
      log,
      "-e",
      `trace=${calls}`,
      ...flags,
      ...PROGRAM,
      ...argv,
    ],
    home.env,
    options,
  );
  return {
    ...result,
    injected: readFileSync(log, "utf8")
      .split("\n")
      .filter((line) => line.includes("INJECTED") || line.includes("SIGKILL")),
  };
}

/** Returns variables that give a child another clock, which is read from a file. Monotonic clocks are not changed. */
export function createMovableClock(file: string): Record<string, string> {
  return {
    LD_PRELOAD: requireTool(FAKETIME),
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
  };
}

/** Runs a shell script in its own mount namespace; `"$@"` in it is the program with its arguments. */
export function runInNamespace(
  home: Home,
  script: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return runProgram(
    [requireTool("/usr/bin/unshare"), "-m", "bash", "-c", script, "sh", ...PROGRAM, ...argv],
    home.env,
    options,
  );
}

/** Runs such a script without a namespace, for limits. */
export function runInShell(
  home: Home,
  script: string,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  return runProgram(["bash", "-c", script, "sh", ...PROGRAM, ...argv], home.env, options);
}

/** Words before a command that run it as a user other than root, so that file permissions apply. */
export const AS_NOBODY = [
  "/usr/bin/setpriv",
  "--reuid",
  "65534",
  "--regid",
  "65534",
  "--clear-groups",
];

export function runAsNobody(
  home: Home,
  argv: readonly string[],
  options: RunOptions = {},
): Promise<RunResult> {
  requireParts("/usr/bin/setpriv");
  return runProgram([...AS_NOBODY, ...PROGRAM, ...argv], home.env, options);
}
