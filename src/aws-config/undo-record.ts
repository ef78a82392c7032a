import { createHash, randomBytes } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { isExpectedFailure, LatchkeyError } from "../errors.ts";
import { formatInstant, parseInstant } from "../text/instant.ts";
import { isRecord, toRecord, type PlainRecord } from "../text/json.ts";
import { backupDirectory, undoRecordPath } from "../fs/paths.ts";
import { openSecretFile, writeSecretFile } from "../fs/replace.ts";
import {
  ignoreErrors,
  listFiles,
  readCacheJson,
  readIfPresent,
  removeFile,
  statIfPresent,
  toStorageError,
} from "../fs/read.ts";
import { sweepDirectory } from "../fs/temporary.ts";

/**
 * Stores what `profiles undo` needs: for each of latchkey's changes to a config, the backup's name and a hash of the
 * new content.
 */

/** No config is larger than this. */
export const MAX_CONFIG_BYTES = 64 * 1024 * 1024;

/** The number of backups that are kept, and of changes that can be undone. */
export const KEPT_STEPS = 10;

/** One change that latchkey made to a config. */
export interface UndoStep {
  readonly command: string;
  readonly at: Date;
  /** Path of the backup; undefined if the file was empty or missing before the change. */
  readonly backup: string | undefined;
  /**
   * SHA-256 of the file before the change, or null if there was no file. `after` is the SHA-256 of the file after it.
   */
  readonly before: string | null;
  readonly after: string;
}

export type UndoableStep = UndoStep & {
  /** "changed": another program has written to the file since. "no-backup": the backup is missing. */
  readonly state: "undoable" | "changed" | "no-backup";
};

/**
 * Returns the name under which a config's record is stored: a hash of its path. Links are not resolved, so a file with
 * two paths has two records; both are correct.
 */
export function configKey(path: string): string {
  return createHash("sha256").update(resolve(path), "utf8").digest("hex").slice(0, 40);
}

export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Records the steps. Best effort: a change is made even if it can't be recorded for undo.
 * @param steps oldest first.
 */
export function recordSteps(home: string, path: string, steps: readonly UndoStep[]): void {
  const record = undoRecordPath(home, configKey(path));
  const stored = steps.slice(-KEPT_STEPS).map(({ command, at, backup, before, after }) => ({
    command,
    at: formatInstant(at),
    backup: backup === undefined ? null : basename(backup),
    before,
    after,
  }));
  const text = `${JSON.stringify({ version: 2, configFile: path, steps: stored })}\n`;
  ignoreErrors(() => writeSecretFile(record, text));
}

/**
 * Returns the steps, oldest first. An unreadable record counts as empty. Steps up to the last invalid one are ignored.
 */
export function readSteps(home: string, path: string): UndoStep[] {
  const { version, steps } = readRecord(home, path);
  if (version !== 2 || !Array.isArray(steps)) return [];
  const parsed = steps.map((step: unknown) => parseStep(home, step));
  return parsed.slice(parsed.lastIndexOf(undefined) + 1).flatMap((step) => step ?? []);
}

function readRecord(home: string, path: string): PlainRecord {
  let stored: unknown;
  ignoreErrors(() => {
    stored = readCacheJson(undoRecordPath(home, configKey(path)));
  });
  return toRecord(stored);
}

function parseStep(home: string, stored: unknown): UndoStep | undefined {
  if (!isRecord(stored)) return undefined;
  const { command, before, after } = stored;
  const at = parseInstant(stored["at"]);
  const backup = stored["backup"] === null ? undefined : toBackupPath(home, stored["backup"]);
  if (backup === undefined && stored["backup"] !== null) return undefined;
  const isVersion = isDigest(after) && (before === null || isDigest(before));
  if (typeof command !== "string" || at === undefined || !isVersion) return undefined;
  return { command, at, backup, before, after };
}

function isDigest(value: unknown): value is string {
  return typeof value === "string" && /^[0-9a-f]{64}$/.test(value);
}

/** Accepts only names of backups, so that a record can't point to another file. */
function toBackupPath(home: string, name: unknown): string | undefined {
  const isBackup = typeof name === "string" && /^config\.[\dTZ-]+\.[0-9a-f]{8}$/.test(name);
  return isBackup ? join(backupDirectory(home), name) : undefined;
}

/**
 * Writes a backup and returns its path. Only its owner can read it, since a config can contain keys. Keeps the last ten
 * backups.
 */
export function writeBackup(home: string, path: string, before: Uint8Array): string {
  const directory = backupDirectory(home);
  const name = `config.${formatInstant(new Date()).replaceAll(":", "")}.${randomBytes(4).toString("hex")}`;
  const backup = join(directory, name);
  try {
    openSecretFile(backup).commit(before);
    sweepDirectory(directory);
    // The new backup is always kept, even if the clock was ahead when the others were made.
    const others = listBackups(directory).filter((path) => path !== backup);
    for (const old of others.slice(0, 1 - KEPT_STEPS)) removeFile(old);
    return backup;
  } catch (thrown) {
    const cause = (isExpectedFailure(thrown) ? thrown.cause : undefined) ?? thrown;
    throw toStorageError(`A backup of ${path} could not be kept in ${directory}`, cause);
  }
}

