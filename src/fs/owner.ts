import * as fs from "node:fs";
import { constants } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { NO_FOLLOW, NON_BLOCKING } from "./descriptor.ts";
import { isInOwnState } from "./paths.ts";

/** Checks who owns files: files that root creates for another user, and files of other users that this user can't use. */

const ROOT = 0;

/** Returns the users whose files this process trusts: its own user and, for root, the owner of the home. */
export function listTrustedOwners(home: string): ReadonlySet<number> | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  const owner = user === 0 ? (statOrNothing(join(home, ".aws")) ?? statOrNothing(home)) : undefined;
  return new Set(owner === undefined ? [user] : [user, owner.uid]);
}

/**
 * Gives a file that root created to the owner of its directory. Otherwise that owner could not read the file. Does
 * nothing if this process is not root.
 */
export function giveToOwner(descriptor: number, directory: string): void {
  if (process.geteuid?.() !== 0) return;
  const owner = statOrNothing(directory);
  if (owner === undefined || owner.uid === 0) return;
  try {
    const stat = fs.fstatSync(descriptor);
    // A file with several hard links may belong to anybody: someone may have linked one of root's own files here.
    const isOursAlone = stat.isDirectory() || stat.nlink === 1;
    if (stat.uid === 0 && isOursAlone) fs.fchownSync(descriptor, owner.uid, owner.gid);
  } catch {
    // A user namespace may have no number for the directory's owner, so chown fails.
  }
}

/** Gives the file at a path to the owner of its directory. Follows no link. */
export function givePathToOwner(path: string): void {
  if (process.geteuid?.() !== 0) return;
  try {
    const descriptor = fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
    giveToOwner(descriptor, dirname(path));
    fs.closeSync(descriptor);
  } catch {
    // The path is missing or a link, so no owner is changed.
  }
}

/**
 * Returns whether the file that replaces another has the required owner. On a disk that gives all files one owner, both
 * files have that owner.
 * @param allowed if this process is root: the user who may own the secret. For a secret of any other user except root,
 * returns false.
 */
export function isOwnerKept(owners: {
  /** The user of this process; undefined on platforms without user ids. */
  readonly user: number | undefined;
  readonly before: number;
  readonly after: number;
  readonly allowed: number;
}): boolean {
  const { user, before, after, allowed } = owners;
  if (user !== ROOT) return before === after;
  return before === ROOT || (before === after && before === allowed);
}

export interface ForeignOwner {
  readonly path: string;
  /** The user's name, or `user 1000` if the user has no name here. */
  readonly owner: string;
  /** The command that gives the path back to this user. */
  readonly cure: string;
}

/**
 * Returns the first directory or file on the way to `path` that belongs to another user, starting at the AWS directory.
 * latchkey does not change owners of paths above that directory.
 */
export function findForeignOwner(path: string): ForeignOwner | undefined {
  const steps = listBelowAws(path);
  const trusted = steps[0] === undefined ? undefined : listTrustedOwners(dirname(steps[0]));
  if (trusted === undefined) return undefined;
  for (const step of steps) {
    const stat = lstatOrNothing(step);
    if (stat === undefined) return undefined;
    if (!trusted.has(stat.uid)) return describeOwner(step, stat);
  }
  return undefined;
}

/**
 * Returns whether only the owner can have written a file: "foreign" if another user owns it, "exposed" if other users can
 * write to it.
 * @param trusted the user ids that may own it; undefined on platforms without user ids, where every file is trusted.
 */
export function judgeOwnership(
  { uid, mode }: Pick<fs.Stats, "uid" | "mode">,
  trusted: ReadonlySet<number> | undefined,
): "own" | "foreign" | "exposed" {
  if (trusted === undefined) return "own";
  if (!trusted.has(uid)) return "foreign";
  return (mode & OTHERS_WRITE) === 0 ? "own" : "exposed";
}

const OTHERS_WRITE = 0o022;

/** Does the same for a file in this home. For the hot path: it looks up the owner of the home only if root needs it. */
export function isOwnFile(stat: Pick<fs.Stats, "uid" | "mode">, home: string): boolean {
  const isOfUser = stat.uid === process.geteuid?.();
  const trusted = isOfUser ? new Set([stat.uid]) : listTrustedOwners(home);
  return judgeOwnership(stat, trusted) === "own";
}

/** User ids. */
interface LinkOwners {
  /** The user of this process. */
  readonly user: number;
  readonly link: number;
  /** The owner of the directory that contains the link. */
  readonly directory: number;
  readonly target: number;
}

/**
 * Which symbolic links latchkey writes through. "own": links of the user (a dotfiles manager creates such links) or of
 * root, with any target. "secret": links to a target with the same owner as the directory that contains the link.
 * "none": no links. "any": all links, for code that only reads.
 */
export type LinkTrust = "any" | "own" | "secret" | "none";

