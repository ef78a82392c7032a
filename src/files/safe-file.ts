import { constants, type Stats } from "node:fs";
import * as fs from "node:fs";
import { randomBytes } from "node:crypto";
import { basename, dirname, join, resolve } from "node:path";
import { LatchkeyError, systemErrorCode } from "../errors.ts";

/**
 * Whole files, read or replaced: a reader sees the old version or the new one, never a part.
 * Everything here is synchronous: between a service's answer and the rename no signal handler can run.
 */

/** Only Linux, macOS and BSD have them; on Windows they are undefined and have no meaning. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
const NON_BLOCKING = constants.O_NONBLOCK ?? 0;

/** As many links as Linux follows before it says ELOOP. */
const MOST_LINKS = 40;

/**
 * The bytes of a regular file, or undefined where there is none.
 * A FIFO, a device or a directory in its place, or a file over `maxBytes`, is an error (CONFIG_INVALID), never a hang.
 */
export function readIfPresent(path: string, maxBytes: number): Buffer | undefined {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, constants.O_RDONLY | NON_BLOCKING);
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    if (code === "ELOOP") throw new LatchkeyError("CONFIG_INVALID", `${path} is a symbolic link that leads back to itself.`, { cause: thrown });
    throw storageFailed(`${path} could not be read`, thrown);
  }
  try {
    const stat = fs.fstatSync(descriptor);
    if (!stat.isFile()) throw new LatchkeyError("CONFIG_INVALID", `${path} is not a regular file.`, { hint: `Move it away: ${path}` });
    if (stat.size > maxBytes) throw new LatchkeyError("CONFIG_INVALID", `${path} is larger than ${maxBytes} bytes.`);
    return fs.readFileSync(descriptor);
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    throw storageFailed(`${path} could not be read`, thrown);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A new version of a file, being prepared beside it. Exactly one of `commit`, `publish` and `abandon` ends it. */
export interface Replacement {
  /** Writes and syncs the new version beside the old one. Throws STORAGE_FAILED with the old version intact. */
  stage(bytes: string | Uint8Array): void;
  /** Puts what was staged in the old version's place. */
  publish(): void;
  /** Both at once. */
  commit(bytes: string | Uint8Array): void;
  abandon(): void;
}

export interface ReplacementOptions {
  /** Permission bits of a file that is new; an existing file keeps its own. */
  readonly mode: number;
  /** Bytes written at once, so that a full disk is known before anything is spent that can't be had back. */
  readonly reserveBytes?: number;
}

/**
 * Opens the temporary file for a new version of `path`, in the directory of what `path` finally leads to, so that a
 * symbolic link stays one. The name is random and the open exclusive: nobody can plant a file or a link there.
 */
export function openReplacement(path: string, options: ReplacementOptions): Replacement {
  const target = resolveLinks(path);
  const existing = statIfPresent(target);
  if (existing !== undefined && !existing.isFile()) {
    throw new LatchkeyError("CONFIG_INVALID", `${target} is not a regular file.`, { hint: `Move it away: ${target}` });
  }
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(8).toString("hex")}.tmp`);
  const descriptor = openTemporary(temporary, target, existing, options.mode);
  const abandon = (): void => {
    ignoreErrors(() => fs.closeSync(descriptor));
    ignoreErrors(() => fs.unlinkSync(temporary));
  };
  const orAbandon = (what: string, act: () => void): void => {
    try {
      act();
    } catch (thrown) {
      abandon();
      throw storageFailed(what, thrown);
    }
  };
  const stage = (bytes: string | Uint8Array): void =>
    orAbandon(`${target} could not be written`, () => {
      fs.ftruncateSync(descriptor, 0);
      writeAll(descriptor, typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes);
      fs.fsyncSync(descriptor);
    });
  const publish = (): void =>
    orAbandon(`${target} could not be replaced`, () => {
      fs.closeSync(descriptor);
      renamePatiently(temporary, target);
      syncDirectory(dirname(target));
    });
  const reserve = options.reserveBytes ?? 0;
  if (reserve > 0) {
    orAbandon(`${target} can't be written`, () => {
      writeAll(descriptor, Buffer.alloc(reserve, 0x20));
      fs.fsyncSync(descriptor);
    });
  }
  return {
    stage,
    publish,
    abandon,
    commit(bytes) {
      stage(bytes);
      publish();
    },
  };
}

export function replaceFile(path: string, bytes: string | Uint8Array, options: ReplacementOptions): void {
  openReplacement(path, options).commit(bytes);
}

