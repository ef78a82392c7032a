import * as fs from "node:fs";
import { constants } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LatchkeyError } from "../errors.ts";
import { NO_FOLLOW, NON_BLOCKING } from "./descriptor.ts";
import { isInOwnState } from "./paths.ts";

/** Whose files are whose: what root makes in another user's directory, and what another user's files keep this one from. */

const ROOT = 0;

/** Users whose files this process takes for its own: its user; for root also whoever owns the home. */
export function listTrustedOwners(home: string): ReadonlySet<number> | undefined {
  const user = process.geteuid?.();
  if (user === undefined) return undefined;
  const owner = user === 0 ? (statOrNothing(join(home, ".aws")) ?? statOrNothing(home)) : undefined;
  return new Set(owner === undefined ? [user] : [user, owner.uid]);
}

/**
 * What root makes belongs to the owner of the directory that it lies in: that user could not read it otherwise. Nothing where
 * this is not root.
 */
export function giveToOwner(descriptor: number, directory: string): void {
  if (process.geteuid?.() !== 0) return;
  const owner = statOrNothing(directory);
  if (owner === undefined || owner.uid === 0) return;
  try {
    const stat = fs.fstatSync(descriptor);
    // A file with another name as well may be anybody's: a link to a file of root's is not given away.
    const isOursAlone = stat.isDirectory() || stat.nlink === 1;
    if (stat.uid === 0 && isOursAlone) fs.fchownSync(descriptor, owner.uid, owner.gid);
  } catch {
    // A user namespace knows that user by no number: it can't be given to.
  }
}

/** The same of what lies at a path; through no link. */
export function givePathToOwner(path: string): void {
  if (process.geteuid?.() !== 0) return;
  try {
    const descriptor = fs.openSync(path, constants.O_RDONLY | NO_FOLLOW | NON_BLOCKING);
    giveToOwner(descriptor, dirname(path));
    fs.closeSync(descriptor);
  } catch {
    // What is not there, or is a link, is given to nobody.
  }
}

/**
 * Whether a new version of a file has the owner that it must have. A disk with one owner for all gives that one to both.
 * @param allowed for root, whose a secret may be: of another user it is not kept.
 */
export function isOwnerKept(owners: {
  /** Who runs this process; undefined where users have no numbers. */
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
  /** The user's name, or `user 1000` where it has none here. */
  readonly owner: string;
  /** What gives it back, as one types it. */
  readonly cure: string;
}

/**
 * What belongs to another user on the way to `path`: the first, from the AWS directory downwards; nothing above it is
 * anybody's to give away.
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
 * Whether what a file says is its owner's word alone: "foreign" where another user owns it, "exposed" where others can write
 * to it.
 * @param trusted whose it may be; undefined where users have no numbers, and every file is believed.
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

/** Numbers of users. */
interface LinkOwners {
  /** Who runs this process. */
  readonly user: number;
  readonly link: number;
  /** Of the directory that the link lies in. */
  readonly directory: number;
  readonly target: number;
}

/**
 * Which links are written through. "own": the person's own, wherever it leads, as a dotfiles manager's does, and root's.
 * "secret": one that leads to a place of the same owner. "none": no link at all. "any" is for who only reads.
 */
export type LinkTrust = "any" | "own" | "secret" | "none";

/** Root follows another user's link only to a place of that user's: what lies elsewhere is not that user's to name. */
export function isLinkFollowed(trust: LinkTrust, owners: LinkOwners): boolean {
  const { user, link, directory, target } = owners;
  if (trust === "any" || trust === "none") return trust === "any";
  const isOwn = link === user || link === ROOT;
  if (trust === "own") return isOwn || (user === ROOT && target === link);
  const isOfOneOwner = target === directory && (link === directory || link === ROOT);
  return isOfOneOwner && (user === target || user === ROOT);
}

/** @throws LatchkeyError STORAGE_FAILED for a link that is not written through; nothing where users have no numbers. */
export function refuseLink(path: string, trust: LinkTrust): void {
  const user = process.geteuid?.();
  const link = lstatOrNothing(path);
  if (user === undefined || link === undefined) return;
  // What is not there yet will belong to the owner of its directory.
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

/** For who asks what kind of failure it is: as if the system had refused it. */
const NOT_WRITTEN_THROUGH = Object.assign(new Error("a link"), { code: "EPERM" });

function readTargetDirectory(link: string): string {
  return dirname(resolve(dirname(link), fs.readlinkSync(link)));
}

/**
 * Looks at every directory on the way to a file that is about to be written.
 * @throws LatchkeyError STORAGE_FAILED for a link that is not written through.
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

/** The path and all that is above it, from / on. */
function listSteps(path: string): string[] {
  const steps: string[] = [];
  for (let step = path; dirname(step) !== step; step = dirname(step)) steps.unshift(step);
  return steps;
}

/**
 * Root's secrets go to the owner of their directory: a directory of anybody but the owner of the AWS directory takes none.
 * @throws LatchkeyError STORAGE_FAILED
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

/** A container runs programs under numbers without a name. Bun's `userInfo` goes by USER. */
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

/** The hot path loads this module, and not the words of every shell. */
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
