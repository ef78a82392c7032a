import {
  closeSync,
  constants,
  fstatSync,
  ftruncateSync,
  openSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { NO_FOLLOW, NON_BLOCKING, withDescriptor } from "./descriptor.ts";
import { giveToOwner } from "./owner.ts";
import { toStorageError } from "./read.ts";

/** Files that are written into or locked where they lie, not replaced. No link is followed. */

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
 * @returns false, and writes nothing, if it is no regular file, is not empty or belongs to another user
 */
export function fillOwnEmptyFile(path: string, text: string): boolean {
  const flags = constants.O_WRONLY | NO_FOLLOW | NON_BLOCKING;
  let opened: number;
  try {
    opened = openSync(path, flags);
  } catch (thrown) {
    // A FIFO that nobody reads, or a socket.
    if (systemErrorCode(thrown) === "ENXIO") return false;
    throw thrown;
  }
  return withDescriptor(opened, (descriptor) => {
    const stat = fstatSync(descriptor);
    const isForeign = process.getuid !== undefined && stat.uid !== process.getuid();
    if (!stat.isFile() || stat.size !== 0 || isForeign) return false;
    writeFileSync(descriptor, text);
    return true;
  });
}

/** The empty file that SQLite locks. Made by us with our mode, before SQLite would make it with the umask's; never through a link, never a FIFO. */
export function createLockFile(path: string): void {
  let descriptor: number;
  try {
    descriptor = openSync(
      path,
      constants.O_RDWR | constants.O_CREAT | NO_FOLLOW | NON_BLOCKING,
      0o600,
    );
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ELOOP" || code === "EISDIR" || code === "ENXIO") throw lockFileError(path);
    throw toStorageError(`The lock ${path} could not be made`, thrown);
  }
  withDescriptor(descriptor, () => {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw lockFileError(path);
    giveToOwner(descriptor, dirname(path));
    // SQLite takes a file with anything in it for a damaged database. Emptying it lets go of nobody's lock.
    if (stat.size > 0) ftruncateSync(descriptor, 0);
  });
}

function lockFileError(path: string): LatchkeyError {
  return new LatchkeyError(
    "STORAGE_FAILED",
    `${path} is not a regular file, as a lock of latchkey must be.`,
    { hint: `Remove it: rm -r ${path}` },
  );
}
