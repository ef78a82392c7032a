/** How this very program runs, and how it is started again. */

/** Defined as true by `npm run build:standalone` and by nothing else: one file that is runtime and program. */
declare const LATCHKEY_STANDALONE: true | undefined;

export function isStandalone(): boolean {
  return typeof LATCHKEY_STANDALONE !== "undefined";
}

/** The words that start this program: the standalone executable, else Node and bin/run.js, by their absolute paths. */
export function programCommand(): readonly string[] {
  return isStandalone() ? [process.execPath] : [process.execPath, process.argv[1] ?? ""];
}

/** What `--version` prints. */
export function describeProgram(version: string): string {
  return `latchkey/${version} ${process.platform}-${process.arch} ${runtimeName()}`;
}

export function runtimeName(): string {
  return process.versions["bun"] === undefined
    ? `node-${process.version}`
    : `bun-${process.versions["bun"]}`;
}

/**
 * Runs what starts a program with this process's own environment, as libraries do.
 * @param isWithheld whether that program must not inherit a variable.
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
