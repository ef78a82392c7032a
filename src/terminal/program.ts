/** Describes how this program runs, and how to start it again. */

/** Only `npm run build:standalone` sets this to true. It builds one file that contains the runtime and the program. */
declare const LATCHKEY_STANDALONE: true | undefined;

export function isStandalone(): boolean {
  return typeof LATCHKEY_STANDALONE !== "undefined";
}

/**
 * Returns the command that starts this program: the standalone executable, or Node and bin/run.js, as absolute paths.
 */
export function programCommand(): readonly string[] {
  return isStandalone() ? [process.execPath] : [process.execPath, process.argv[1] ?? ""];
}

/** Returns the program's version, platform and runtime in one line. */
export function describeProgram(version: string): string {
  return `latchkey/${version} ${process.platform}-${process.arch} ${runtimeName()}`;
}

export function runtimeName(): string {
  return process.versions["bun"] === undefined
    ? `node-${process.version}`
    : `bun-${process.versions["bun"]}`;
}

/**
 * Runs work that starts a program with the unchanged environment of this process, as libraries do.
 * @param isWithheld whether the program must not inherit a variable
 */
export async function withholdVariables<T>(
  isWithheld: (name: string) => boolean,
  work: () => Promise<T>,
): Promise<T> {
  const withheld = Object.entries(process.env).filter(([name]) => isWithheld(name));
  for (const [name] of withheld) delete process.env[name];
  try {
    return await work();
  } finally {
    for (const [name, value] of withheld) process.env[name] = value;
  }
}
