import { exec, execFile, spawn } from "node:child_process";
import { promisify } from "node:util";
import type { Environment } from "../context.ts";
import { LatchkeyError } from "../errors.ts";

export interface ChildResult {
  readonly exitCode: number;
  readonly stdout: string;
}

/**
 * Runs a program to its end without a shell: stdin empty, stdout collected, stderr passed on as it comes.
 * @param env the child's whole environment.
 */
export async function runChild(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ChildResult> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "inherit"], shell: false });
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", (cause) =>
      reject(new LatchkeyError("STORAGE_FAILED", `${program} could not be started.`, { cause })),
    );
    child.once("close", (code, signal) => resolve(code ?? (signal === "SIGINT" ? 130 : 143)));
  });
  return { exitCode, stdout: Buffer.concat(chunks).toString("utf8") };
}

/** What a program prints, on whichever stream; undefined where it can't be started, fails, or takes too long. */
export function readOutput(
  program: string,
  args: readonly string[],
  env: Environment,
  timeoutMilliseconds: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = execFile(
      program,
      [...args],
      { env, timeout: timeoutMilliseconds, killSignal: "SIGKILL", maxBuffer: 64 * 1024 },
      (error, stdout, stderr) => resolve(error === null ? `${stdout}\n${stderr}` : undefined),
    );
    child.stdin?.end();
  });
}

/** What a command line prints on stdout, run by the system's shell. @param env the child's whole environment. */
export async function runShell(command: string, env: Environment): Promise<string> {
  const { stdout } = await promisify(exec)(command, { env });
  return stdout;
}

/**
 * Whether the person who is attached to this tmux session came over SSH: tmux renews SSH_CONNECTION in the session's
 * own environment with each attachment, never in a pane's. undefined outside of tmux, or where it does not say.
 */
export async function isTmuxOverSsh(env: Environment): Promise<boolean | undefined> {
  if ((env["TMUX"] ?? "") === "") return undefined;
  const output = await readOutput("tmux", ["show-environment", "SSH_CONNECTION"], env, 1_000);
  // A minus sign: it was taken away at the last attachment. A failure: tmux never had it, or is not there.
  if (output?.startsWith("-SSH_CONNECTION") === true) return false;
  return output !== undefined && /^SSH_CONNECTION=./.test(output) ? true : undefined;
}
