import { constants, type Stats } from "node:fs";
import * as fs from "node:fs";
import { constants as systemConstants, devNull } from "node:os";
import { isAbsolute, join } from "node:path";
import { isDirectoryGone, NON_BLOCKING } from "./descriptor.ts";
import { findForeignOwner } from "./owner.ts";
import { fileVersion } from "../model/role.ts";
import { LatchkeyError, hasCode, isExpectedFailure, systemErrorCode } from "../errors.ts";
import { MAX_CACHE_BYTES, parseJson } from "../text/json.ts";
import { trace } from "../trace.ts";

/** Files and directories with one way to say what is wrong with them. Replacing a file is in replace.ts. */

/**
 * The bytes of a regular file, or undefined where there is none.
 * A FIFO, a device or a directory in its place, or a file over `maxBytes`, is an error (CONFIG_INVALID), never a hang.
 * @param look is shown whose the file is that is read.
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
  const descriptor = openIfPresent(path);
  if (descriptor === undefined) return undefined;
  try {
    const stat = fs.fstatSync(descriptor);
    // The usual way to switch a file off (AWS_CONFIG_FILE=/dev/null).
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

/** @throws LatchkeyError CONFIG_INVALID */
function refuseLostPath(path: string): void {
  if (isAbsolute(path) || !isDirectoryGone()) return;
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `${path} is a relative path, and the current directory is gone.`,
    { hint: "Name it from / on, or cd to a directory that is there." },
  );
}

/** By its own name or through a link; a device that lies in a file's place is a mistake. */
function isNullDevice(path: string, stat: Stats): boolean {
  return stat.isCharacterDevice() && fs.realpathSync(path) === devNull;
}

/** No hint moves what may be a device, or another program's. */
export function irregularFileError(path: string): LatchkeyError {
  return new LatchkeyError("CONFIG_INVALID", `${path} is not a regular file.`, {
    hint: path.startsWith("/dev/")
      ? "Unset the variable that names it (AWS_CONFIG_FILE or AWS_SHARED_CREDENTIALS_FILE), or name a regular file there."
      : "Name a regular file, or put one in its place.",
  });
}

/**
 * The text of a file that only helps, such as a cache: undefined where there is none, where a directory, a FIFO or a giant
 * lies in its place, and where another user's file does.
 * @throws LatchkeyError STORAGE_FAILED where the disk fails.
 */
export function readCacheText(path: string, maxBytes = MAX_CACHE_BYTES): string | undefined {
  try {
    return readIfPresent(path, maxBytes)?.toString("utf8");
  } catch (thrown) {
    if (hasCode(thrown, "CONFIG_INVALID") || isForbidden(thrown)) return undefined;
    throw thrown;
  }
}

/** What keeps this user from reading such a file; undefined where nothing does, and where there is none. */
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

/** The JSON value in such a file, or undefined. */
export function readCacheJson(path: string, maxBytes = MAX_CACHE_BYTES): unknown {
  const text = readCacheText(path, maxBytes);
  return text === undefined ? undefined : parseJson(text);
}

/** undefined where there is no file. */
function openIfPresent(path: string): number | undefined {
  try {
    return openForReading(path);
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    // A socket.
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

/** On NFS a file that another host has just replaced is stale once: its name is looked up anew. */
function openForReading(path: string): number {
  try {
    return fs.openSync(path, constants.O_RDONLY | NON_BLOCKING);
  } catch (thrown) {
    // Node has no name for it.
    if (
      !(thrown instanceof Error) ||
      !("errno" in thrown) ||
      thrown.errno !== -systemConstants.errno.ESTALE
    )
      throw thrown;
    return fs.openSync(path, constants.O_RDONLY | NON_BLOCKING);
  }
}

/** Removes a file; one that is not there is no error. Returns whether it was. */
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

/** Gives a file another name in its directory. */
export function moveAside(path: string, name: string): void {
  try {
    fs.renameSync(path, name);
  } catch (thrown) {
    throw toStorageError(`${path} could not be moved`, thrown);
  }
}

/** Removes a directory of ours with all that is in it; returns the files that went. */
export function removeDirectory(path: string): string[] {
  try {
    const files = fs.readdirSync(path).map((name) => join(path, name));
    fs.rmSync(path, { recursive: true, force: true });
    return files;
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return [];
    throw toStorageError(`${path} could not be removed`, thrown);
  }
}

/** Paths of the regular files in a directory; none where the directory is not there. */
export function listFiles(path: string): string[] {
  return listEntries(path)
    .filter((entry) => entry.isFile())
    .map((entry) => join(path, entry.name));
}

/** Paths of the directories in a directory. */
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

/** What a failed system call is to the user; anything else that was thrown is a bug and stays what it is. */
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

/** Which path a failed system call was about; empty where it was about none. */
function readPath(thrown: unknown): string {
  const isNamed = thrown instanceof Error && "path" in thrown && typeof thrown.path === "string";
  return isNamed ? (thrown as { path: string }).path : "";
}

/** The system's code of a failure that `toStorageError` has put into words; undefined for every other error. */
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

/** Time and size of a file, or "absent": another text is another version of it. */
export function readFileVersion(path: string): string {
  try {
    return fileVersion(fs.statSync(path, { throwIfNoEntry: false }));
  } catch (thrown) {
    // Behind another user's directory there is nothing to be seen.
    if (FORBIDDEN.has(systemErrorCode(thrown))) return fileVersion(undefined);
    throw toStorageError(`${path} could not be looked at`, thrown);
  }
}

export function statIfPresent(path: string): Stats | undefined {
  return lookAt(path, () => fs.statSync(path));
}

/** The same of a link itself, where it is one. */
export function lstatIfPresent(path: string): Stats | undefined {
  return lookAt(path, () => fs.lstatSync(path));
}

function lookAt(path: string, look: () => Stats): Stats | undefined {
  try {
    return look();
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return undefined;
    throw toStorageError(`${path} could not be looked at`, thrown);
  }
}

/** For what is best effort by design: the caller has already done, or already failed at, what matters. */
export function ignoreErrors(act: () => void): void {
  try {
    act();
  } catch {
    // See above.
  }
}

/** The same for a result: undefined where it failed in a way that users can meet. */
export function ignoreExpected<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (thrown) {
    if (isExpectedFailure(thrown)) return undefined;
    throw thrown;
  }
}
