/**
 * What the program does, one line a step, for `--debug` and LATCHKEY_DEBUG. State of a module that features share:
 * files are read, and locks are taken, where no Context comes. Nothing is formatted while nobody asked.
 */
let write: ((line: string) => void) | undefined;

/** @param sink takes one line, which may hold what a file or a server said: escaping and masking are its work. */
export function startTrace(sink: (line: string) => void): void {
  write = sink;
}

export function isTracing(): boolean {
  return write !== undefined;
}

/** A line must hold no secret, no header, no query of a URL and no body. */
export function trace(format: () => string): void {
  write?.(format());
}

/** LATCHKEY_DEBUG, as `--debug`; 0 and the like are off. */
export function isTraceWanted(env: Readonly<Record<string, string | undefined>>): boolean {
  return !/^(0|no|off|false)?$/i.test(env["LATCHKEY_DEBUG"] ?? "");
}
