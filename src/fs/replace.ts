import { constants, type Stats } from "node:fs";
import * as fs from "node:fs";
import { dirname } from "node:path";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { isNullName, NO_FOLLOW, NON_BLOCKING, withDescriptor } from "./descriptor.ts";
import {
  describeOwner,
  giveToOwner,
  isOwnerKept,
  refuseForeignDirectory,
  refuseLinksOnTheWay,
} from "./owner.ts";
import { resolveLinks } from "./links.ts";
import { isInOwnState } from "./paths.ts";
import { moveIntoPlace, nameTemporary, sweepOrphans } from "./temporary.ts";
import { trace } from "../trace.ts";
import { ensureSecretDirectory } from "./directories/private.ts";
import {
  ignoreErrors,
  irregularFileError,
  lstatIfPresent,
  statIfPresent,
  storageErrorCode,
  toStorageError,
} from "./read.ts";

/**
 * Replaces the whole content of a file: a reader sees either the old or the new content, never a mixture. All of it is
 * synchronous, so no signal handler runs between AWS's response and the rename.
 */

/**
 * New content for a file, prepared in a temporary file next to it. End it with exactly one of `commit`, `publish` and
 * `abandon`.
 */
export interface Replacement {
  /**
   * Writes and syncs the new content to the temporary file. If that fails, throws STORAGE_FAILED; the file is unchanged.
   */
  stage(bytes: string | Uint8Array): void;
  /** Replaces the file with the temporary file, which `stage` has written. */
  publish(): void;
  /** Calls `stage`, then `publish`. */
  commit(bytes: string | Uint8Array): void;
  abandon(): void;
}

interface ReplacementOptions {
  /** Permission bits of a new file. The mode of an existing file does not change, unless the file is a secret. */
  readonly mode: number;
  /** Give only the owner access to the file, whatever its mode was before. */
  readonly isSecret?: boolean;
  /** Do not follow a link in place of the file: replace the link. */
  readonly isOurs?: boolean;
  /** Bytes to reserve at once. So a full disk is detected before latchkey uses a refresh token, which works only once. */
  readonly reserveBytes?: number;
}

/**
 * Opens a temporary file with new content for `path`. It is in the directory of the file that `path` finally leads to, so
 * that the user's own symbolic links stay. Its name is random and it is opened exclusively, so another user can't create
 * a file or a link of that name first.
 * @throws LatchkeyError STORAGE_FAILED, also for a link that latchkey does not write through, and for another user's
 * file.
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
  const draft = { target, temporary, descriptor, isClosed: false };
  if (reserveBytes > 0) reserveSpace(draft, reserveBytes);
  return replaceBy(draft);
}

/**
 * Returns the status of the file that will be replaced. A link in place of one of latchkey's own files is replaced, and
 * its target is not changed.
 */
function findReplaced(target: string, isOurs: boolean): Stats | undefined {
  if (isNullName(target)) throw irregularFileError(target);
  const stat = isOurs ? lstatIfPresent(target) : statIfPresent(target);
  if (stat === undefined || (isOurs && stat.isSymbolicLink())) return undefined;
  if (!stat.isFile()) throw irregularFileError(target);
  return stat;
}

/** A temporary file with new content, and the file that it will replace. */
interface Draft {
  readonly target: string;
  readonly temporary: string;
  readonly descriptor: number;
  isClosed: boolean;
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
      close(draft);
      moveIntoPlace(temporary, target);
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

function abandon(draft: Draft): void {
  ignoreErrors(() => close(draft));
  ignoreErrors(() => fs.unlinkSync(draft.temporary));
}

/** Closes the descriptor only once, because its number may belong to another file of this process afterwards. */
function close(draft: Draft): void {
  if (draft.isClosed) return;
  draft.isClosed = true;
  fs.closeSync(draft.descriptor);
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

/**
 * Opens the temporary file that will replace one of latchkey's own files. Its mode is 0600, and only the user can
 * access its directory.
 */
export function openSecretFile(path: string, reserveBytes = 0): Replacement {
  const options = { mode: SECRET_MODE, isSecret: true, isOurs: true, reserveBytes };
  for (let attempt = 1; ; attempt += 1)
    try {
      ensureSecretDirectory(dirname(path));
      return openReplacement(path, options);
    } catch (thrown) {
      // Another process has removed the directory in between, as `logout` does.
      if (storageErrorCode(thrown) !== "ENOENT" || attempt === MOST_ATTEMPTS) throw thrown;
    }
}

const MOST_ATTEMPTS = 20;

export function writeSecretFile(path: string, text: string): void {
  openSecretFile(path).commit(text);
}

/**
 * Overwrites an existing file in place. Used if the file has other hard links or can't be replaced by rename.
 * @param before the content that the file must have.
 * @param isSecret give only the owner access to the file, whatever its mode was.
 * @returns false, and writes nothing, if the content is different.
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

/** The new content that a temporary file is created for. */
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
      // The umask must not change the mode of a secret, or the mode that a file had before.
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

/** @throws LatchkeyError STORAGE_FAILED if the file belongs to another user and would become this user's. */
function settleOwner(descriptor: number, { target, existing, isSecret }: Wanted): void {
  const directory = dirname(target);
  if (isSecret) refuseForeignDirectory(directory);
  // In latchkey's state directory every file may be replaced, such as a file that an older `sudo` run created.
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

/**
 * Sets the mode. Some disks give every file one owner (SMB, exFAT, WSL's /mnt/c): there only that owner may set a mode,
 * and the disk does not store it.
 */
function setMode(descriptor: number, bits: number): void {
  try {
    fs.fchmodSync(descriptor, bits);
  } catch (thrown) {
    const isMadeForAnother = fs.fstatSync(descriptor).uid !== process.geteuid?.();
    if (systemErrorCode(thrown) !== "EPERM" || !isMadeForAnother) throw thrown;
  }
}

/**
 * Gives the new file the old file's owner. Needed only for root: any other user's files already have the right owner,
 * and that user may not give them away.
 */
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
