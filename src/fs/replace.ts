import { constants, type Stats } from "node:fs";
import * as fs from "node:fs";
import { dirname } from "node:path";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { NO_FOLLOW, NON_BLOCKING, withDescriptor } from "./descriptor.ts";
import {
  describeOwner,
  giveToOwner,
  isOwnerKept,
  refuseForeignDirectory,
  refuseLinksOnTheWay,
} from "./owner.ts";
import { resolveLinks } from "./links.ts";
import { isInOwnState } from "./paths.ts";
import { nameTemporary, sweepOrphans } from "./temporary.ts";
import { trace } from "../trace.ts";
import { pauseSync } from "./write.ts";
import { ensureSecretDirectory } from "./directories/private.ts";
import {
  ignoreErrors,
  irregularFileError,
  lstatIfPresent,
  statIfPresent,
  toStorageError,
} from "./read.ts";

/**
 * A file replaced whole: a reader sees the old version or the new one, never a part.
 * All of it is synchronous: between a service's answer and the rename no signal handler can run.
 */

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

interface ReplacementOptions {
  /** Permission bits of a file that is new; an existing file keeps its own, unless it is a secret. */
  readonly mode: number;
  /** Its owner alone may read it, whatever mode it had before. */
  readonly isSecret?: boolean;
  /** No link is followed to it: a link in its place is replaced. */
  readonly isOurs?: boolean;
  /** Bytes written at once, so that a full disk is known before anything is spent that can't be had back. */
  readonly reserveBytes?: number;
}

/**
 * Opens the temporary file for a new version of `path`, in the directory of what `path` finally leads to, so that a
 * symbolic link of the person's own stays one. The name is random and the open exclusive: nobody can plant a file or a
 * link there.
 * @throws LatchkeyError STORAGE_FAILED, also for a link to another's place, and for a file that another user owns.
 */
export function openReplacement(path: string, options: ReplacementOptions): Replacement {
  const { mode, isSecret = false, isOurs = false, reserveBytes = 0 } = options;
  refuseLinksOnTheWay(dirname(path), isSecret);
  const target = isOurs ? path : resolveLinks(path, isSecret ? "secret" : "own");
  const existing = findReplaced(target, isOurs);
  const bits = isSecret ? SECRET_MODE : (existing?.mode ?? mode) & 0o7777;
  const temporary = nameTemporary(target);
  const descriptor = openTemporary(temporary, { target, existing, bits, isSecret });
  sweepOrphans(target);
  const draft = { target, temporary, descriptor };
  if (reserveBytes > 0) reserveSpace(draft, reserveBytes);
  return replaceBy(draft);
}

/** A link in our own file's place is replaced, and what it leads to stays as it is. */
function findReplaced(target: string, isOurs: boolean): Stats | undefined {
  const stat = isOurs ? lstatIfPresent(target) : statIfPresent(target);
  if (stat === undefined || (isOurs && stat.isSymbolicLink())) return undefined;
  if (!stat.isFile()) throw irregularFileError(target);
  return stat;
}

/** The temporary file of a new version, and what it will replace. */
interface Draft {
  readonly target: string;
  readonly temporary: string;
  readonly descriptor: number;
}

function replaceBy(draft: Draft): Replacement {
  const { target, temporary, descriptor } = draft;
  const stage = (bytes: string | Uint8Array): void =>
    doOrAbandon(draft, `${target} could not be written`, () => {
      fill(descriptor, bytes);
      fs.fsyncSync(descriptor);
    });
  const publish = (): void =>
    doOrAbandon(draft, `${target} could not be replaced`, () => {
      fs.closeSync(descriptor);
      renameWithRetries(temporary, target);
      syncDirectory(dirname(target));
      trace(() => `replaced ${target}`);
    });
  return {
    stage,
    publish,
    abandon: () => abandon(draft),
    commit(bytes) {
      stage(bytes);
      publish();
    },
  };
}

function reserveSpace(draft: Draft, bytes: number): void {
  doOrAbandon(draft, `${draft.target} can't be written`, () => {
    writeAll(draft.descriptor, Buffer.alloc(bytes, 0x20));
    fs.fsyncSync(draft.descriptor);
  });
}

function fill(descriptor: number, bytes: string | Uint8Array): void {
  fs.ftruncateSync(descriptor, 0);
  writeAll(descriptor, typeof bytes === "string" ? Buffer.from(bytes, "utf8") : bytes);
}

function abandon({ descriptor, temporary }: Draft): void {
  ignoreErrors(() => fs.closeSync(descriptor));
  ignoreErrors(() => fs.unlinkSync(temporary));
}

function doOrAbandon(draft: Draft, what: string, act: () => void): void {
  try {
    act();
  } catch (thrown) {
    abandon(draft);
    throw toStorageError(what, thrown);
  }
}

export function replaceFile(
  path: string,
  bytes: string | Uint8Array,
  options: ReplacementOptions,
): void {
  openReplacement(path, options).commit(bytes);
}

const SECRET_MODE = 0o600;

