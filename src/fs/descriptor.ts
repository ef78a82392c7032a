import { fstatSync } from "node:fs";

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
