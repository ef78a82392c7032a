import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { toChildEnvironment } from "./child-environment.ts";
import { EXIT, LatchkeyError, systemErrorCode, usageError, type ExitCode } from "../errors.ts";
import { placeChild } from "../fs/descriptor.ts";
import { findProgram } from "../fs/programs.ts";
import { formatBatchLine } from "../text/batch-line.ts";

/**
 * Runs a program as if it replaced this process: with the same streams, signals and exit code.
 * @param env the complete environment of the child process
 * @returns the exit code as a shell reports it: if a signal ended the program, 128 + the signal's number
 * @throws LatchkeyError USAGE with exit code 127 or 126, as in shells and `env`, if the program can't be started
 */
export async function runInForeground(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ExitCode> {
  const [program = ""] = argv;
  let child: ChildProcess | undefined;
  // Registered before the child process exists: it may run, and signal this process, before spawn returns. Signals that
  // arrive in the meantime are handled after this turn of the event loop.
  const stopForwarding = forwardSignals((signal) => child?.kill(signal));
  try {
    child = startInherited(argv, env);
    return await waitForExit(child, program);
  } finally {
    stopForwarding();
  }
}

function startInherited(
  [program = "", ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcess {
  const options = {
    ...placeChild(),
    env: toChildEnvironment(env, "command"),
    stdio: "inherit",
    shell: false,
  } as const;
  const script = findBatchScript(program, env);
  if (script === undefined) return startProgram(program, args, options);
  const line = formatBatchLine(script, args);
  if (line === undefined)
    throw usageError(
      `${program} is a cmd.exe script, and cmd.exe can't pass an argument with a line break.`,
      "Run the program that the script runs.",
    );
  return spawn(env["ComSpec"] ?? "cmd.exe", [line], { ...options, windowsVerbatimArguments: true });
}

/** Some refusals of the system are thrown, others are events of the child. */
function startProgram(program: string, args: readonly string[], options: SpawnOptions) {
  try {
    return spawn(program, args, options);
  } catch (cause) {
    const script = systemErrorCode(cause) === "ENOEXEC" ? findScript(program, options) : undefined;
    if (script === undefined) throw startError(program, cause);
    return spawn("/bin/sh", [script, ...args], options);
  }
}

/** A script without `#!` is run by sh, as shells and Node do (execvp in POSIX). */
function findScript(program: string, { env }: SpawnOptions): string | undefined {
  return process.platform === "win32" ? undefined : findProgram(program, env?.["PATH"]);
}

/** Windows can't start `.cmd` and `.bat` files directly. npm and cdk, for example, are such files there. */
function findBatchScript(
  program: string,
  env: Readonly<Record<string, string>>,
): string | undefined {
  if (process.platform !== "win32") return undefined;
  const path = Object.entries(env).find(([name]) => name.toUpperCase() === "PATH")?.[1];
  const file = findProgram(program, path);
  return file !== undefined && /\.(?:cmd|bat)$/i.test(file) ? file : undefined;
}

function waitForExit(child: ChildProcess, program: string): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    child.once("error", (cause) => reject(startError(program, cause)));
    child.once("exit", (code, signal) =>
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
    );
  });
}

/** The signals that are passed on to the child process. SIGBREAK is Ctrl-Break on Windows. */
const FORWARDED = [
  "SIGTERM",
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGBREAK",
] as const;
/**
 * The terminal sends these signals to every process in its foreground, so the child process gets them already. If they
 * were passed on, they would arrive twice.
 */
const GIVEN_BY_TERMINALS: readonly string[] = ["SIGINT", "SIGQUIT", "SIGBREAK"];

/**
 * Until the child process ends, passes signals on to it instead of ending this process. The new listeners are added
 * before the old ones are removed, so that no signal can end this process in between.
 */
function forwardSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  // On Windows such a signal is always caused by these keys, whatever the streams are. Passing it on would kill the
  // child process.
  const hasTerminal =
    process.platform === "win32" || [0, 1, 2].some((descriptor) => isatty(descriptor));
  const forwarders = FORWARDED.filter((signal) => signal in constants.signals).map((signal) => {
    const isDelivered = hasTerminal && GIVEN_BY_TERMINALS.includes(signal);
    const forward = (): void => (isDelivered ? undefined : pass(signal));
    const earlier = process.listeners(signal);
    process.on(signal, forward);
    for (const listener of earlier) process.off(signal, listener);
    return { signal, forward, earlier };
  });
  return () => {
    for (const { signal, forward, earlier } of forwarders) {
      for (const listener of earlier) process.on(signal, listener);
      process.off(signal, forward);
    }
  };
}

function startError(program: string, cause: unknown): LatchkeyError {
  const code = systemErrorCode(cause);
  if (code === "ENOENT")
    return new LatchkeyError("USAGE", `${program} was not found.`, {
      hint: "Check its name and PATH; a shell's alias or function needs the shell: sh -c '…'",
      exitCode: EXIT.PROGRAM_NOT_FOUND,
      cause,
    });
  const hint =
    code === "E2BIG"
      ? "Pass fewer or shorter arguments, for example in a file."
      : "Check that it is a program that you may run.";
  return new LatchkeyError(
    "USAGE",
    `${program} could not be started (${code ?? "unknown error"}).`,
    { hint, exitCode: EXIT.NOT_STARTED, cause },
  );
}
