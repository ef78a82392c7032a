/**
 * Writes one line per step for `--debug` and LATCHKEY_DEBUG. The state is in this module, because files are read and
 * locks are taken in code without a Context. Lines are formatted only if tracing is on.
 */
let write: ((line: string) => void) | undefined;

/** @param sink receives one line. It must escape and mask text from files and servers. */
export function startTrace(sink: (line: string) => void): void {
  write = sink;
}

export function isTracing(): boolean {
  return write !== undefined;
}

/** Writes a trace line. It must contain no secret, no header, no query of a URL and no body. */
export function trace(format: () => string): void {
  write?.(format());
}

/** Returns whether LATCHKEY_DEBUG is on, like `--debug`; 0, no, off and false turn it off. */
export function isTraceWanted(env: Readonly<Record<string, string | undefined>>): boolean {
  return !/^(0|no|off|false)?$/i.test(env["LATCHKEY_DEBUG"] ?? "");
}
