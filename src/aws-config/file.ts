import { dirname } from "node:path";
import { LatchkeyError, configError } from "../errors.ts";
import { parseConfig, type ConfigDocument } from "./document.ts";
import { findForeignFormat } from "./foreign-format.ts";
import { withLock, type LockOptions } from "../fs/lock.ts";
import { leadsTo, noteTarget, requireTarget, requireWritten, resolveLinks } from "../fs/links.ts";
import { refuseLinksOnTheWay } from "../fs/owner.ts";
import { openReplacement, overwriteFile, type Replacement } from "../fs/replace.ts";
import { ensurePrivateDirectory } from "../fs/directories/private.ts";
import { readIfPresent, removeFile, statIfPresent, storageErrorCode } from "../fs/read.ts";
import {
  digest,
  MAX_CONFIG_BYTES,
  previewUndo,
  readSteps,
  recordSteps,
  writeBackup,
  type UndoResult,
} from "./undo-record.ts";

/** Reads `~/.aws/config`, and replaces it as a whole without losing changes that other programs make at the same time. */

const MOST_ATTEMPTS = 5;
/** The mode that the AWS CLI gives a new config. */
const NEW_FILE_MODE = 0o600;

/**
 * Returns the bytes of the config; empty if there is no file.
 * @throws LatchkeyError CONFIG_INVALID if it is encrypted or in an encoding that no AWS client reads.
 */
function readConfigFile(path: string): Uint8Array {
  const bytes = readIfPresent(path, MAX_CONFIG_BYTES) ?? new Uint8Array();
  const foreign = findForeignFormat(bytes);
  if (foreign !== undefined) throw configError(`${path} ${foreign.what}.`, `${foreign.cure}.`);
  return bytes;
}

const parsed = new Map<string, ConfigDocument>();

/** Returns the parsed config. Parses it again only if the bytes have changed, because one run reads it several times. */
export function readConfigDocument(path: string): ConfigDocument {
  noteTarget(path);
  const bytes = readConfigFile(path);
  const known = parsed.get(path);
  if (known !== undefined && Buffer.compare(bytes, known.bytes) === 0) return known;
  const document = parseConfig(bytes);
  parsed.set(path, document);
  return document;
}

/** Caches the document that was just written, so that it is not parsed again. */
export function keepParsed(path: string, document: ConfigDocument): void {
  parsed.set(path, document);
}

/** How the file was written; "in-place" if it could not be replaced by a rename. */
export type WriteOutcome = "unchanged" | "replaced" | "in-place";

export interface ConfigUpdate {
  readonly lock: LockOptions;
  /** The command as the user typed it, for `profiles undo --list`. */
  readonly command: string;
  /** Returns undefined if there is nothing to change. */
  readonly edit: (bytes: Uint8Array) => Uint8Array | undefined;
  /** Called with the new bytes while the lock is still held. */
  readonly onWritten?: ((after: Uint8Array) => void) | undefined;
}

export function fileLockName(path: string): string {
  return `the file ${path}`;
}

/**
 * Replaces the config by the result of `edit`. A lock excludes other latchkey processes. To detect writes of other
 * programs, it compares the file just before the rename; if the file has changed, it makes the edit again on the new
 * content.
 * @throws LatchkeyError STORAGE_FAILED if another program keeps changing the file.
 */
export function updateConfigFile(
  home: string,
  path: string,
  { lock, command, edit, onWritten }: ConfigUpdate,
): Promise<WriteOutcome> {
  return withLock(home, fileLockName(path), lock, async () => {
    const steps = readSteps(home, path);
    return editUntilReplaced(path, {
      edit,
      onWritten,
      prepare: (before, after) => {
        const backup = before?.length ? writeBackup(home, path, before) : undefined;
        const was = before === undefined ? null : digest(before);
        const step = { command, at: new Date(), backup, before: was, after: digest(after) };
        recordSteps(home, path, [...steps, step]);
      },
      // The file had changed: the recorded step was not made.
      onMissed: () => recordSteps(home, path, steps),
    });
  });
}

/**
 * Like `updateConfigFile`, but for the credentials file. Makes no backup, and sets the file's mode so that only its
 * owner can read it.
 */
export function updateCredentialsFile(
  home: string,
  path: string,
  { lock, edit, onWritten }: Omit<ConfigUpdate, "command">,
): Promise<WriteOutcome> {
  return withLock(home, fileLockName(path), lock, async () =>
    editUntilReplaced(path, { edit, onWritten, isSecret: true }),
  );
}

interface FileEdit extends Pick<ConfigUpdate, "edit" | "onWritten"> {
  /** As in `replaceUnlessChanged`. */
  readonly prepare?: (before: Uint8Array | undefined, after: Uint8Array) => void;
  /** Called if another program has changed the file since it was read. */
  readonly onMissed?: () => void;
  readonly isSecret?: boolean;
}

