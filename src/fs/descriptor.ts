import { closeSync, constants, fstatSync } from "node:fs";

/** Flags of open; on Windows they are undefined and have no meaning. */
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
export const NON_BLOCKING = constants.O_NONBLOCK ?? 0;

/** Does the work on an open file, then closes it. */
export function withDescriptor<T>(descriptor: number, work: (descriptor: number) => T): T {
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether a file descriptor is a terminal. Node's own answer comes with a module for network sockets, which takes a
 * tenth of a command's time to load: a pipe or a file, as a script gives it, is told apart without.
 */
export function isTerminal(descriptor: number): boolean {
  return isCharacterDevice(descriptor) && process.getBuiltinModule("node:tty").isatty(descriptor);
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // It is closed.
    return false;
  }
}
