import * as fs from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { refuseLink, type LinkTrust } from "./owner.ts";
import { toStorageError } from "./read.ts";

/** Resolves symbolic links. The file behind a path can change between reading and writing. */

/** Linux follows this many links before it reports ELOOP. */
const MOST_LINKS = 40;

/**
 * Returns the path that `path` finally leads to. If the link's target is missing, returns the target's path, so that the
 * target is created and the link stays.
 * @throws LatchkeyError STORAGE_FAILED for a link that latchkey does not write through.
 */
export function resolveLinks(path: string, trust: LinkTrust = "own"): string {
  let current = path;
  for (let followed = 0; followed < MOST_LINKS; followed += 1) {
    let target: string;
    try {
      target = fs.readlinkSync(current);
    } catch (thrown) {
      const code = systemErrorCode(thrown);
      if (code === "EINVAL" || code === "ENOENT" || code === "UNKNOWN" || code === "ENOTDIR")
        return current;
      throw toStorageError(`${current} could not be read`, thrown);
    }
    refuseLink(current, trust);
    // A relative target starts at the link's real directory, which may itself be reached through a link.
    current = resolve(fs.realpathSync(dirname(current)), target);
  }
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `${path} is a symbolic link that leads back to itself.`,
    { hint: `Remove it: rm ${path}` },
  );
}

/**
 * Returns the real path of a file after resolving all links, also in its parent directories. Works for missing files
 * and directories.
 */
function findTarget(path: string, trust: LinkTrust): string {
  const target = resolveLinks(path, trust);
  return join(resolveDirectory(dirname(target)), basename(target));
}

function resolveDirectory(path: string): string {
  try {
    return fs.realpathSync(path);
  } catch (thrown) {
    const parent = dirname(path);
    if (parent === path || systemErrorCode(thrown) !== "ENOENT") return path;
    return join(resolveDirectory(parent), basename(path));
  }
}

/** The file that each path led to when latchkey first read it. The user saw and approved a change to that file. */
const targets = new Map<string, string>();

export function noteTarget(path: string): void {
  if (!targets.has(path)) targets.set(path, findTarget(path, "any"));
}

export function leadsTo(path: string, target: string): boolean {
  return findTarget(path, "any") === target;
}

/**
 * Returns the file that a path leads to.
 * @throws LatchkeyError STORAGE_FAILED if the path led to another file when latchkey read it.
 */
export function requireTarget(path: string, isSecret = false): string {
  const target = findTarget(path, isSecret ? "secret" : "own");
  const known = targets.get(path) ?? target;
  if (known === target) return target;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    `${path} led to ${known} when it was read, but leads to ${target} now. Nothing was written.`,
    { hint: "Run the command again and check what it shows." },
  );
}

/**
 * Checks that the path still leads to the file that was written.
 * @throws LatchkeyError STORAGE_FAILED if not: AWS clients would not see the change.
 */
export function requireWritten(path: string, target: string): void {
  const now = findTarget(path, "any");
  if (now === target) return;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    `The change was written to ${target}, but ${path} leads to ${now} now.`,
    { hint: "Point the link to that file again, or run the command again." },
  );
}
