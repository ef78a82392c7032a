import { isOnWindows } from "./windows.ts";

/** Commands for `exec` and similar that run on every system: Node with a script in its arguments. */

/** @param words the value of `words` in the script */
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

/** Prints sorted `NAME=VALUE` lines of the variables whose names match. */
export function showEnvironment(pattern: RegExp): readonly string[] {
  return runScript(
    `for (const name of Object.keys(process.env).filter((name) => ${String(pattern)}.test(name)).sort()) console.log(name + "=" + process.env[name]);`,
  );
}

/** The shell's command to print a file, for a `credential_process` that runs in a shell. */
export const CAT = isOnWindows ? "type" : "cat";

/** Prints its arguments. */
export const ECHO: readonly string[] = isOnWindows ? ["cmd.exe", "/d", "/c", "echo"] : ["echo"];

/** The path of a program that exists on every system. */
export const SYSTEM_PROGRAM = isOnWindows ? "C:\\Windows\\System32\\cmd.exe" : "/bin/cat";

/** Prints its stdin. */
export const COPY_STDIN: readonly string[] = runScript("process.stdin.pipe(process.stdout);");
