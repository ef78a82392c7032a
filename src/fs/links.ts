import * as fs from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { refuseLink, type LinkTrust } from "./owner.ts";
import { toStorageError } from "./read.ts";

/** Where links lead: the file behind a path, which may be another one by the time of the writing. */

/** As many links as Linux follows before it says ELOOP. */
const MOST_LINKS = 40;

/**
 * What `path` finally leads to; a dangling link's target counts, so that it is made and the link kept.
 * @throws LatchkeyError STORAGE_FAILED for a link that is not written through.
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
    // Relative to where the link really lies: its directory may have been reached through another link.
    current = resolve(fs.realpathSync(dirname(current)), target);
  }
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `${path} is a symbolic link that leads back to itself.`,
    { hint: `Remove it: rm ${path}` },
  );
}

/** The same, with every link on the way to it followed: the one name of that file, also where it or its directory is not there yet. */
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

/** By path, the file that it led to when it was first read: what a person is shown and agrees to is of that one. */
const targets = new Map<string, string>();

export function noteTarget(path: string): void {
  if (!targets.has(path)) targets.set(path, findTarget(path, "any"));
}

export function leadsTo(path: string, target: string): boolean {
  return findTarget(path, "any") === target;
}

/** The file that a path leads to. @throws LatchkeyError STORAGE_FAILED where it led to another one when it was read. */
export function requireTarget(path: string, isSecret = false): string {
  const target = findTarget(path, isSecret ? "secret" : "own");
  const known = targets.get(path) ?? target;
  if (known === target) return target;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    `${path} led to ${known} when it was read, and leads to ${target} now: nothing was written.`,
    { hint: "Run the command again, and look at what it shows." },
  );
}

/** The change is made, and no client finds it. */
export function requireWritten(path: string, target: string): void {
  const now = findTarget(path, "any");
  if (now === target) return;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    `The change was written to ${target}, and ${path} leads to ${now} by now.`,
    { hint: "Make the link lead back, or run the command again." },
  );
}
