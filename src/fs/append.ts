import { closeSync, constants, fstatSync, openSync, writeFileSync, writeSync } from "node:fs";
import { NO_FOLLOW, withDescriptor } from "./descriptor.ts";

/** Files that exist already and are written into, not replaced. No link is followed. */

/** A file that is open to be written at its end. Both functions throw Node's system errors. */
export interface AppendedFile {
  /** In one write, so that a kill at any moment leaves what was there before whole. Nothing after `close`. */
  append(text: string): void;
  close(): void;
}

/** @returns undefined if the file can't be opened */
export function openToAppend(path: string): AppendedFile | undefined {
  const descriptor = openIfPossible(path);
  if (descriptor === undefined) return undefined;
  let isOpen = true;
  return {
    append: (text) => {
      // The number may be another file's by now, or the terminal's.
      if (isOpen) writeSync(descriptor, text);
    },
    close: () => {
      isOpen = false;
      closeSync(descriptor);
    },
  };
}

function openIfPossible(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_APPEND | NO_FOLLOW);
  } catch {
    return undefined;
  }
}

/**
 * Writes into an empty file of this user. Throws Node's system errors.
 *
 * @returns false, and writes nothing, if the file is not empty or belongs to another user
 */
export function fillOwnEmptyFile(path: string, text: string): boolean {
  return withDescriptor(openSync(path, constants.O_WRONLY | NO_FOLLOW), (descriptor) => {
    const { size, uid } = fstatSync(descriptor);
    const isForeign = process.getuid !== undefined && uid !== process.getuid();
    if (size !== 0 || isForeign) return false;
    writeFileSync(descriptor, text);
    return true;
  });
}
