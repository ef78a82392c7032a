import * as fs from "node:fs";
import { basename, dirname } from "node:path";
import { systemErrorCode } from "../../errors.ts";
import { givePathToOwner, refuseLinksOnTheWay } from "../owner.ts";
import { isInOwnState, isOwnState } from "../paths.ts";
import { ignoreErrors, toStorageError } from "../read.ts";

/** Creates and checks directories that are private to their owner. */

const OWNER_ALONE = 0o700;
const GROUP_AND_OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/** Creates a directory of latchkey's own, and its parents, with mode 0700. Existing directories keep their mode. */
export function ensurePrivateDirectory(path: string): void {
  try {
    createDirectories(path);
  } catch (thrown) {
    throw toStorageError(`The directory ${path} could not be made`, thrown);
  }
}

/** Creates the directories one at a time. Node's recursive mkdir reports ENOENT if the file system is read-only. */
function createDirectories(path: string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  createDirectories(dirname(path));
  createDirectory(path);
}

/** Returns false if a file or directory of this name already exists. */
function createDirectory(path: string): boolean {
  try {
    fs.mkdirSync(path, { mode: OWNER_ALONE });
    // A umask can remove the owner's own permissions.
    const { mode } = fs.lstatSync(path);
    if ((mode & OWNER_ALONE) !== OWNER_ALONE) fs.chmodSync(path, mode | OWNER_ALONE);
    givePathToOwner(path);
    return true;
  } catch (thrown) {
    if (systemErrorCode(thrown) === "EEXIST") return false;
    throw thrown;
  }
}

/**
 * Creates a directory for secrets. Restricts existing directories on its path: other users lose all access to latchkey's
 * own directories, and write access to a directory that an AWS client created with its umask.
 * @throws LatchkeyError STORAGE_FAILED, also for a link that latchkey does not write through.
 */
export function ensureSecretDirectory(path: string): void {
  refuseLinksOnTheWay(path, true);
  ensurePrivateDirectory(path);
  const isOurs = isOwnState(path) || isInOwnState(path);
  for (const step of listStepsBelow(path, isOurs ? isOwnState : isSharedRoot))
    closeDirectory(step, isOurs ? GROUP_AND_OTHERS : OTHERS_WRITE);
}

/** Creates a private directory of latchkey outside its state directory. */
export function ensureClosedDirectory(path: string): void {
  ensurePrivateDirectory(path);
  closeDirectory(path, GROUP_AND_OTHERS);
}

/**
 * Returns whether the path is directly below `~/.aws`. latchkey does not change `~/.aws`: the user decides who may read it.
 */
function isSharedRoot(path: string): boolean {
  return basename(dirname(path)) === ".aws";
}

/**
 * Lists the path and its parents, up to the first for which `isLast` is true. If there is no such parent, lists only
 * the path.
 */
function listStepsBelow(path: string, isLast: (step: string) => boolean): string[] {
  const steps: string[] = [];
  for (let step = path; dirname(step) !== step; step = dirname(step)) {
    steps.push(step);
    if (isLast(step)) return steps;
  }
  return [path];
}

/** Removes permissions as far as possible. On a disk without modes chmod fails, and `doctor` reports the open directory. */
function closeDirectory(path: string, bits: number): void {
  ignoreErrors(() => {
    const stat = fs.lstatSync(path);
    const isOpen = stat.isDirectory() && (stat.mode & bits) !== 0;
    if (isOpen && stat.uid === process.geteuid?.()) fs.chmodSync(path, stat.mode & 0o7777 & ~bits);
  });
}

/**
 * Creates a numbered directory for a name that another user has taken, and returns its path: the first of `PATH-2`,
 * `PATH-3` and so on that is free or private to this user. So all processes of this user choose the same directory,
 * even if they start at the same moment, and another user can't take every number.
 */
export function ensureDirectoryBeside(path: string): string {
  try {
    return findPlaceBeside(path);
  } catch (thrown) {
    throw toStorageError(`No directory of latchkey's own could be made next to ${path}`, thrown);
  }
}

function findPlaceBeside(path: string): string {
  for (let number = 2; ; number += 1) {
    const place = `${path}-${number}`;
    const isNew = createDirectory(place);
    if (isPrivateDirectory(place)) return place;
    if (!isNew) continue;
    fs.rmdirSync(place);
    throw Object.assign(new Error("the disk keeps no modes"), { code: "EPERM" });
  }
}

/**
 * Returns whether no other user can write to the directory or replace it. On Windows, which has no modes, true for every
 * directory: the user's profile is private.
 * @param owners the user ids that may own it; only this user by default.
 */
export function isPrivateDirectory(path: string, owners?: ReadonlySet<number>): boolean {
  return isClosed(path, OTHERS_WRITE, owners);
}

/** Returns whether no other user can read or write the directory. */
export function isSecretDirectory(path: string): boolean {
  return isClosed(path, GROUP_AND_OTHERS);
}

function isClosed(path: string, bits: number, owners?: ReadonlySet<number>): boolean {
  const stat = fs.lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined || !stat.isDirectory()) return false;
  if (process.getuid === undefined) return true;
  const isOurs = owners?.has(stat.uid) ?? stat.uid === process.getuid();
  return isOurs && (stat.mode & bits) === 0;
}

/** Runs code that creates files with the umask, such as a library, so that those files are private to this user. */
export function withPrivateUmask(work: () => void): void {
  const before = process.umask(GROUP_AND_OTHERS);
  try {
    work();
  } finally {
    process.umask(before);
  }
}
