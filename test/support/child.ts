import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";

/** Runs child processes and collects their output, for tests and benchmarks. */

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EndedProcess {
  readonly stdout: string;
  readonly stderr: string;
  /** null if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly milliseconds: number;
}

export interface RunningProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  readonly ended: Promise<EndedProcess>;
  readStderr(): string;
  kill(signal: NodeJS.Signals): void;
}

export interface StartOptions {
  readonly cwd?: string;
  readonly stdio?: StdioOptions;
  /** Called with all of stderr so far, whenever some arrives. */
  readonly onStderr?: (text: string) => void;
}

/** Starts a program with only `env`: NODE_ENV from vitest, or any AWS_… variable set here, would change its behaviour. */
export function startProgram(
  [program = "", ...argv]: readonly string[],
  env: Environment,
  options: StartOptions = {},
): RunningProcess {
  const started = performance.now();
  const child = spawn(program, argv, {
    env: Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined)),
    stdio: options.stdio ?? ["ignore", "pipe", "pipe"],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    options.onStderr?.(stderr);
  });
  const ended = new Promise<EndedProcess>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) =>
      resolve({ stdout, stderr, exitCode, signal, milliseconds: performance.now() - started }),
    );
  });
  return {
    pid: child.pid ?? 0,
    child,
    ended,
    readStderr: () => stderr,
    kill: (signal) => void child.kill(signal),
  };
}

export interface RunResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

export interface RunOptions {
  readonly env?: Environment;
  /** Called with all of stderr so far, whenever some arrives. */
  readonly onStderr?: (text: string) => void;
  /** A file descriptor for stdout; the default is a pipe. */
  readonly stdout?: number;
  /** The whole of stdin; the default is empty. */
  readonly input?: string;
  readonly cwd?: string;
}

/** Runs a program to its end. If a signal ended it, the exit code is the one that a shell would report. */
export async function runProgram(
  argv: readonly string[],
  baseEnv: Readonly<Record<string, string>>,
  { env, input, stdout, ...options }: RunOptions = {},
): Promise<RunResult> {
  const running = startProgram(
    argv,
    { ...baseEnv, ...env },
    { ...options, stdio: [input === undefined ? "ignore" : "pipe", stdout ?? "pipe", "pipe"] },
  );
  running.child.stdin?.end(input);
  const ended = await running.ended;
  return {
    stdout: ended.stdout,
    stderr: ended.stderr,
    exitCode: ended.exitCode ?? (ended.signal === "SIGPIPE" ? 141 : 255),
  };
}
