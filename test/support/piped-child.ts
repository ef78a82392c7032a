import { spawn } from "node:child_process";
import { PROGRAM, type Home } from "./home.ts";

/** Starts the program as a child with pipes, so that tests can write to its stdin and send signals. */
export function startWithPipes(
  home: Home,
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
) {
  const child = spawn(PROGRAM[0], [...PROGRAM.slice(1), ...argv], {
    env: { ...home.env, ...env },
    stdio: "pipe",
  });
  let stdout = "";
  let stderr = "";
  const watchers = new Set<() => void>();
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    for (const check of watchers) check();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) =>
    child.once("close", (code) => resolve(code)),
  );
  const see = (words: string) =>
    new Promise<void>((resolve) => {
      const check = (): void => void (stdout.includes(words) && resolve());
      watchers.add(check);
      check();
    });
  return { child, ended, see, stdout: () => stdout, stderr: () => stderr };
}
