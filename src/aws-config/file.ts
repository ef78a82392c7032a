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
  findOldBackup,
  listUndoSteps,
  readSteps,
  recordSteps,
  writeBackup,
  type UndoableStep,
  type UndoStep,
} from "./undo-record.ts";

/** `~/.aws/config` as bytes: read, and replaced whole without losing what anybody else wrote meanwhile. */

const MAX_CONFIG_BYTES = 64 * 1024 * 1024;
const MOST_ATTEMPTS = 5;
/** What the AWS CLI gives a config that it makes. */
const NEW_FILE_MODE = 0o600;

/**
 * The bytes of the config; none where there is no file.
 * @throws LatchkeyError CONFIG_INVALID for one that is encrypted, or in another encoding: no AWS client reads it.
 */
function readConfigFile(path: string): Uint8Array {
  const bytes = readIfPresent(path, MAX_CONFIG_BYTES) ?? new Uint8Array();
  const foreign = findForeignFormat(bytes);
  if (foreign !== undefined) throw configError(`${path} ${foreign.what}.`, `${foreign.cure}.`);
  return bytes;
}

const parsed = new Map<string, ConfigDocument>();

/** The same, parsed once for as long as the bytes are the same: a run asks several times, and a document never changes. */
export function readConfigDocument(path: string): ConfigDocument {
  noteTarget(path);
  const bytes = readConfigFile(path);
  const known = parsed.get(path);
  if (known !== undefined && Buffer.compare(bytes, known.bytes) === 0) return known;
  const document = parseConfig(bytes);
  parsed.set(path, document);
  return document;
}

/** What was just written, so that it is not parsed again. */
export function keepParsed(path: string, document: ConfigDocument): void {
  parsed.set(path, document);
}

/** How the file was written; "in-place" where it could not be replaced by a rename. */
export type WriteOutcome = "unchanged" | "replaced" | "in-place";

export interface ConfigUpdate {
  readonly lock: LockOptions;
  /** What is done, as a person typed it: for `profiles undo --list`. */
  readonly command: string;
  /** Returns undefined where nothing is to be changed. */
  readonly edit: (bytes: Uint8Array) => Uint8Array | undefined;
  /** Called with the new bytes while the lock is still held. */
  readonly onWritten?: ((after: Uint8Array) => void) | undefined;
}

/**
 * Replaces the config by what `edit` makes of it: under a lock against our own processes, and with a last comparison
 * before the rename against everybody else, after which the edit is made anew on what they wrote.
 */
export function updateConfigFile(
  home: string,
  path: string,
  { lock, command, edit, onWritten }: ConfigUpdate,
): Promise<WriteOutcome> {
  return withLock(home, `the file ${path}`, lock, async () => {
    const steps = readSteps(home, path);
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const before = readIfPresent(path, MAX_CONFIG_BYTES);
      const after = edit(before ?? new Uint8Array());
      if (after === undefined) return "unchanged";
      const how = replaceUnlessChanged(path, before, after, {
        prepare: () => {
          const backup = before?.length ? writeBackup(home, path, before) : undefined;
          const was = before === undefined ? null : digest(before);
          const step = { command, at: new Date(), backup, before: was, after: digest(after) };
          recordSteps(home, path, [...steps, step]);
        },
      });
      if (how !== undefined) {
        onWritten?.(after);
        return how;
      }
      // That step was not taken.
      recordSteps(home, path, steps);
    }
    throw busyError(path);
  });
}

/** The same of the credentials file, of which no copy is kept, and which its owner alone may read from then on. */
export function updateCredentialsFile(
  home: string,
  path: string,
  { lock, edit, onWritten }: Omit<ConfigUpdate, "command">,
): Promise<WriteOutcome> {
  return withLock(home, `the file ${path}`, lock, async () => {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      const before = readIfPresent(path, MAX_CONFIG_BYTES);
      const after = edit(before ?? new Uint8Array());
      if (after === undefined) return "unchanged";
      const how = replaceUnlessChanged(path, before, after, { isSecret: true });
      if (how === undefined) continue;
      onWritten?.(after);
      return how;
    }
    throw busyError(path);
  });
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
   * Keeps what undo needs, after the new version is on the disk and before it takes the file's place: of a process that is
   * killed between the two, undo finds the file as it was, and nothing to do.
   */
  readonly prepare?: () => void;
  /** As in `openReplacement`. */
  readonly isSecret?: boolean;
}

