import { isSame, applyByteSplices } from "./byte-splice.ts";
import { LatchkeyError, isExpectedFailure, systemErrorCode } from "../errors.ts";
import { MAX_CONFIG_BYTES, withConfigLock, writeUnlessChanged } from "./file.ts";
import {
  removeLastChange,
  readLastChange,
  restoreManagedMemory,
  type LastChange,
} from "./memory.ts";
import type { LockOptions } from "../fs/lock.ts";
import { overwriteFile, resolveLinks } from "../fs/replace.ts";
import { readIfPresent, removeFile } from "../fs/read.ts";

/** The last change of ours to a config, taken back: the exact bytes from before, or no file where there was none. */

export type UndoResult =
  | { readonly kind: "nothing" }
  /** Somebody else has written to it since. `left` is what our change left. */
  | {
      readonly kind: "changed";
      readonly left: Uint8Array;
      readonly now: Uint8Array;
      readonly backup: string | undefined;
    }
  | {
      readonly kind: "restored";
      readonly from: string | undefined;
      readonly before: Uint8Array;
      readonly after: Uint8Array;
    };

/** What there would be to take back; nothing is changed. */
export function previewUndo(home: string, path: string): UndoResult {
  const change = readLastChange(home, path);
  if (change === undefined) return { kind: "nothing" };
  const now = readIfPresent(path, MAX_CONFIG_BYTES);
  const present = now ?? new Uint8Array();
  const before = readPreviousVersion(path, change);
  const isBefore = isSame(present, before) && (now !== undefined || !change.existed);
  if (isBefore) return { kind: "nothing" };
  const left = applyByteSplices(before, [change.splice]);
  if (!isSame(present, left)) return { kind: "changed", left, now: present, backup: change.backup };
  return { kind: "restored", from: change.backup, before, after: present };
}

export function undoConfigChange(
  home: string,
  path: string,
  lock: LockOptions,
): Promise<UndoResult> {
  return withConfigLock(home, path, lock, async () => {
    const found = previewUndo(home, path);
    const change = readLastChange(home, path);
    if (found.kind !== "restored" || change === undefined) return found;
    if (change.existed) {
      if ((await writeUnlessChanged(home, path, found.after, found.before)) === undefined)
        return previewUndo(home, path);
    } else {
      removeOrEmpty(path);
    }
    restoreManagedMemory(home, path, found.after);
    removeLastChange(home, path);
    return found;
  });
}

/** What is changed outside of the stretch that went is seen where the file is compared with what was left. */
function readPreviousVersion(path: string, { backup, splice, gone }: LastChange): Uint8Array {
  const bytes = backup === undefined ? new Uint8Array() : readIfPresent(backup, MAX_CONFIG_BYTES);
  if (bytes !== undefined && isSame(bytes.subarray(splice.start, splice.end), gone)) return bytes;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    `The version of ${path} from before is no longer there: ${backup ?? "it"} is gone or changed.`,
    { hint: "See what is left: ls -l ~/.aws/latchkey/backups" },
  );
}

/** A link stays, and what it leads to goes. A file that is a mount point by itself can only be emptied. */
function removeOrEmpty(path: string): void {
  const target = resolveLinks(path);
  try {
    removeFile(target);
  } catch (thrown) {
    const code = isExpectedFailure(thrown) ? systemErrorCode(thrown.cause) : undefined;
    if (code !== "EBUSY") throw thrown;
    overwriteFile(target, new Uint8Array());
  }
}