/** Opens the next version of a file of ours, for its owner's eyes alone, in a directory that is the user's alone. */
export function openSecretFile(path: string, reserveBytes = 0): Replacement {
  ensureSecretDirectory(dirname(path));
  return openReplacement(path, { mode: SECRET_MODE, isSecret: true, isOurs: true, reserveBytes });
}

export function writeSecretFile(path: string, text: string): void {
  openSecretFile(path).commit(text);
}

/**
 * Writes an existing file in place: for one that has other names, or that nothing can be renamed over.
 * @param before what has to be in it.
 * @param isSecret its owner alone may read it, whatever mode it had.
 * @returns false, and writes nothing, where something else is.
 */
export function overwriteFile(
  path: string,
  before: Uint8Array,
  bytes: Uint8Array,
  isSecret: boolean,
): boolean {
  try {
    const flags = constants.O_RDWR | NO_FOLLOW | NON_BLOCKING;
    return withDescriptor(fs.openSync(path, flags), (descriptor) => {
      if (Buffer.compare(fs.readFileSync(descriptor), before) !== 0) return false;
      if (isSecret) ignoreErrors(() => fs.fchmodSync(descriptor, SECRET_MODE));
      writeAll(descriptor, bytes);
      fs.ftruncateSync(descriptor, bytes.length);
      fs.fsyncSync(descriptor);
      return true;
    });
  } catch (thrown) {
    throw toStorageError(`${path} could not be written`, thrown);
  }
}

/** What a temporary file is made for. */
interface Wanted {
  readonly target: string;
  readonly existing: Stats | undefined;
  readonly bits: number;
  readonly isSecret: boolean;
}

function openTemporary(temporary: string, wanted: Wanted): number {
  const { target, bits } = wanted;
  try {
    const descriptor = fs.openSync(
      temporary,
      constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | NO_FOLLOW,
      bits & SECRET_MODE,
    );
    try {
      // The umask has no say in a secret's mode, nor in the mode that a file had before.
      setMode(descriptor, bits);
      settleOwner(descriptor, wanted);
    } catch (thrown) {
      fs.closeSync(descriptor);
      fs.unlinkSync(temporary);
      throw thrown;
    }
    return descriptor;
  } catch (thrown) {
    throw toStorageError(`${target} can't be written`, thrown);
  }
}

/** @throws LatchkeyError STORAGE_FAILED where the file is another user's, and would become this one's. */
function settleOwner(descriptor: number, { target, existing, isSecret }: Wanted): void {
  const directory = dirname(target);
  if (isSecret) refuseForeignDirectory(directory);
  // In our own state whatever lies there is ours to replace, such as what an older `sudo` has made.
  const before = isInOwnState(target) ? undefined : existing;
  if (before !== undefined && before.uid !== 0) keepOwner(descriptor, before);
  giveToOwner(descriptor, directory);
  if (before === undefined) return;
  const after = fs.fstatSync(descriptor).uid;
  const allowed = isSecret ? fs.statSync(directory).uid : before.uid;
  if (isOwnerKept({ user: process.geteuid?.(), before: before.uid, after, allowed })) return;
  const { owner, cure } = describeOwner(target, before);
  throw new LatchkeyError("STORAGE_FAILED", `${target} belongs to ${owner}.`, { hint: cure });
}

/** A disk that gives every file one owner (SMB, exFAT, WSL's /mnt/c) takes no mode from anybody else, and keeps none. */
function setMode(descriptor: number, bits: number): void {
  try {
    fs.fchmodSync(descriptor, bits);
  } catch (thrown) {
    const isMadeForAnother = fs.fstatSync(descriptor).uid !== process.geteuid?.();
    if (systemErrorCode(thrown) !== "EPERM" || !isMadeForAnother) throw thrown;
  }
}

/** Matters for root alone: everybody else's new file has the right owner, and may not give files away. */
function keepOwner(descriptor: number, existing: Stats): void {
  const own = fs.fstatSync(descriptor);
  if (own.uid !== existing.uid || own.gid !== existing.gid)
    ignoreErrors(() => fs.fchownSync(descriptor, existing.uid, existing.gid));
}

function writeAll(descriptor: number, bytes: Uint8Array): void {
  let written = 0;
  while (written < bytes.length)
    written += fs.writeSync(descriptor, bytes, written, bytes.length - written, written);
}

/** A virus scanner or an open reader holds a file on Windows for moments: wait for it, at most 2 s. */
function renameWithRetries(from: string, to: string): void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (thrown) {
      const code = systemErrorCode(thrown);
      const passing =
        process.platform === "win32" && (code === "EPERM" || code === "EACCES" || code === "EBUSY");
      if (!passing || attempt >= 20) throw thrown;
      pauseSync(100);
    }
  }
}

/** So that the new name survives a power cut; some file systems refuse it, which costs nothing but that. */
function syncDirectory(path: string): void {
  ignoreErrors(() => withDescriptor(fs.openSync(path, constants.O_RDONLY), fs.fsyncSync));
}
