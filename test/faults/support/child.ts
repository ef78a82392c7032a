import type { StdioOptions } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startProgram, type EndedProcess, type RunningProcess } from "../../support/child.ts";
import { PROGRAM, type Home } from "../../support/home.ts";
import { patience } from "../../support/patience.ts";

export type { EndedProcess, RunningProcess } from "../../support/child.ts";

/** Runs the built program as a child that a test can watch, wrap and signal. */

export interface StartOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Program and arguments to put before the program: `strace …`, `setpriv …`. */
  readonly wrapper?: readonly string[];
  readonly cwd?: string;
  readonly stdio?: StdioOptions;
}

export function start(
  home: Home,
  argv: readonly string[],
  options: StartOptions = {},
): RunningProcess {
  return startCommand(home, [...(options.wrapper ?? []), ...PROGRAM, ...argv], options);
}

/** Starts any command in the home's environment. */
export function startCommand(
  home: Home,
  command: readonly string[],
  options: StartOptions = {},
): RunningProcess {
  const { env, cwd, stdio } = options;
  return startProgram(
    command,
    { ...home.env, ...env },
    { ...(cwd === undefined ? {} : { cwd }), ...(stdio === undefined ? {} : { stdio }) },
  );
}

export function runWith(
  home: Home,
  argv: readonly string[],
  options: StartOptions = {},
): Promise<EndedProcess> {
  return start(home, argv, options).ended;
}

/** Waits until `condition` returns a value; fails the test if it does not in time. */
export async function waitUntil<T>(
  what: string,
  condition: () => T | undefined | false,
  milliseconds = 20_000,
): Promise<T> {
  const end = Date.now() + patience(milliseconds);
  for (;;) {
    const value = condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`${what} did not come about`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

interface Tracing {
  readonly wrapper: readonly string[];
  /** The lines of injected calls in strace's log. If there are none, the fault had no effect. */
  readInjected(): string[];
  /** All lines of strace's log. */
  readLines(): string[];
}

/**
 * Prepares strace to inject faults into system calls of an unchanged program: `inject` has strace's syntax
 * (`rename:error=EIO`), and `path` restricts it to calls on that path.
 */
export function startTracing(home: Home, inject: readonly string[], path?: string): Tracing {
  mkdirSync(join(home.path, "trace"), { recursive: true });
  const log = join(home.path, "trace", `${Math.random().toString(36).slice(2)}.log`);
  const calls = [...new Set(inject.map((rule) => rule.split(":")[0] ?? ""))].join(",");
  const only = path === undefined ? [] : ["-P", path];
  const readLines = (): string[] => (existsSync(log) ? readFileSync(log, "utf8").split("\n") : []);
  return {
    readLines,
    wrapper: [
      "strace",
      "-f",
      "-qq",
      "-s",
      "64",
      "-o",
      log,
      "-e",
      `trace=${calls}`,
      ...only,
      ...inject.flatMap((rule) => ["-e", `inject=${rule}`]),
    ],
    readInjected: () => readLines().filter((line) => /INJECTED|DELAYED|--- SIG/.test(line)),
  };
}

/** Finds the temporary file of a token that is being refreshed. It exists from before the request until the rename. */
export function findTokenBeingRenewed(home: Home): string | undefined {
  return home.list(".aws/sso/cache").find((name) => name.endsWith(".tmp"));
}

/** Lists temporary files, which must not be left after a run. */
export function listTemporaryFiles(home: Home): string[] {
  return [".aws", ".aws/sso/cache", ".aws/latchkey"]
    .flatMap((folder) => home.list(folder))
    .filter((name) => name.endsWith(".tmp"));
}

export const CONFIGURE = [
  "configure",
  "--profile",
  "okta",
  "--sso-session",
  "corp",
  "--start-url",
  "https://emu.awsapps.com/start",
  "--sso-region",
  "us-east-1",
  "--account-id",
  "100000000001",
  "--role-name",
  "ViewOnlyAccess",
  "--region",
  "eu-west-1",
  "--output",
  "json",
  "--yes",
];

export function configureProfile(profile: string): string[] {
  return CONFIGURE.map((word) => (word === "okta" ? profile : word));
}
