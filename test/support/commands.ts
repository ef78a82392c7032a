import { isOnWindows } from "./windows.ts";

/** Commands for `exec` and the like, which run on every system: Node with a script in its words. */

/** @param words what the script finds in `words`. */
export function runScript(script: string, ...words: readonly string[]): readonly string[] {
  return [process.execPath, "-e", `const words = process.argv.slice(1); ${script}`, "--", ...words];
}

/** Prints the values of variables in one line. */
export function printVariables(...names: readonly string[]): readonly string[] {
  return runScript(
    'console.log(words.map((name) => process.env[name] ?? "").join(" "));',
    ...names,
  );
}

/** Prints `NAME=VALUE` lines of the variables whose names match, in order. */
export function showEnvironment(pattern: RegExp): readonly string[] {
  return runScript(
    `for (const name of Object.keys(process.env).filter((name) => ${String(pattern)}.test(name)).sort()) console.log(name + "=" + process.env[name]);`,
  );
}

/** The program that prints a file, for a `credential_process` that a shell runs. */
export const CAT = isOnWindows ? "type" : "cat";

/** Prints the words behind it. */
export const ECHO: readonly string[] = isOnWindows ? ["cmd.exe", "/d", "/c", "echo"] : ["echo"];

/** A program that every system has, by its path. */
export const SYSTEM_PROGRAM = isOnWindows ? "C:\\Windows\\System32\\cmd.exe" : "/bin/cat";

/** Prints its stdin. */
export const COPY_STDIN: readonly string[] = runScript("process.stdin.pipe(process.stdout);");
