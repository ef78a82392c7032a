import type { Environment } from "../../context.ts";
import { LatchkeyError } from "../../errors.ts";
import { findForeignOwner, refuseLinksOnTheWay } from "../owner.ts";
import { listHostLockDirectories } from "../paths.ts";
import { ensureDirectoryBeside, ensurePrivateDirectory, isPrivateDirectory } from "./private.ts";

/** The directories that locks lie in: of the home, and of this host for a home that takes none. */

/** Where another user has taken a place's name in a shared directory, a name beside it that nobody can guess does as well. */
export function* listHostPlaces(env: Environment): Generator<() => string> {
  const places = listHostLockDirectories(env, isPrivateDirectory);
  for (const place of places) yield () => makeLockDirectory(place);
  for (const place of places)
    if (!isPrivateDirectory(place)) yield () => ensureDirectoryBeside(place);
}

/** Whoever can write there could swap a lock file under us. */
export function makeLockDirectory(directory: string, owners?: ReadonlySet<number>): string {
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