/**
 * Root follows another user's link only if its target belongs to the same user. Else that user could choose which file
 * root writes.
 */
export function isLinkFollowed(trust: LinkTrust, owners: LinkOwners): boolean {
  const { user, link, directory, target } = owners;
  if (trust === "any" || trust === "none") return trust === "any";
  const isOwn = link === user || link === ROOT;
  if (trust === "own") return isOwn || (user === ROOT && target === link);
  const isOfOneOwner = target === directory && (link === directory || link === ROOT);
  return isOfOneOwner && (user === target || user === ROOT);
}

/**
 * Checks a link that is on the way to a file. Does nothing on platforms without user ids.
 * @throws LatchkeyError STORAGE_FAILED for a link that latchkey does not write through.
 */
export function refuseLink(path: string, trust: LinkTrust): void {
  const user = process.geteuid?.();
  const link = lstatOrNothing(path);
  if (user === undefined || link === undefined) return;
  // If the target is missing, its owner will be the owner of its directory.
  const target = statOrNothing(path) ?? statOrNothing(readTargetDirectory(path));
  const directory = statOrNothing(dirname(path));
  if (target === undefined || directory === undefined) return;
  const owners = { user, link: link.uid, directory: directory.uid, target: target.uid };
  if (isLinkFollowed(trust, owners)) return;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    `${path} is a link to another place, where latchkey does not write.`,
    { hint: `Remove the link: rm ${quotePath(path)}`, cause: NOT_WRITTEN_THROUGH },
  );
}

/** The same cause as when the system refuses the write, for callers that check the kind of failure. */
const NOT_WRITTEN_THROUGH = Object.assign(new Error("a link"), { code: "EPERM" });

function readTargetDirectory(link: string): string {
  return dirname(resolve(dirname(link), fs.readlinkSync(link)));
}

/**
 * Checks every directory on the way to a file that will be written.
 * @throws LatchkeyError STORAGE_FAILED for a link that latchkey does not write through.
 */
export function refuseLinksOnTheWay(directory: string, isSecret: boolean): void {
  if (process.geteuid === undefined) return;
  let trust: LinkTrust = "own";
  for (const step of listSteps(directory)) {
    if (isSecret && isInOwnState(step)) trust = "none";
    if (lstatOrNothing(step)?.isSymbolicLink() === true) refuseLink(step, trust);
    if (isSecret && basename(step) === ".aws") trust = "secret";
  }
}

/** Lists the path and all its parents, from / downwards. */
function listSteps(path: string): string[] {
  const steps: string[] = [];
  for (let step = path; dirname(step) !== step; step = dirname(step)) steps.unshift(step);
  return steps;
}

/**
 * Refuses a directory for secrets that belongs to the wrong user. Root gives a secret to the owner of its directory, so
 * that owner must be the owner of the AWS directory.
 * @throws LatchkeyError STORAGE_FAILED if another user owns a path below the AWS directory.
 */
export function refuseForeignDirectory(path: string): void {
  const foreign = process.geteuid?.() === ROOT ? findForeignOwner(path) : undefined;
  if (foreign === undefined) return;
  throw new LatchkeyError("STORAGE_FAILED", `${foreign.path} belongs to ${foreign.owner}.`, {
    hint: foreign.cure,
  });
}

function listBelowAws(path: string): string[] {
  const steps = listSteps(path);
  const first = steps.findLastIndex((step) => basename(step) === ".aws");
  return first === -1 ? [] : steps.slice(first);
}

export function describeOwner(path: string, stat: fs.Stats): ForeignOwner {
  const recursive = stat.isDirectory() ? "-R " : "";
  return {
    path,
    owner: findUserName(stat.uid) ?? `user ${stat.uid}`,
    cure: `sudo chown ${recursive}${findOwnName()} ${quotePath(path)}`,
  };
}

/**
 * In a container the user id may have no name. Bun's `userInfo` reads the variable USER instead, so it is not used here.
 */
function findOwnName(): string {
  const user = process.geteuid?.() ?? 0;
  return findUserName(user) ?? String(user);
}

function findUserName(uid: number): string | undefined {
  if (uid === 0) return "root";
  try {
    const lines = fs.readFileSync("/etc/passwd", "utf8").split("\n");
    return lines.map((line) => line.split(":")).find((fields) => fields[2] === String(uid))?.[0];
  } catch {
    return undefined;
  }
}

/** A copy of the shell quoting. The hot path loads this module and must not load the module that quotes for all shells. */
function quotePath(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function statOrNothing(path: string): fs.Stats | undefined {
  try {
    return fs.statSync(path);
  } catch {
    return undefined;
  }
}

function lstatOrNothing(path: string): fs.Stats | undefined {
  try {
    return fs.lstatSync(path);
  } catch {
    return undefined;
  }
}
