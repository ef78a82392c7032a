import { randomBytes } from "node:crypto";
import { dirname, join } from "node:path";
import { formatInstant } from "../text/instant.ts";
import { LatchkeyError, isExpectedFailure, systemErrorCode } from "../errors.ts";
import { writeLastChange } from "./memory.ts";
import { withLock, type LockOptions } from "../fs/lock.ts";
import { backupDirectory } from "../fs/paths.ts";
import {
  copyToNew,
  openReplacement,
  overwriteFile,
  resolveLinks,
  type LargeReplacement,
} from "../fs/replace.ts";
import {
  ensurePrivateDirectory,
  hasBytes,
  listNames,
  readIfPresent,
  removeFile,
  statIfPresent,
  toStorageError,
} from "../fs/read.ts";

/** `~/.aws/config` as bytes: read, and replaced whole without losing what anybody else wrote meanwhile. */

export const MAX_CONFIG_BYTES = 64 * 1024 * 1024;
const MOST_ATTEMPTS = 5;
const KEPT_BACKUPS = 10;
/** What the AWS CLI gives a config that it makes. */
const NEW_FILE_MODE = 0o600;

/** The bytes of the config; none where there is no file. */
export function readConfigFile(path: string): Uint8Array {
  return readIfPresent(path, MAX_CONFIG_BYTES) ?? new Uint8Array();
}

/** How the file was written; "in-place" where it could not be replaced by a rename. */
export type WriteOutcome = "unchanged" | "replaced" | "in-place";

export interface ConfigUpdate {
  readonly lock: LockOptions;
  /** What the file was when it was last read. A file of that size is taken for it; the last comparison tells. */
  readonly known: Uint8Array;
  /** Returns undefined where nothing is to be changed. */
  readonly edit: (bytes: Uint8Array) => Uint8Array | undefined;
  /** Called with the new bytes while the lock is still held. */
  readonly onWritten?: ((after: Uint8Array) => void) | undefined;
}

/**
 * Replaces the config by what `edit` makes of it: under a lock against our own processes, and with a last comparison
 * before the rename against everybody else, after which the edit is made anew on what they wrote.
 */
export async function updateConfigFile(
  home: string,
  path: string,
  { lock, known, edit, onWritten }: ConfigUpdate,
): Promise<WriteOutcome> {
  return withConfigLock(home, path, lock, async () => {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const before =
        attempt === 1 && (statIfPresent(path)?.size ?? 0) === known.length
          ? known
          : readConfigFile(path);
      const after = edit(before);
      if (after === undefined) {
        if (hasBytes(path, before)) return "unchanged";
        continue;
      }
      const how = await writeUnlessChanged(home, path, before, after);
      if (how === undefined) continue;
      onWritten?.(after);
      return how;
    }
    throw new LatchkeyError(
      "STORAGE_FAILED",
      `${path} is being changed by another program at this moment.`,
      { hint: "Try again when that program is done." },
    );
  });
}

/** The one lock of a config: against our own processes. */
export function withConfigLock<T>(
  home: string,
  path: string,
  lock: LockOptions,
  act: () => Promise<T>,
): Promise<T> {
  return withLock(home, `the file ${path}`, lock, act);
}

/** undefined where the file is no longer what `before` was read from: nothing is written then. */
export async function writeUnlessChanged(
  home: string,
  path: string,
  before: Uint8Array,
  after: Uint8Array,
): Promise<WriteOutcome | undefined> {
  const target = resolveLinks(path);
  createParent(path, target);
  const present = statIfPresent(target);
  const isSameAsBefore = (): boolean => hasBytes(path, before);
  // Before the rename: of a process that is killed between the two, undo finds the file as it was, and nothing to do.
  const prepareUndo = (): void =>
    writeLastChange(home, path, {
      existed: present !== undefined,
      backup: writeBackup(home, target, before),
      before,
      after,
    });
  if ((present?.nlink ?? 1) > 1) {
    prepareUndo();
    return isSameAsBefore() ? overwriteInPlace(target, after) : undefined;
  }
  const replacement = openReplacement(path, { mode: NEW_FILE_MODE });
  await stageAnd(replacement, after, prepareUndo);
  if (!isSameAsBefore()) {
    replacement.abandon();
    return undefined;
  }
  return publishOrOverwrite(replacement, target, after);
}

/** Stages the new bytes, and runs `prepare` while the disk takes them. Nothing is left of them where that fails. */
async function stageAnd(
  replacement: LargeReplacement,
  bytes: Uint8Array,
  prepare: () => void,
): Promise<void> {
  const staged = replacement.stageMeanwhile(bytes);
  try {
    prepare();
  } catch (thrown) {
    // Where it failed it is abandoned already: a descriptor that is closed twice may be another file's by then.
    await staged.then(
      () => replacement.abandon(),
      () => undefined,
    );
    throw thrown;
  }
  await staged;
}

function publishOrOverwrite(
  replacement: LargeReplacement,
  target: string,
  after: Uint8Array,
): WriteOutcome {
  try {
    replacement.publish();
    return "replaced";
  } catch (thrown) {
    // A file that is a mount point by itself (a container's bind mount) can't be renamed over.
    const code = isExpectedFailure(thrown) ? systemErrorCode(thrown.cause) : undefined;
    if (code === "EBUSY" || code === "EXDEV") return overwriteInPlace(target, after);
    throw thrown;
  }
}

/** Only where nothing else is possible, and only after a backup: a reader may see a part of it for a moment. */
function overwriteInPlace(target: string, bytes: Uint8Array): WriteOutcome {
  overwriteFile(target, bytes);
  return "in-place";
}

/** A missing `~/.aws` is made as the AWS CLI makes it; a dangling link into a directory that is not there is an error. */
function createParent(path: string, target: string): void {
  if (statIfPresent(dirname(target)) !== undefined) return;
  if (target !== path)
    throw new LatchkeyError(
      "CONFIG_INVALID",
      `${path} is a link into ${dirname(target)}, which is not there.`,
      { hint: `Make that directory, or remove the link: rm ${path}` },
    );
  ensurePrivateDirectory(dirname(target));
}

/** The last ten versions, readable by their owner alone, since a config can hold keys. Returns the new one's name. */
function writeBackup(home: string, target: string, before: Uint8Array): string | undefined {
  if (before.length === 0) return undefined;
  const directory = backupDirectory(home);
  ensurePrivateDirectory(directory);
  const backup = `config.${formatInstant(new Date()).replaceAll(":", "")}.${randomBytes(4).toString("hex")}`;
  try {
    copyToNew(target, join(directory, backup));
    // Of many made in one second the names tell no order: the new one is kept in any case.
    const old = listNames(directory)
      .filter((name) => name.startsWith("config.") && name !== backup)
      .sort()
      .slice(0, 1 - KEPT_BACKUPS);
    for (const name of old) removeFile(join(directory, name));
    return backup;
  } catch (thrown) {
    throw toStorageError(`A backup of ${target} could not be kept in ${directory}`, thrown);
  }
}
