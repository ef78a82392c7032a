import { constants, type Stats } from "node:fs";
import * as fs from "node:fs";
import { constants as systemConstants, devNull } from "node:os";
import { isAbsolute, join } from "node:path";
import { isDirectoryGone, isNullName, NON_BLOCKING } from "./descriptor.ts";
import { findForeignOwner } from "./owner.ts";
import { fileVersion } from "../model/role.ts";
import { LatchkeyError, hasCode, isExpectedFailure, systemErrorCode } from "../errors.ts";
import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import { trace } from "../trace.ts";

/** Reads files and directories, and turns system errors into latchkey's errors. Replacing a file is in replace.ts. */

/**
 * Returns the bytes of a regular file; undefined if the file does not exist.
 * @param look is called with the status of the opened file.
 * @throws LatchkeyError CONFIG_INVALID for a FIFO, a device or a directory, which could block the read, or for a file
 * over `maxBytes`; STORAGE_FAILED if the file can't be read.
 */
export function readIfPresent(
  path: string,
  maxBytes: number,
  look?: (stat: Stats) => void,
): Buffer | undefined {
  try {
    const bytes = readRegularFile(path, maxBytes, look);
    trace(() => `read ${path}: ${bytes === undefined ? "absent" : `${bytes.length} bytes`}`);
    return bytes;
  } catch (thrown) {
    trace(() => `read ${path}: ${storageErrorCode(thrown) ?? "refused"}`);
    throw thrown;
  }
}

function readRegularFile(
  path: string,
  maxBytes: number,
  look?: (stat: Stats) => void,
): Buffer | undefined {
  refuseLostPath(path);
  if (isNullName(path)) return Buffer.alloc(0);
  const descriptor = openIfPresent(path);
  if (descriptor === undefined) return undefined;
  try {
    const stat = fs.fstatSync(descriptor);
    // A null device is the usual way to disable a file (AWS_CONFIG_FILE=/dev/null).
    if (isNullDevice(path, stat)) return Buffer.alloc(0);
    if (!stat.isFile()) throw irregularFileError(path);
    if (stat.size > maxBytes)
      throw new LatchkeyError("CONFIG_INVALID", `${path} is larger than ${maxBytes} bytes.`);
    look?.(stat);
    return fs.readFileSync(descriptor);
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    throw toStorageError(`${path} could not be read`, thrown);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Throws if a relative path can't exist because the current directory is deleted. @throws LatchkeyError CONFIG_INVALID */
function refuseLostPath(path: string): void {
  if (isAbsolute(path) || !isDirectoryGone()) return;
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `${path} is a relative path, and the current directory is gone.`,
    { hint: "Use an absolute path, or cd to a directory that exists." },
  );
}

/** Returns true for /dev/null and for a link to it. Any other device in place of a file is a mistake. */
function isNullDevice(path: string, stat: Stats): boolean {
  return stat.isCharacterDevice() && fs.realpathSync(path) === devNull;
}

/** The hint does not tell the user to move the file: it may be a device, or belong to another program. */
export function irregularFileError(path: string): LatchkeyError {
  return new LatchkeyError("CONFIG_INVALID", `${path} is not a regular file.`, {
    hint:
      path.startsWith("/dev/") || isNullName(path)
        ? "Unset the variable that names it (AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE), or name a regular file there."
        : "Name a regular file, or put one in its place.",
  });
}

/**
 * Returns the text of an optional file, such as a cache. Returns undefined if the file does not exist, is a directory or
 * a FIFO, or is too large, or if this user may not read it.
 * @throws LatchkeyError STORAGE_FAILED if the disk fails.
 */
export function readCacheText(path: string, maxBytes = MAX_CACHE_BYTES): string | undefined {
  try {
    return readIfPresent(path, maxBytes)?.toString("utf8");
  } catch (thrown) {
    if (hasCode(thrown, "CONFIG_INVALID") || isForbidden(thrown)) return undefined;
    throw thrown;
  }
}

/**
 * Returns the error because of which this user can't read an optional file; undefined if the file can be read or is
 * missing.
 */
export function findReadRefusal(path: string): LatchkeyError | undefined {
  try {
    readIfPresent(path, MAX_CACHE_BYTES);
    return undefined;
  } catch (thrown) {
    return isExpectedFailure(thrown) && isForbidden(thrown) ? thrown : undefined;
  }
}

function isForbidden(thrown: unknown): boolean {
  return FORBIDDEN.has(storageErrorCode(thrown));
}

const FORBIDDEN: ReadonlySet<string | undefined> = new Set(["EACCES", "EPERM"]);

/** Returns the JSON value in an optional file; undefined if `readCacheText` finds no text or the text is not JSON. */
export function readCacheJson(path: string, maxBytes = MAX_CACHE_BYTES): unknown {
  const text = readCacheText(path, maxBytes);
  return text === undefined ? undefined : parseJson(text);
}

/** @returns undefined if the file does not exist. */
function openIfPresent(path: string): number | undefined {
  try {
    return openForReading(path);
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    // The path is a socket.
    if (code === "ENXIO") throw irregularFileError(path);
    if (code === "ELOOP")
      throw new LatchkeyError(
        "CONFIG_INVALID",
        `${path} is a symbolic link that leads back to itself.`,
        { cause: thrown },
      );
    throw toStorageError(`${path} could not be read`, thrown);
  }
}

/** Opens a file. Tries twice on ESTALE, which NFS reports once for a file that another host has just replaced. */
function openForReading(path: string): number {
  try {
    return fs.openSync(path, constants.O_RDONLY | NON_BLOCKING);
  } catch (thrown) {
    // Node has no name for ESTALE.
    if (
      !(thrown instanceof Error) ||
      !("errno" in thrown) ||
      thrown.errno !== -systemConstants.errno.ESTALE
    )
      throw thrown;
    return fs.openSync(path, constants.O_RDONLY | NON_BLOCKING);
  }
}

/** Removes a file. A missing file is not an error. @returns whether the file existed. */
export function removeFile(path: string): boolean {
  try {
    fs.unlinkSync(path);
    return true;
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw toStorageError(`${path} could not be removed`, thrown);
  }
}

/** Renames a file within its directory. */
export function moveAside(path: string, name: string): void {
  try {
    fs.renameSync(path, name);
  } catch (thrown) {
    throw toStorageError(`${path} could not be moved`, thrown);
  }
}

/** Lists the paths of the regular files in a directory; none if the directory is missing. */
export function listFiles(path: string): string[] {
  return listEntries(path)
    .filter((entry) => entry.isFile())
    .map((entry) => join(path, entry.name));
}

/** Lists the paths of the subdirectories of a directory. Empty if the directory is missing. */
export function listDirectories(path: string): string[] {
  return listEntries(path)
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(path, entry.name));
}