/** Sorts the oldest first: by the second in the name, then by modification time. */
function listBackups(directory: string): string[] {
  const formatAge = (path: string): string =>
    `${basename(path).split(".")[1]} ${(statIfPresent(path)?.mtimeMs ?? 0).toFixed(3).padStart(20, "0")}`;
  return listFiles(directory)
    .filter((path) => basename(path).startsWith("config."))
    .sort((a, b) => (formatAge(a) < formatAge(b) ? -1 : 1));
}

/**
 * Returns latchkey's changes that are still in the file, latest first. A change that was reverted by hand, or only
 * recorded by a killed process, is skipped. Changes before one by another program can't be undone.
 * @param steps oldest first.
 * @param present the current content.
 */
function listUndoSteps(
  steps: readonly UndoStep[],
  present: Uint8Array | undefined,
): UndoableStep[] {
  let current = present === undefined ? null : digest(present);
  let isChanged = false;
  return steps.toReversed().flatMap((step): UndoableStep[] => {
    if (!isChanged && step.after !== current && step.before === current) return [];
    isChanged ||= step.after !== current;
    current = step.before;
    if (isChanged) return [{ ...step, state: "changed" }];
    const isKept = step.backup === undefined || statIfPresent(step.backup) !== undefined;
    return [{ ...step, state: isKept ? "undoable" : "no-backup" }];
  });
}

/** Returns the backup of the last change by latchkey 0.1, whose records contain no hash. */
function findOldBackup(home: string, path: string): string | undefined {
  const { version, backup } = readRecord(home, path);
  const left = version === 1 ? toBackupPath(home, backup) : undefined;
  return left !== undefined && statIfPresent(left) !== undefined ? left : undefined;
}

/** Returns latchkey's changes to the file, latest first. */
export function listUndo(home: string, path: string): UndoableStep[] {
  return listUndoSteps(readSteps(home, path), readIfPresent(path, MAX_CONFIG_BYTES));
}

export type UndoResult =
  /** `left`: the path of a backup by latchkey 0.1, which undo can't restore because its record has no hash. */
  | { readonly kind: "nothing"; readonly left: string | undefined }
  | { readonly kind: "changed"; readonly step: UndoStep }
  | {
      readonly kind: "restored";
      readonly step: UndoStep;
      /** The changes before `step`, latest first. */
      readonly earlier: readonly UndoStep[];
      readonly before: Uint8Array;
      readonly after: Uint8Array;
    };

/** Returns what undo would restore, and changes nothing. */
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
    `The previous version of ${path} is not available: ${backup ?? "it"} was deleted or changed.`,
    { hint: "List the other backups: ls -l ~/.aws/latchkey/backups" },
  );
}

/** One write to latchkey's own section of the credentials file. The file itself is never copied. */
export interface ExportStep {
  readonly command: string;
  readonly at: Date;
  /** The section's name. */
  readonly name: string;
  /** latchkey's section as it was before, with its credentials; undefined if there was none. */
  readonly before: string | undefined;
  /** SHA-256 of the section as written. `config` is the SHA-256 of the config at that time. */
  readonly after: string;
  readonly config: string;
}

/**
 * Records exports, best effort, in a file that only its owner can read. @param path of the credentials file. @param steps
 * oldest first.
 */
export function recordExports(home: string, path: string, steps: readonly ExportStep[]): void {
  const exports = steps.slice(-KEPT_STEPS).map(({ at, before, ...step }) => ({
    ...step,
    at: formatInstant(at),
    before: before ?? null,
  }));
  const text = `${JSON.stringify({ version: 2, credentialsFile: path, exports })}\n`;
  ignoreErrors(() => writeSecretFile(undoRecordPath(home, configKey(path)), text));
}

/** Returns the recorded exports, oldest first. Invalid ones are skipped. */
export function readExports(home: string, path: string): ExportStep[] {
  const { version, exports } = readRecord(home, path);
  if (version !== 2 || !Array.isArray(exports)) return [];
  return exports.flatMap((step: unknown) => parseExport(step) ?? []);
}

function parseExport(stored: unknown): ExportStep | undefined {
  if (!isRecord(stored)) return undefined;
  const { command, name, before, after, config } = stored;
  const at = parseInstant(stored["at"]);
  const isNamed = typeof command === "string" && typeof name === "string" && at !== undefined;
  const isSection = before === null || typeof before === "string";
  if (!isNamed || !isSection || !isDigest(after) || !isDigest(config)) return undefined;
  return { command, name, at, before: before ?? undefined, after, config };
}
