import * as fs from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemErrorCode } from "../../errors.ts";
import { givePathToOwner, refuseLinksOnTheWay } from "../owner.ts";
import { isInOwnState, isOwnState } from "../paths.ts";
import { ignoreErrors, toStorageError } from "../read.ts";

/** Directories that are for their owner alone. */

const OWNER_ALONE = 0o700;
const GROUP_AND_OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/** Makes a directory of ours, and its parents, for its owner alone. Existing ones keep their mode. */
export function ensurePrivateDirectory(path: string): void {
  try {
    createDirectories(path);
  } catch (thrown) {
    throw toStorageError(`The directory ${path} could not be made`, thrown);
  }
}

/** One by one: Node's own recursion says ENOENT where a read-only file system is the reason. */
function createDirectories(path: string): void {
  if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  createDirectories(dirname(path));
  try {
    fs.mkdirSync(path, { mode: OWNER_ALONE });
    // A umask can take the owner's rights, too.
    const { mode } = fs.lstatSync(path);
    if ((mode & OWNER_ALONE) !== OWNER_ALONE) fs.chmodSync(path, mode | OWNER_ALONE);
    givePathToOwner(path);
  } catch (thrown) {
    // Another process was quicker.
    if (systemErrorCode(thrown) !== "EEXIST") throw thrown;
  }
}

/**
 * The same for a directory of secrets. One that is there loses what lets others in: one of ours all of it, one that an AWS
 * client made by its umask what lets them write.
 * @throws LatchkeyError STORAGE_FAILED, also for a link that is not written through.
 */
export function ensureSecretDirectory(path: string): void {
  refuseLinksOnTheWay(path, true);
  ensurePrivateDirectory(path);
  const isOurs = isOwnState(path) || isInOwnState(path);
  for (const step of listStepsBelow(path, isOurs ? isOwnState : isSharedRoot))
    closeDirectory(step, isOurs ? GROUP_AND_OTHERS : OTHERS_WRITE);
}

/** A directory of ours that is not in our own state. */
export function ensureClosedDirectory(path: string): void {
  ensurePrivateDirectory(path);
  closeDirectory(path, GROUP_AND_OTHERS);
}

/** `~/.aws` itself is the person's to open. */
function isSharedRoot(path: string): boolean {
  return basename(dirname(path)) === ".aws";
}

/** The path and what is above it, up to the one that is the last; the path alone where none is. */
function listStepsBelow(path: string, isLast: (step: string) => boolean): string[] {
  const steps: string[] = [];
  for (let step = path; dirname(step) !== step; step = dirname(step)) {
    steps.push(step);
    if (isLast(step)) return steps;
  }
  return [path];
}

/** Best effort: a disk without modes takes none, and the doctor says what is open. */
function closeDirectory(path: string, bits: number): void {
  ignoreErrors(() => {
    const stat = fs.lstatSync(path);
    const isOpen = stat.isDirectory() && (stat.mode & bits) !== 0;
    if (isOpen && stat.uid === process.geteuid?.()) fs.chmodSync(path, stat.mode & 0o7777 & ~bits);
  });
}

/**
 * A directory of ours beside one whose name another user has taken. All processes of this user come to the same: the oldest,
 * by the time in its name.
 */
export function ensureDirectoryBeside(path: string): string {
  const [parent, prefix] = [dirname(path), `${basename(path)}-`];
  const find = (): string | undefined =>
    fs
      .readdirSync(parent)
      .filter((name) => name.startsWith(prefix))
      .toSorted()
      .map((name) => join(parent, name))
      .find((each) => isPrivateDirectory(each));
  try {
    const made = find() ?? fs.mkdtempSync(join(parent, `${prefix}${Date.now().toString(36)}-`));
    return find() ?? made;
  } catch (thrown) {
    throw toStorageError(`No directory of latchkey's own could be made in ${parent}`, thrown);
  }
}

/**
 * Whether nobody else can write there, or swap it. Windows has no modes: what lies in the profile is private there.
 * @param owners whose it may be; by default this user's alone.
 */
export function isPrivateDirectory(path: string, owners?: ReadonlySet<number>): boolean {
  return isClosed(path, OTHERS_WRITE, owners);
}

/** Whether nobody else can look in there either. */
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

/** Runs what makes files by the umask, as a library does: they are for their owner alone. */
export function withPrivateUmask(work: () => void): void {
  const before = process.umask(GROUP_AND_OTHERS);
  try {
    work();
  } finally {
    process.umask(before);
  }
}