/** Makes a directory of ours, and its parents, for its owner alone. Existing ones keep their mode. */
export function ensurePrivateDirectory(path: string): void {
  try {
    fs.mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (thrown) {
    throw storageFailed(`The directory ${path} could not be made`, thrown);
  }
}

/** Whether nobody else can write there, or swap it. Windows has no modes: what lies in the profile is private there. */
export function isPrivateDirectory(path: string): boolean {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return false;
  return process.getuid === undefined || (stat.uid === process.getuid() && (stat.mode & 0o022) === 0);
}

/** Removes a file; one that is not there is no error. Returns whether it was. */
export function removeFile(path: string): boolean {
  try {
    fs.unlinkSync(path);
    return true;
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ENOENT" || code === "ENOTDIR") return false;
    throw storageFailed(`${path} could not be removed`, thrown);
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
    throw storageFailed(`${path} could not be removed`, thrown);
  }
}

/** Paths of the regular files in a directory; none where the directory is not there. */
export function listFiles(path: string): string[] {
  try {
    return fs.readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(path, entry.name));
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return [];
    throw storageFailed(`${path} could not be read`, thrown);
  }
}

/** What `path` finally leads to; a dangling link's target counts, so that it is made and the link kept. */
export function resolveLinks(path: string): string {
  let current = path;
  for (let followed = 0; followed < MOST_LINKS; followed += 1) {
    let target: string;
    try {
      target = fs.readlinkSync(current);
    } catch (thrown) {
      const code = systemErrorCode(thrown);
      if (code === "EINVAL" || code === "ENOENT" || code === "UNKNOWN" || code === "ENOTDIR") return current;
      throw storageFailed(`${current} could not be read`, thrown);
    }
    // Relative to where the link really lies: its directory may have been reached through another link.
    current = resolve(fs.realpathSync(dirname(current)), target);
  }
  throw new LatchkeyError("CONFIG_INVALID", `${path} is a symbolic link that leads back to itself.`, { hint: `Remove it: rm ${path}` });
}

export function storageFailed(what: string, thrown: unknown): LatchkeyError {
  const code = systemErrorCode(thrown) ?? "unknown error";
  return new LatchkeyError("STORAGE_FAILED", `${what} (${code}).`, { hint: STORAGE_HINTS[code] ?? "Check the disk and the permissions of that path.", cause: thrown });
}

const STORAGE_HINTS: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: make room, then run it again.",
  EDQUOT: "Your disk quota is used up: make room, then run it again.",
  EROFS: "That file system is mounted read-only.",
  EACCES: "You may not write there: check the owner and the mode of that path.",
  EPERM: "You may not write there: check the owner and the mode of that path.",
  EMFILE: "Too many files are open in this process: raise the limit (ulimit -n).",
  EFBIG: "The file size limit of this process is too low (ulimit -f).",
};

function openTemporary(temporary: string, target: string, existing: Stats | undefined, mode: number): number {
  const bits = existing === undefined ? mode : existing.mode & 0o7777;
  try {
    const descriptor = fs.openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW, bits & 0o600);
    try {
      // The umask has no say in a secret's mode, nor in the mode that a file had before.
      fs.fchmodSync(descriptor, bits);
      if (existing !== undefined) keepOwner(descriptor, existing);
    } catch (thrown) {
      fs.closeSync(descriptor);
      fs.unlinkSync(temporary);
      throw thrown;
    }
    return descriptor;
  } catch (thrown) {
    throw storageFailed(`${target} can't be written`, thrown);
  }
}

/** Matters for root alone: everybody else's new file has the right owner, and may not give files away. */
function keepOwner(descriptor: number, existing: Stats): void {
  const own = fs.fstatSync(descriptor);
  if (own.uid !== existing.uid || own.gid !== existing.gid) ignoreErrors(() => fs.fchownSync(descriptor, existing.uid, existing.gid));
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length) written += fs.writeSync(descriptor, bytes, written, bytes.length - written, written);
}

/** A virus scanner or an open reader holds a file on Windows for moments: wait for it, at most 2 s. */
function renamePatiently(from: string, to: string): void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (thrown) {
      const code = systemErrorCode(thrown);
      const passing = process.platform === "win32" && (code === "EPERM" || code === "EACCES" || code === "EBUSY");
      if (!passing || attempt >= 20) throw thrown;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100);
    }
  }
}

/** So that the new name survives a power cut; some file systems refuse it, which costs nothing but that. */
function syncDirectory(path: string): void {
  ignoreErrors(() => {
    const descriptor = fs.openSync(path, constants.O_RDONLY);
    try {
      fs.fsyncSync(descriptor);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

export function statIfPresent(path: string): Stats | undefined {
  try {
    return fs.statSync(path);
  } catch (thrown) {
    if (systemErrorCode(thrown) === "ENOENT") return undefined;
    throw storageFailed(`${path} could not be looked at`, thrown);
  }
}

function ignoreErrors(act: () => void): void {
  try {
    act();
  } catch {
    // Best effort by design: the caller has already done, or already failed at, what matters.
  }
}
