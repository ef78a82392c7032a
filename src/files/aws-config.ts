import { randomBytes } from "node:crypto";
import { copyFileSync, constants, readdirSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { formatInstant } from "../domain/instant.ts";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { withLock, type LockOptions } from "./lock.ts";
import { backupDirectory } from "./paths.ts";
import { openReplacement, overwriteFile, resolveLinks } from "./replace-file.ts";
import { ensurePrivateDirectory, readIfPresent, statIfPresent, storageFailed } from "./safe-file.ts";

/** `~/.aws/config` as bytes: read, and replaced whole without losing what anybody else wrote meanwhile. */

const MAX_CONFIG_BYTES = 64 * 1024 * 1024;
const MOST_ATTEMPTS = 5;
const KEPT_BACKUPS = 10;
/** What the AWS CLI gives a config that it makes. */
const NEW_FILE_MODE = 0o600;

/** The bytes of the config; none where there is no file. */
export function readConfigFile(path: string): Uint8Array {
  return readIfPresent(path, MAX_CONFIG_BYTES) ?? new Uint8Array();
}

/** How the file was written; "in-place" where it could not be replaced by a rename. */
export type Written = "unchanged" | "replaced" | "in-place";

/**
 * Replaces the config by what `edit` makes of it: under a lock against our own processes, and with a last comparison
 * before the rename against everybody else, after which the edit is made anew on what they wrote.
 * `edit` returns undefined where nothing is to be changed.
 */
export async function updateConfigFile(
  home: string,
  path: string,
  lock: LockOptions,
  edit: (bytes: Uint8Array) => Uint8Array | undefined,
): Promise<Written> {
  return withLock(home, `the file ${path}`, lock, async () => {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const before = readConfigFile(path);
      const after = edit(before);
      if (after === undefined) return "unchanged";
      const written = writtenUnlessChanged(home, path, before, after);
      if (written !== undefined) return written;
    }
    throw new LatchkeyError("STORAGE_FAILED", `${path} is being changed by another program at this moment.`, { hint: "Try again when that program is done." });
  });
}

/** undefined where the file is no longer what `before` was read from: nothing is written then. */
function writtenUnlessChanged(home: string, path: string, before: Uint8Array, after: Uint8Array): Written | undefined {
  const target = resolveLinks(path);
  makeParent(path, target);
  keepBackup(home, target, before);
  const isUnchanged = (): boolean => Buffer.compare(readConfigFile(path), before) === 0;
  if ((statIfPresent(target)?.nlink ?? 1) > 1) return isUnchanged() ? overwritten(target, after) : undefined;
  const replacement = openReplacement(path, { mode: NEW_FILE_MODE });
  replacement.stage(after);
  if (!isUnchanged()) {
    replacement.abandon();
    return undefined;
  }
  try {
    replacement.publish();
    return "replaced";
  } catch (thrown) {
    // A file that is a mount point by itself (a container's bind mount) can't be renamed over.
    const code = thrown instanceof LatchkeyError ? systemErrorCode(thrown.cause) : undefined;
    if (code === "EBUSY" || code === "EXDEV") return overwritten(target, after);
    throw thrown;
  }
}

/** Only where nothing else is possible, and only after a backup: a reader may see a part of it for a moment. */
function overwritten(target: string, bytes: Uint8Array): Written {
  overwriteFile(target, bytes);
  return "in-place";
}

/** A missing `~/.aws` is made as the AWS CLI makes it; a dangling link into a directory that is not there is an error. */
function makeParent(path: string, target: string): void {
  if (statIfPresent(dirname(target)) !== undefined) return;
  if (target !== path) throw new LatchkeyError("CONFIG_INVALID", `${path} is a link into ${dirname(target)}, which is not there.`, { hint: `Make that directory, or remove the link: rm ${path}` });
  ensurePrivateDirectory(dirname(target));
}

/** The last ten versions, readable by their owner alone, since a config can hold keys. */
function keepBackup(home: string, target: string, before: Uint8Array): void {
  if (before.length === 0) return;
  const directory = backupDirectory(home);
  ensurePrivateDirectory(directory);
  const stamp = formatInstant(new Date()).replaceAll(":", "");
  try {
    copyFileSync(target, join(directory, `config.${stamp}.${randomBytes(4).toString("hex")}`), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    const old = readdirSync(directory).filter((name) => name.startsWith("config.")).sort().slice(0, -KEPT_BACKUPS);
    for (const name of old) unlinkSync(join(directory, name));
  } catch (thrown) {
    throw storageFailed(`A backup of ${target} could not be kept in ${directory}`, thrown);
  }
}