/**
 * Replaces the file, if it still is what `before` was read from; else returns undefined, and nothing is written. What is
 * compared is what is replaced, wherever a link leads meanwhile.
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

/** Whether `prepare` says so; else what was staged is given up. */
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
 * A file that has other names as well is written in place: undefined.
 * @throws LatchkeyError STORAGE_FAILED for one that another user owns, however it would be written.
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

/** Whether it could be done: a file that is a mount point by itself (a container's bind mount) can only be written to. */
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

/** A missing `~/.aws` is made as the AWS CLI makes it; a dangling link into a directory that is not there is an error. */
function createParent(path: string, target: string): void {
  if (statIfPresent(dirname(target)) !== undefined) return;
  if (resolveLinks(path) !== path)
    throw configError(
      `${path} is a link into ${dirname(target)}, which is not there.`,
      `Make that directory, or remove the link: rm ${path}`,
    );
  ensurePrivateDirectory(dirname(target));
}

/** Our changes that are in the file, latest first. */
export function listUndo(home: string, path: string): UndoableStep[] {
  return listUndoSteps(readSteps(home, path), readIfPresent(path, MAX_CONFIG_BYTES));
}

export type UndoResult =
  /** `left`: path of the version before a change by latchkey 0.1, whose records are not read. */
  | { readonly kind: "nothing"; readonly left: string | undefined }
  | { readonly kind: "changed"; readonly step: UndoStep }
  | {
      readonly kind: "restored";
      readonly step: UndoStep;
      /** The steps before it, latest first. */
      readonly earlier: readonly UndoStep[];
      readonly before: Uint8Array;
      readonly after: Uint8Array;
    };

/** What there would be to take back; nothing is changed. */
export function previewUndo(home: string, path: string): UndoResult {
  const now = readIfPresent(path, MAX_CONFIG_BYTES);
  const [step, ...earlier] = listUndoSteps(readSteps(home, path), now);
  if (step === undefined) return { kind: "nothing", left: findOldBackup(home, path) };
  if (step.state === "changed") return { kind: "changed", step };
  const before = readVersionBefore(path, step);
  return { kind: "restored", step, earlier, before, after: now ?? new Uint8Array() };
}

function readVersionBefore(path: string, { backup, before }: UndoStep): Uint8Array {
  const bytes = backup === undefined ? new Uint8Array() : readIfPresent(backup, MAX_CONFIG_BYTES);
  if (bytes !== undefined && (before === null || digest(bytes) === before)) return bytes;
  throw new LatchkeyError(
    "STORAGE_FAILED",
    `The version of ${path} from before is no longer there: ${backup ?? "it"} is gone or changed.`,
    { hint: "See what is left: ls -l ~/.aws/latchkey/backups" },
  );
}

/** Takes one change back: the exact bytes from before, or no file where there was none. No backup is made of what goes. */
export function undoConfigChange(
  home: string,
  path: string,
  lock: LockOptions,
  /** Called with the bytes that went while the lock is still held. */
  onRestored: (after: Uint8Array) => void,
): Promise<UndoResult> {
  return withLock(home, `the file ${path}`, lock, async () => {
    const found = previewUndo(home, path);
    if (found.kind !== "restored") return found;
    const { step, earlier, before, after } = found;
    const isRemoved = step.before === null;
    // A link stays, and what it leads to goes.
    const isRestored = isRemoved
      ? removeUnlessChanged(requireTarget(path), after)
      : replaceUnlessChanged(path, after, before) !== undefined;
    if (!isRestored) throw busyError(path);
    onRestored(after);
    recordSteps(home, path, earlier.toReversed());
    return found;
  });
}

/** The same for a file that is to be none again; emptied where it can't be removed. */
function removeUnlessChanged(target: string, before: Uint8Array): boolean {
  if (!isSame(target, before)) return false;
  return (
    canSwap(() => removeFile(target)) || overwriteFile(target, before, new Uint8Array(), false)
  );
}
