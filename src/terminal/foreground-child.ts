import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";
import { toChildEnvironment } from "./child-environment.ts";
import { EXIT, LatchkeyError, systemErrorCode, usageError, type ExitCode } from "../errors.ts";
import { placeChild } from "../fs/descriptor.ts";
import { findProgram, isTextFile } from "../fs/programs.ts";
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
    return await waitForExit(child);
  } catch (thrown) {
    const isOurs = thrown instanceof LatchkeyError || systemErrorCode(thrown) === undefined;
    throw isOurs ? thrown : startError(program, env, thrown);
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
  if (script === undefined) return spawnAsShellsDo([program, ...args], options);
  const line = formatBatchLine(script, args);
  if (line === undefined)
    throw usageError(
      /%/.test(script)
        ? `${program} is a cmd.exe script, and cmd.exe would expand the % in its path.`
        : `${program} is a cmd.exe script, and cmd.exe can't pass an argument with a line break.`,
      "Run the program that the script runs.",
    );
  return spawn(readVariable(env, "ComSpec") ?? "cmd.exe", [line], {
    ...options,
    windowsVerbatimArguments: true,
  });
}

/**
 * Starts a program. A script without a first line that names its interpreter runs in sh, as in every shell; glibc does
 * this itself, musl and Bun do not.
 * @throws the system's error, in Node and Bun for all codes but the few that the child reports as its "error" event
 */
function spawnAsShellsDo(
  [program = "", ...args]: readonly string[],
  options: SpawnOptions & { readonly env: Readonly<Record<string, string>> },
): ChildProcess {
  try {
    return spawn(program, args, options);
  } catch (thrown) {
    const file = findFile(program, options.env);
    const isScript = systemErrorCode(thrown) === "ENOEXEC" && process.platform !== "win32";
    if (!isScript || file === undefined || !isTextFile(file)) throw thrown;
    return spawn("/bin/sh", [file, ...args], options);
  }
}

/**
 * Returns the script that `program` refers to. Windows can't start `.cmd` and `.bat` files directly; npm and cdk are
 * such files.
 */
function findBatchScript(
  program: string,
  env: Readonly<Record<string, string>>,
): string | undefined {
  if (process.platform !== "win32") return undefined;
  const file = findFile(program, env);
  return file !== undefined && /\.(?:cmd|bat)$/i.test(file) ? file : undefined;
}

function findFile(program: string, env: Readonly<Record<string, string>>): string | undefined {
  return findProgram(program, readVariable(env, "PATH"));
}

/** Windows ignores the case of a variable's name, and MSYS2 writes COMSPEC. */
function readVariable(env: Readonly<Record<string, string>>, wanted: string): string | undefined {
  const isWanted = (name: string): boolean => name.toUpperCase() === wanted.toUpperCase();
  return env[wanted] ?? Object.entries(env).find(([name]) => isWanted(name))?.[1];
}

function waitForExit(child: ChildProcess): Promise<ExitCode> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
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

function startError(
  program: string,
  env: Readonly<Record<string, string>>,
  cause: unknown,
): LatchkeyError {
  const code = systemErrorCode(cause) ?? "";
  // Node and Bun refuse a name that ends in .cmd or .bat before they look for it.
  const isBatchName = code === "EINVAL" && /\.(?:cmd|bat)$/i.test(program);
  const isMissing = (code === "ENOENT" || isBatchName) && findFile(program, env) === undefined;
  if (isMissing)
    return new LatchkeyError("USAGE", `${program} was not found.`, {
      hint: "Check its name and PATH; a shell's alias or function needs the shell: sh -c '…'",
      exitCode: EXIT.PROGRAM_NOT_FOUND,
      cause,
    });
  return new LatchkeyError("USAGE", `${program} could not be started (${code}).`, {
    hint: START_HINTS[code] ?? "Check that it is a program that you may run.",
    exitCode: EXIT.NOT_STARTED,
    cause,
  });
}

const START_HINTS: Readonly<Record<string, string>> = {
  ENOENT:
    "Its interpreter does not exist: check the first line (#!) and its end (CRLF), or whether it is built for another system.",
  ENOEXEC: "It is built for another system or processor.",
  E2BIG: "Its arguments and variables are too long for this system: pass them in a file.",
  EAGAIN: "Too many processes are running: end some, or raise the limit (ulimit -u).",
  EMFILE: "Too many files are open: raise the limit (ulimit -n).",
};
