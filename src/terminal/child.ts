import { exec, execFile, spawn, spawnSync } from "node:child_process";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import type { Context, Environment } from "../context.ts";
import { toChildEnvironment } from "./child-environment.ts";
import { placeChild } from "../fs/descriptor.ts";
import { ignoreErrors } from "../fs/read.ts";
import { LatchkeyError } from "../errors.ts";

export interface ChildResult {
  readonly exitCode: number;
  readonly stdout: string;
}

/**
 * Runs a program without a shell until it ends. stdin is empty, stdout is returned, and stderr is that of latchkey.
 * @param env the complete environment of the child process
 */
export async function runChild(
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<ChildResult> {
  const [program = "", ...args] = argv;
  const child = spawn(program, args, {
    ...placeChild(),
    env: toChildEnvironment(env, "command"),
    stdio: ["ignore", "pipe", "inherit"],
    shell: false,
  });
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

/** Returns what a program prints on stdout and stderr; undefined if it can't be started, fails, or takes too long. */
export function readOutput(
  program: string,
  args: readonly string[],
  env: Environment,
  timeoutMilliseconds: number,
): Promise<string | undefined> {
  // Windows starts scripts only through cmd.exe, and pip installs the AWS CLI as a script. No caller passes an argument
  // that needs quotes.
  const isScript = process.platform === "win32" && /\.(cmd|bat)$/i.test(program);
  return new Promise<string | undefined>((resolve) => {
    const child = execFile(
      isScript ? [`"${program}"`, ...args].join(" ") : program,
      isScript ? [] : [...args],
      {
        env: toChildEnvironment(env, "desktop"),
        timeout: timeoutMilliseconds,
        killSignal: "SIGKILL",
        maxBuffer: 64 * 1024,
        shell: isScript,
      },
      (error, stdout, stderr) => resolve(error === null ? `${stdout}\n${stderr}` : undefined),
    );
    child.stdin?.end();
    // Some failures to start are thrown, such as that of a program for another processor.
  }).catch(() => undefined);
}

interface LineResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The maximum number of characters that are stored of each stream. */
const MOST_OUTPUT = 64 * 1024;

/**
 * Runs a command line in the system's shell, with empty stdin. On timeout, kills the shell and all of its child
 * processes.
 * @param env the complete environment of the child process
 * @returns undefined on timeout
 * @throws the interruption's reason
 */
export function runLine(
  command: string,
  { env, interruption }: Pick<Context, "env" | "interruption">,
  timeoutMilliseconds: number,
): Promise<LineResult | undefined> {
  const isGroup = process.platform !== "win32";
  const child = spawn(command, {
    ...placeChild(),
    env: toChildEnvironment(env, "command"),
    shell: true,
    detached: isGroup,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = (): void => {
    if (child.pid === undefined || child.exitCode !== null) return;
    ignoreErrors(() => process.kill(isGroup ? -Number(child.pid) : Number(child.pid), "SIGKILL"));
  };
  const [stdout, stderr] = [collect(child.stdout), collect(child.stderr)];
  return new Promise<LineResult | undefined>((resolve, reject) => {
    const timer = setTimeout(() => resolve(undefined), timeoutMilliseconds);
    interruption.addEventListener("abort", () => reject(interruption.reason as Error), {
      once: true,
    });
    const finish = (exitCode: number): void => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: stdout(), stderr: stderr() });
    };
    child.once("error", () => finish(127));
    child.once("close", (code) => finish(code ?? 1));
  }).finally(end);
}

function collect(stream: Readable): () => string {
  let text = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    if (text.length < MOST_OUTPUT) text += chunk;
  });
  return () => text;
}

/**
 * Runs a command line in the system's shell and returns its stdout. stdin is empty; the command may use the terminal.
 * @param env the complete environment of the child process
 * @returns undefined on timeout, after ending the command
 * @throws the interruption's reason; Node's error if the command fails
 */
export async function runShell(
  command: string,
  { env, interruption }: Pick<Context, "env" | "interruption">,
  timeoutMilliseconds: number,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  const signal = AbortSignal.any([timeout, interruption]);
  const options = { ...placeChild(), env: toChildEnvironment(env, "command"), signal };
  const started = promisify(exec)(command, options);
  // A command that reads stdin would otherwise wait until the timeout.
  started.child.stdin?.end();
  const running = started.then(({ stdout }) => stdout);
  // Programs that the command started may hold its streams open after the command ends.
  const isOver = new Promise<undefined>((resolve) =>
    signal.addEventListener("abort", () => resolve(undefined)),
  );
  try {
    return await Promise.race([running, isOver]);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
    return undefined;
  } finally {
    interruption.throwIfAborted();
  }
}

/**
 * On a busy machine cmd.exe starts slowly. Without the short path, latchkey would write a line that some clients can't
 * read into the profile.
 */
const SHORT_PATH_MILLISECONDS = 15_000;

/**
 * Returns a Windows path in which each part is replaced by its short name (8.3); "" if cmd.exe does not print one.
 * Windows has no other program that prints short names.
 */
export function readShortPath(path: string, env: Environment): string {
  const line = `for %I in ("${path}") do @echo %~sI`;
  const { stdout } = spawnSync(env["ComSpec"] ?? "cmd.exe", ["/d", "/u", "/c", line], {
    env: toChildEnvironment(env, "desktop"),
    encoding: "utf16le",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: SHORT_PATH_MILLISECONDS,
    windowsHide: true,
    windowsVerbatimArguments: true,
  });
  return (stdout ?? "").trim();
}

/**
 * Returns whether the user attached to this tmux session came over SSH; undefined outside tmux, or if it is unknown.
 * tmux updates SSH_CONNECTION in the session's environment at each attachment, never in the environment of a pane.
 */
export async function isTmuxOverSsh(env: Environment): Promise<boolean | undefined> {
  if ((env["TMUX"] ?? "") === "") return undefined;
  const output = await readOutput("tmux", ["show-environment", "SSH_CONNECTION"], env, 1_000);
  // A minus sign means that tmux removed the variable at the last attachment. If the program fails, the variable was
  // never set, or tmux is missing.
  if (output?.startsWith("-SSH_CONNECTION") === true) return false;
  return output !== undefined && /^SSH_CONNECTION=./.test(output) ? true : undefined;
}
