import * as fs from "node:fs";
import { constants } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { NO_FOLLOW, NON_BLOCKING } from "./descriptor.ts";
import { isInOwnState } from "./paths.ts";

/** Checks who owns files: those that root creates for another user, and those of other users that this user can't use. */

const ROOT = 0;

/** Returns the users whose files this process trusts: its own user and, for root, the owner of the home. */
export function listTrustedOwners(home: string): ReadonlySet<number> | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  const owner = user === 0 ? (statOrNothing(join(home, ".aws")) ?? statOrNothing(home)) : undefined;
  return new Set(owner === undefined ? [user] : [user, owner.uid]);
}

/**
 * Gives a file that root created to the owner of its directory, who could not read it otherwise. Does nothing if this
 * process is not root.
 */
export function giveToOwner(descriptor: number, directory: string): void {
  if (process.geteuid?.() !== 0) return;
  const owner = statOrNothing(directory);
  if (owner === undefined || owner.uid === 0) return;
  try {
    const stat = fs.fstatSync(descriptor);
    // A file with several hard links may belong to anybody. latchkey does not give away a link to a file of root.
    const isOursAlone = stat.isDirectory() || stat.nlink === 1;
    if (stat.uid === 0 && isOursAlone) fs.fchownSync(descriptor, owner.uid, owner.gid);
  } catch {
    // A user namespace may have no number for that user, so chown fails.
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
    // The path is missing or a link: nothing to give.
  }
}

/**
 * Returns whether a new version of a file has the required owner. A disk with one owner for all files gives both versions
 * that owner.
 * @param allowed for root: the user who may own the secret. A secret of any other user is not kept.
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
 * Returns the first path on the way to `path` that belongs to another user, from the AWS directory downwards. Paths above
 * it are not latchkey's to change.
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
 * Returns whether only its owner can have written a file: "foreign" if another user owns it, "exposed" if others can
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
 * Which links latchkey writes through. "own": links of the user (as a dotfiles manager makes) or of root, to any place.
 * "secret": links to a place of the same owner. "none": no links. "any": for code that only reads.
 */
export type LinkTrust = "any" | "own" | "secret" | "none";

/** Root follows another user's link only to a place of the same user, because that user must not choose other targets. */
export function isLinkFollowed(trust: LinkTrust, owners: LinkOwners): boolean {
  const { user, link, directory, target } = owners;
  if (trust === "any" || trust === "none") return trust === "any";
  const isOwn = link === user || link === ROOT;
  if (trust === "own") return isOwn || (user === ROOT && target === link);
  const isOfOneOwner = target === directory && (link === directory || link === ROOT);
  return isOfOneOwner && (user === target || user === ROOT);
}

/**
 * @throws LatchkeyError STORAGE_FAILED for a link that latchkey does not write through. Does nothing on platforms without
 * user ids.
 */
export function refuseLink(path: string, trust: LinkTrust): void {
  const user = process.geteuid?.();
  const link = lstatOrNothing(path);
  if (user === undefined || link === undefined) return;
  // A missing target will belong to the owner of its directory.
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

/** Gives the error the same cause as a refusal by the system, for callers that check the kind of failure. */
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
 * Root gives secrets to the owner of their directory, so only a directory of the owner of the AWS directory is allowed.
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

/** In a container the user id may have no name. Bun's `userInfo` uses the variable USER, so it is not used here. */
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

/** A copy of the shell quoting: the hot path loads this module and must not load the one for all shells. */
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
