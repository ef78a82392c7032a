import * as fs from "node:fs";
import { constants } from "node:fs";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { NO_FOLLOW, NON_BLOCKING, withDescriptor } from "./descriptor.ts";
import { toStorageError } from "./read.ts";

/** The empty file that SQLite locks. */

/** Made by us with our mode, before SQLite would make it with the umask's; never through a link, never a FIFO. */
export function createLockFile(path: string): void {
  let descriptor: number;
  try {
    descriptor = fs.openSync(
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
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw lockFileError(path);
    // SQLite takes a file with anything in it for a damaged database. Emptying it lets go of nobody's lock.
    if (stat.size > 0) fs.ftruncateSync(descriptor, 0);
  });
}

function lockFileError(path: string): LatchkeyError {
  return new LatchkeyError(
    "STORAGE_FAILED",
    `${path} is not a regular file, as a lock of latchkey must be.`,
    { hint: `Remove it: rm -r ${path}` },
  );
}