/** Edits the file again as long as other programs change it in between. @throws LatchkeyError STORAGE_FAILED */
function editUntilReplaced(path: string, update: FileEdit): WriteOutcome {
  const { edit, onWritten, prepare, onMissed, isSecret = false } = update;
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    const before = readIfPresent(path, MAX_CONFIG_BYTES);
    const after = edit(before ?? new Uint8Array());
    if (after === undefined) return "unchanged";
    const options = { prepare: () => prepare?.(before, after), isSecret };
    const how = replaceUnlessChanged(path, before, after, options);
    if (how !== undefined) {
      onWritten?.(after);
      return how;
    }
    onMissed?.();
  }
  throw busyError(path);
}

function busyError(path: string): LatchkeyError {
  return new LatchkeyError(
    "STORAGE_FAILED",
    `${path} is being changed by another program at this moment.`,
    { hint: "Try again when that program is done." },
  );
}

interface ReplaceOptions {
  /**
   * Saves what undo needs. Called when the new content is on disk in a temporary file, before it replaces the config.
   * If the process is killed in between, the config is unchanged and there is nothing to undo.
   */
  readonly prepare?: () => void;
  /** As in `openReplacement`. */
  readonly isSecret?: boolean;
}

/**
 * Replaces the file if its content is still `before`; else writes nothing and returns undefined. It compares and replaces
 * the same file, even if a link changes meanwhile.
 */
function replaceUnlessChanged(
  path: string,
  before: Uint8Array | undefined,
  after: Uint8Array,
  { prepare, isSecret = false }: ReplaceOptions = {},
): WriteOutcome | undefined {
  const target = requireTarget(path, isSecret);
  createParent(path, target);
  const replacement = openUnlessLinked(path, target, isSecret);
  replacement?.stage(after);
  const was = before ?? new Uint8Array();
  const isReady = prepareOrAbandon(replacement, () => {
    prepare?.();
    return leadsTo(path, target) && isSame(target, was);
  });
  if (!isReady) return undefined;
  const isReplaced = replacement !== undefined && canSwap(() => replacement.publish());
  if (!isReplaced && !overwriteFile(target, was, after, isSecret)) return undefined;
  requireWritten(path, target);
  return isReplaced ? "replaced" : "in-place";
}

/** Returns the result of `prepare`; discards the temporary file if the result is false or `prepare` throws. */
function prepareOrAbandon(replacement: Replacement | undefined, prepare: () => boolean): boolean {
  let isReady = false;
  try {
    isReady = prepare();
  } finally {
    if (!isReady) replacement?.abandon();
  }
  return isReady;
}

/**
 * Returns undefined for a file with other hard links, which must be written in place.
 * @throws LatchkeyError STORAGE_FAILED for a file that another user owns, even if it would be written in place.
 */
function openUnlessLinked(
  path: string,
  target: string,
  isSecret: boolean,
): Replacement | undefined {
  refuseLinksOnTheWay(dirname(path), isSecret);
  const replacement = openReplacement(target, { mode: NEW_FILE_MODE, isSecret });
  if ((statIfPresent(target)?.nlink ?? 1) === 1) return replacement;
  replacement.abandon();
  return undefined;
}

function isSame(path: string, bytes: Uint8Array): boolean {
  return Buffer.compare(readConfigFile(path), bytes) === 0;
}

/** Returns false if a rename is impossible: a mount point (a container's bind mount) can only be overwritten. */
function canSwap(act: () => void): boolean {
  try {
    act();
    return true;
  } catch (thrown) {
    const code = storageErrorCode(thrown);
    if (code === "EBUSY" || code === "EXDEV") return false;
    throw thrown;
  }
}

/** Creates a missing `~/.aws` as the AWS CLI does. A dangling link into a missing directory is an error. */
function createParent(path: string, target: string): void {
  if (statIfPresent(dirname(target)) !== undefined) return;
  if (resolveLinks(path) !== path)
    throw configError(
      `${path} is a link into ${dirname(target)}, which does not exist.`,
      `Create that directory, or remove the link: rm ${path}`,
    );
  ensurePrivateDirectory(dirname(target));
}

/**
 * Undoes one change: restores the exact bytes from before, or removes the file if there was none. Makes no backup of
 * the content that undo replaces.
 */
export function undoConfigChange(
  home: string,
  path: string,
  lock: LockOptions,
  /** Called with the bytes that undo replaced, while the lock is still held. */
  onRestored: (after: Uint8Array) => void,
): Promise<UndoResult> {
  return withLock(home, fileLockName(path), lock, async () => {
    const found = previewUndo(home, path);
    if (found.kind !== "restored") return found;
    const { step, earlier, before, after } = found;
    const isRemoved = step.before === null;
    // If the config is a symbolic link, its target is removed and the link stays.
    const isRestored = isRemoved
      ? removeUnlessChanged(requireTarget(path), after)
      : replaceUnlessChanged(path, after, before) !== undefined;
    if (!isRestored) throw busyError(path);
    onRestored(after);
    recordSteps(home, path, earlier.toReversed());
    return found;
  });
}

/** Removes a file that did not exist before the change; empties it if it can't be removed. */
function removeUnlessChanged(target: string, before: Uint8Array): boolean {
  if (!isSame(target, before)) return false;
  return (
    canSwap(() => removeFile(target)) || overwriteFile(target, before, new Uint8Array(), false)
  );
}
