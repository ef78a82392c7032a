import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { toChildEnvironment } from "./child-environment.ts";
import { EXIT, LatchkeyError, systemErrorCode, usageError, type ExitCode } from "../errors.ts";
import { placeChild } from "../fs/descriptor.ts";
import { findProgram } from "../fs/programs.ts";
import { formatBatchLine } from "../text/batch-line.ts";

/**
 * Runs a program in this process's place, as near as a parent can: its streams, its exit code, its signals.
 * @param env the child's whole environment.
 * @returns what a shell would say: the exit code, or 128 + the number of the signal that ended it.
 * @throws LatchkeyError USAGE with exit code 127 or 126, as shells and `env` have it, where it can't be started.
 */
export async function runInForeground(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ExitCode> {
  const [program = ""] = argv;
  let child: ChildProcess | undefined;
  // Before the child is there: it may run, and be signalled through us, before spawn has returned. What comes meanwhile is
  // heard when this turn of the event loop is over.
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
  if (script === undefined) return spawn(program, args, options);
  const line = formatBatchLine(script, args);
  if (line === undefined)
    throw usageError(
      `${program} is a script of cmd.exe, which takes no word with a line break.`,
      "Run the program that the script runs.",
    );
  return spawn(env["ComSpec"] ?? "cmd.exe", [line], { ...options, windowsVerbatimArguments: true });
}

/** Windows starts no `.cmd` and no `.bat` itself: npm, cdk and their like are such there. */
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

/** SIGBREAK is Ctrl-Break of Windows. */
const FORWARDED = [
  "SIGTERM",
  "SIGHUP",
  "SIGINT",
  "SIGQUIT",
  "SIGUSR1",
  "SIGUSR2",
  "SIGBREAK",
] as const;
/** A terminal gives these to every process in its foreground, the child included: passed on, they would come twice. */
const GIVEN_BY_TERMINALS: readonly string[] = ["SIGINT", "SIGQUIT", "SIGBREAK"];

/**
 * From now on signals are the child's, and this process lives until the child has ended: ours are heard first and the
 * others' listeners taken away then, so that no moment is left in which a signal would end this process.
 */
function forwardSignals(pass: (signal: NodeJS.Signals) => void): () => void {
  // On Windows these keys alone make such a signal, whatever the streams are; and to pass one on would kill the child.
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

function startError(program: string, cause: Error): LatchkeyError {
  const code = systemErrorCode(cause);
  if (code === "ENOENT")
    return new LatchkeyError("USAGE", `${program} was not found.`, {
      hint: "Check its name and PATH; a shell's alias or function needs the shell: sh -c '…'",
      exitCode: EXIT.PROGRAM_NOT_FOUND,
      cause,
    });
  return new LatchkeyError(
    "USAGE",
    `${program} could not be started (${code ?? "unknown error"}).`,
    { hint: "Check that it is a program that you may run.", exitCode: EXIT.NOT_STARTED, cause },
  );
}