function listEntries(path: string): fs.Dirent[] {
  try {
    return fs.readdirSync(path, { withFileTypes: true });
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return [];
    throw toStorageError(`${path} could not be read`, thrown);
  }
}

/** Turns a failed system call into an error for the user. Any other error is a bug and is returned unchanged. */
export function toStorageError(what: string, thrown: unknown): unknown {
  const code = systemErrorCode(thrown);
  if (code === undefined || thrown instanceof LatchkeyError) return thrown;
  const foreign = FORBIDDEN.has(code) ? findForeignOwner(readPath(thrown)) : undefined;
  if (foreign === undefined)
    return new LatchkeyError("STORAGE_FAILED", `${what} (${code}).`, {
      hint: STORAGE_HINTS[code] ?? "Check the disk and the permissions of that path.",
      cause: thrown,
    });
  return new LatchkeyError(
    "STORAGE_FAILED",
    `${what} (${code}): ${foreign.path} belongs to ${foreign.owner}.`,
    { hint: foreign.cure, cause: thrown },
  );
}

/** Returns the path in the error of a failed system call; empty if the error contains no path. */
function readPath(thrown: unknown): string {
  const isNamed = thrown instanceof Error && "path" in thrown && typeof thrown.path === "string";
  return isNamed ? (thrown as { path: string }).path : "";
}

/** Returns the system's code behind an error from `toStorageError`; undefined for any other error. */
export function storageErrorCode(thrown: unknown): string | undefined {
  return isExpectedFailure(thrown) ? systemErrorCode(thrown.cause) : undefined;
}

const STORAGE_HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: make room, then run it again.",
  EDQUOT: "Your disk quota is used up: make room, then run it again.",
  EROFS: "That file system is mounted read-only.",
  EACCES: "Check the owner and the mode of that path.",
  EPERM: "Check the owner and the mode of that path.",
  EMFILE: "Too many files are open in this process: raise the limit (ulimit -n).",
  EFBIG: "The file size limit of this process is too low (ulimit -f).",
};

/** Returns time, size and inode of a file as text, or "absent". If this text is different later, the file has changed. */
export function readFileVersion(path: string): string {
  try {
    return fileVersion(fs.statSync(path, { throwIfNoEntry: false }));
  } catch (thrown) {
    // Files inside another user's directory are not visible, so they count as absent.
    if (FORBIDDEN.has(systemErrorCode(thrown))) return fileVersion(undefined);
    throw toStorageError(`${path} could not be read`, thrown);
  }
}

export function statIfPresent(path: string): Stats | undefined {
  return lookAt(path, () => fs.statSync(path));
}

/** Returns the status of the link itself if the path is a link. */
export function lstatIfPresent(path: string): Stats | undefined {
  return lookAt(path, () => fs.lstatSync(path));
}

function lookAt(path: string, look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return undefined;
    throw toStorageError(`${path} could not be read`, thrown);
  }
}

/** Runs an action and ignores every error: the caller has already done, or failed to do, the important part. */
export function ignoreErrors(act: () => void): void {
  try {
    act();
  } catch {
    // Best effort.
  }
}

/** Runs an action and returns its result; undefined after an expected error. Bugs are thrown. */
export function ignoreExpected<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (thrown) {
    if (isExpectedFailure(thrown)) return undefined;
    throw thrown;
  }
}
