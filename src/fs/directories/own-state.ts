import * as fs from "node:fs";
import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { systemErrorCode } from "../../errors.ts";
import type { Environment } from "../../context.ts";
import { listStatePlaces } from "../../model/role.ts";
import { trace } from "../../trace.ts";
import { describeOwner, listTrustedOwners, type ForeignOwner } from "../owner.ts";
import { setStateRoot, locateUsualState } from "../paths.ts";
import { ensurePrivateDirectory, isPrivateDirectory } from "./private.ts";

/**
 * Decides where latchkey's own state is stored: in `~/.aws/latchkey`, or elsewhere if that directory is not private and
 * writable. It may be on a disk without file modes (WSL's /mnt/c, exFAT, SMB) or a read-only mount, or root may have
 * created it.
 */

/** The reason why the state is not in `~/.aws/latchkey`. */
export type Obstacle =
  /** A new directory at this path is not private to its creator. */
  | { readonly kind: "no-modes"; readonly path: string }
  /** The disk has file modes, but other users may write to the directory. */
  | { readonly kind: "exposed"; readonly path: string }
  | ({ readonly kind: "foreign" } & ForeignOwner)
  /** A new directory can't be created at this path. */
  | { readonly kind: "unwritable"; readonly path: string };

const GROUP_AND_OTHERS = 0o077;
const OTHERS_WRITE = 0o022;

/**
 * Prepares the choice of the state directory. latchkey makes the choice when it first needs a path in that directory.
 * @param say tells the user about the choice, once for each directory that is created.
 */
export function settleOwnState(
  home: string,
  env: Environment,
  say: (obstacle: Obstacle, place: string) => void,
): void {
  setStateRoot(home, () => {
    const obstacle = findObstacle(home);
    if (obstacle === undefined) return undefined;
    const place = listStatePlaces(home, env, process.geteuid?.()).find((path) =>
      isUsable(home, path, () => say(obstacle, path)),
    );
    trace(() => `own state: ${obstacle.kind}, ${place ?? "and no other place takes it"}`);
    return place;
  });
}

/**
 * Returns whether the directory is private and writable; creates it if it is missing. In a shared directory another
 * user may have created it.
 */
function isUsable(home: string, path: string, onMade: () => void): boolean {
  try {
    const owners = listTrustedOwners(home);
    const isNew = fs.lstatSync(path, { throwIfNoEntry: false }) === undefined;
    ensurePrivateDirectory(path);
    const isSwappable = !isPrivateDirectory(dirname(path), owners);
    const isReadable = (fs.lstatSync(path).mode & GROUP_AND_OTHERS) !== 0;
    if (isSwappable || isReadable || !isPrivateDirectory(path, owners)) return false;
    fs.accessSync(path, fs.constants.W_OK);
    if (isNew) onMade();
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns why `~/.aws/latchkey` is not private to this user; undefined if it is private, or on Windows, which has no user
 * ids.
 */
export function findObstacle(home: string): Obstacle | undefined {
  const trusted = listTrustedOwners(home);
  if (trusted === undefined) return undefined;
  const own = locateUsualState(home);
  try {
    const stat = fs.statSync(own, { throwIfNoEntry: false });
    if (stat === undefined) return findObstacleAbove(home, trusted);
    return judgeDirectory(own, stat, trusted) ?? judgeChildren(own, trusted);
  } catch (thrown) {
    if (systemErrorCode(thrown) === undefined) throw thrown;
    return { kind: "unwritable", path: own };
  }
}

/** Used if the state directory does not exist yet: checks the AWS directory, else the home, in which it will be created. */
function findObstacleAbove(home: string, trusted: ReadonlySet<number>): Obstacle | undefined {
  const shared = join(home, ".aws");
  const stat = fs.statSync(shared, { throwIfNoEntry: false });
  const [path, { uid, mode }, bits] =
    stat === undefined
      ? ([home, fs.statSync(home), OTHERS_WRITE] as const)
      : ([shared, stat, GROUP_AND_OTHERS] as const);
  return trusted.has(uid) && (mode & bits) === 0 ? undefined : probe(path);
}

function judgeDirectory(
  path: string,
  stat: fs.Stats,
  trusted: ReadonlySet<number>,
): Obstacle | undefined {
  if (!stat.isDirectory()) return { kind: "unwritable", path };
  const isForeign = !trusted.has(stat.uid);
  // On a disk without file modes, all files often have the same owner, so such a disk must be ruled out first.
  const found = isForeign || (stat.mode & GROUP_AND_OTHERS) !== 0 ? probe(path) : undefined;
  if (found?.kind === "no-modes") return found;
  if (isForeign) return { kind: "foreign", ...describeOwner(path, stat) };
  return (stat.mode & OTHERS_WRITE) === 0 ? undefined : { kind: "exposed", path };
}

/** Finds subdirectories that belong to another user, such as root, or that others can write to. */
function judgeChildren(own: string, trusted: ReadonlySet<number>): Obstacle | undefined {
  for (const entry of fs.readdirSync(own, { withFileTypes: true })) {
    if (!entry.isDirectory()) continue;
    const path = join(own, entry.name);
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) continue;
    if (!trusted.has(stat.uid)) return { kind: "foreign", ...describeOwner(path, stat) };
    if ((stat.mode & OTHERS_WRITE) !== 0) return { kind: "exposed", path };
  }
  return undefined;
}

/** Creates a directory to see whether the disk stores its mode. The result of chmod does not show that. */
function probe(directory: string): Obstacle | undefined {
  const path = join(directory, `.latchkey-${randomBytes(8).toString("hex")}`);
  try {
    fs.mkdirSync(path, { mode: 0o700 });
    const { mode } = fs.lstatSync(path);
    fs.rmdirSync(path);
    return (mode & GROUP_AND_OTHERS) === 0 ? undefined : { kind: "no-modes", path: directory };
  } catch (thrown) {
    const code = systemErrorCode(thrown) ?? "";
    return ["EACCES", "EPERM", "EROFS"].includes(code)
      ? { kind: "unwritable", path: directory }
      : undefined;
  }
}

/** Returns one line for the user: what is wrong, and how to fix it. */
export function describeObstacle(obstacle: Obstacle): { what: string; cure: string } {
  const { path } = obstacle;
  switch (obstacle.kind) {
    case "no-modes":
      return {
        what: `the disk under ${path} keeps no modes, so others can read and change the files there`,
        cure: 'mount it with modes (in WSL: options = "metadata" below [automount] in /etc/wsl.conf), or leave it as it is',
      };
    case "exposed":
      return { what: `others can write to ${path}`, cure: `chmod 700 ${path}` };
    case "foreign":
      return { what: `${path} belongs to ${obstacle.owner}`, cure: obstacle.cure };
    case "unwritable":
      return { what: `${path} can't be written to`, cure: "Check its owner and its mode." };
  }
}
