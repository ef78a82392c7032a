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

/**
 * Opens files in which latchkey appends to, fills or locks the existing file instead of replacing it. Follows no
 * symbolic link.
 */

/** A file that is open for appending. Both functions throw Node's system errors. */
export interface AppendedFile {
  /** Writes with one system call, so a killed process cannot damage earlier lines. Does nothing after `close`. */
  append(text: string): void;
  close(): void;
}

/** @returns undefined if the file can't be opened. */
export function openToAppend(path: string): AppendedFile | undefined {
  const descriptor = openIfPossible(path);
  if (descriptor === undefined) return undefined;
  let isOpen = true;
  return {
    append: (text) => {
      // After `close`, the descriptor's number may be that of another file or of the terminal.
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
 * Writes into an existing empty file of this user. Throws Node's system errors.
 *
 * @returns false, and writes nothing, if it is not a regular file, is not empty or belongs to another user.
 */
export function fillOwnEmptyFile(path: string, text: string): boolean {
  const flags = constants.O_WRONLY | NO_FOLLOW | NON_BLOCKING;
  let opened: number;
  try {
    opened = openSync(path, flags);
  } catch (thrown) {
    // A FIFO without a reader, or a socket.
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

/**
 * Creates the empty file that SQLite locks. latchkey creates it with mode 0600, because the mode of a file that SQLite
 * creates depends on the umask. Follows no link and opens no FIFO.
 */
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
    // SQLite reports a file with other content as a damaged database. Truncating the file releases no lock of another
    // process.
    if (stat.size > 0) ftruncateSync(descriptor, 0);
  });
}

function lockFileError(path: string): LatchkeyError {
  return new LatchkeyError(
    "STORAGE_FAILED",
    `${path} is not a regular file, so latchkey can't use it as a lock.`,
    { hint: `Remove it: rm -r ${path}` },
  );
}
