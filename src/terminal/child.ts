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
 * Runs a program to its end without a shell: stdin empty, stdout collected, stderr passed on as it comes.
 * @param env the child's whole environment.
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

/** What a program prints, on whichever stream; undefined where it can't be started, fails, or takes too long. */
export function readOutput(
  program: string,
  args: readonly string[],
  env: Environment,
  timeoutMilliseconds: number,
): Promise<string | undefined> {
  // Windows starts no script but by cmd.exe, and the AWS CLI of pip is one. No argument here needs a quote.
  const isScript = process.platform === "win32" && /\.(cmd|bat)$/i.test(program);
  return new Promise((resolve) => {
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
  });
}

interface LineResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Characters of each stream that are kept. */
const MOST_OUTPUT = 64 * 1024;

/**
 * Runs a command line by the system's shell with nothing to read. What takes too long is ended with all that it started.
 * @param env the child's whole environment.
 * @returns undefined where it takes too long.
 * @throws the interruption's reason.
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
 * What a command line prints on stdout, run by the system's shell, which may use the terminal.
 * @param env the child's whole environment.
 * @returns undefined where it takes too long, and is ended.
 * @throws the interruption's reason; Node's error where it fails.
 */
export async function runShell(
  command: string,
  { env, interruption }: Pick<Context, "env" | "interruption">,
  timeoutMilliseconds: number,
): Promise<string | undefined> {
  const timeout = AbortSignal.timeout(timeoutMilliseconds);
  const signal = AbortSignal.any([timeout, interruption]);
  const options = { ...placeChild(), env: toChildEnvironment(env, "command"), signal };
  const running = promisify(exec)(command, options).then(({ stdout }) => stdout);
  // What it has started may hold its streams open after its end.
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

/** A path of Windows with the short name (8.3) of each part, by cmd.exe, which has no program for it but this; "" where it can't say. */
export function readShortPath(path: string, env: Environment): string {
  const line = `for %I in ("${path}") do @echo %~sI`;
  const { stdout } = spawnSync(env["ComSpec"] ?? "cmd.exe", ["/d", "/u", "/c", line], {
    env: toChildEnvironment(env, "desktop"),
    encoding: "utf16le",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: 3_000,
    windowsHide: true,
    windowsVerbatimArguments: true,
  });
  return (stdout ?? "").trim();
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
