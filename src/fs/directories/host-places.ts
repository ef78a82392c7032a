import type { Environment } from "../../context.ts";
import { LatchkeyError } from "../../errors.ts";
import { findForeignOwner, refuseLinksOnTheWay } from "../owner.ts";
import { listHostLockDirectories } from "../paths.ts";
import { ensureDirectoryBeside, ensurePrivateDirectory, isPrivateDirectory } from "./private.ts";

/**
 * Finds directories that only this user can write to, elsewhere on this host: for locks if the home's file system does
 * not support them, and for the keychain library's native part if no program may be loaded from the home.
 */

/**
 * Lists functions that create such a directory on this host, the best directory first. If another user has already
 * taken the directory's name in a shared directory, latchkey uses that name with a number.
 */
export function* listHostPlaces(env: Environment): Generator<() => string> {
  const places = listHostLockDirectories(env, isPrivateDirectory);
  for (const place of places) yield () => makePrivateDirectory(place);
  for (const place of places)
    if (!isPrivateDirectory(place)) yield () => ensureDirectoryBeside(place);
}

/**
 * Creates a private directory: anyone who can write to it could replace a lock file or a library.
 * @throws LatchkeyError STORAGE_FAILED if another user owns the directory or can write to it.
 */
export function makePrivateDirectory(directory: string, owners?: ReadonlySet<number>): string {
  refuseLinksOnTheWay(directory, true);
  ensurePrivateDirectory(directory);
  if (isPrivateDirectory(directory, owners)) return directory;
  const foreign = findForeignOwner(directory);
  throw new LatchkeyError(
    "STORAGE_FAILED",
    foreign === undefined
      ? `The directory ${directory} must be yours and not writable by others.`
      : `${foreign.path} belongs to ${foreign.owner}.`,
    { hint: foreign?.cure ?? `chmod 700 ${directory}`, cause: NOT_OURS },
  );
}

const NOT_OURS = Object.assign(new Error("not ours"), { code: "EPERM" });
