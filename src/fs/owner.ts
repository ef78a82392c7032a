import * as fs from "node:fs";
import { constants } from "node:fs";
import { basename, dirname, join } from "node:path";
import { NO_FOLLOW, NON_BLOCKING } from "./descriptor.ts";

/** Whose files are whose: what root makes in another user's directory, and what another user's files keep this one from. */

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

function listBelowAws(path: string): string[] {
  const steps: string[] = [];
  for (let step = path; dirname(step) !== step; step = dirname(step)) {
    steps.unshift(step);
    if (basename(step) === ".aws") return steps;
  }
  return [];
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
