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
 * What would make a standalone executable load foreign code or turn into a plain Bun. In this process it has had its
 * effect; the processes that this one starts, whichever library starts them, do not inherit it.
 */
export function ignoreRuntimeOrders(): void {
  delete process.env["BUN_OPTIONS"];
  delete process.env["BUN_BE_BUN"];
}
