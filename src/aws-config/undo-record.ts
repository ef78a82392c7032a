import { createHash, randomBytes } from "node:crypto";
import { basename, join, resolve } from "node:path";
import { isExpectedFailure } from "../errors.ts";
import { formatInstant, parseInstant } from "../text/instant.ts";
import { isRecord, toRecord, type PlainRecord } from "../text/json.ts";
import { backupDirectory, undoRecordPath } from "../fs/paths.ts";
import { openSecretFile, writeSecretFile } from "../fs/replace.ts";
import {
  ignoreErrors,
  listFiles,
  readCacheJson,
  removeFile,
  statIfPresent,
  toStorageError,
} from "../fs/read.ts";
import { sweepDirectory } from "../fs/temporary.ts";

/** What `profiles undo` goes by: of each of our changes to a config, the backup's name and the hash of what was written. */

/** So many backups are kept, and so many changes can be taken back. */
export const KEPT_STEPS = 10;

/** One change of ours to a config. */
export interface UndoStep {
  readonly command: string;
  readonly at: Date;
  /** Path of the version before; undefined where it was empty or absent. */
  readonly backup: string | undefined;
  /** SHA-256 of the version before, or null where there was no file; and of what was written. */
  readonly before: string | null;
  readonly after: string;
}

export type UndoableStep = UndoStep & {
  /** "changed": somebody else has written to the file since. "no-backup": the version before is gone. */
  readonly state: "undoable" | "changed" | "no-backup";
};

/** By the path as it is named, not by what a link leads to: the same file under two names has two records, and neither is wrong. */
export function configKey(path: string): string {
  return createHash("sha256").update(resolve(path), "utf8").digest("hex").slice(0, 40);
}

export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/**
 * Best effort: without it a change can't be taken back by a command, which must not keep it from being made.
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

/** Oldest first. A record that is torn or can't be read is none, and a step that makes no sense ends what can be taken back. */
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

/** The record can't lead anywhere else. */
function toBackupPath(home: string, name: unknown): string | undefined {
  const isBackup = typeof name === "string" && /^config\.[\dTZ-]+\.[0-9a-f]{8}$/.test(name);
  return isBackup ? join(backupDirectory(home), name) : undefined;
}

/** The last ten versions, readable by their owner alone, since a config can hold keys. Returns the new one's path. */
export function writeBackup(home: string, path: string, before: Uint8Array): string {
  const directory = backupDirectory(home);
  const name = `config.${formatInstant(new Date()).replaceAll(":", "")}.${randomBytes(4).toString("hex")}`;
  const backup = join(directory, name);
  try {
    openSecretFile(backup).commit(before);
    sweepDirectory(directory);
    // The new one is kept in any case, also where the clock was ahead when the others were made.
    const others = listBackups(directory).filter((path) => path !== backup);
    for (const old of others.slice(0, 1 - KEPT_STEPS)) removeFile(old);
    return backup;
  } catch (thrown) {
    const cause = (isExpectedFailure(thrown) ? thrown.cause : undefined) ?? thrown;
    throw toStorageError(`A backup of ${path} could not be kept in ${directory}`, cause);
  }
}

/** Oldest first: by the second in their names, then by when they were written. */
function listBackups(directory: string): string[] {
  const formatAge = (path: string): string =>
    `${basename(path).split(".")[1]} ${(statIfPresent(path)?.mtimeMs ?? 0).toFixed(3).padStart(20, "0")}`;
  return listFiles(directory)
    .filter((path) => basename(path).startsWith("config."))
    .sort((a, b) => (formatAge(a) < formatAge(b) ? -1 : 1));
}

/**
 * Our changes that are in the file, latest first. One that was put back by hand, or that a killed process only recorded,
 * is passed over. Below a change by somebody else none can be taken back.
 * @param steps oldest first.
 * @param present the file as it is.
 */
export function listUndoSteps(
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

/** Where the version before the last change by latchkey 0.1 is, whose records name no hash. */
export function findOldBackup(home: string, path: string): string | undefined {
  const { version, backup } = readRecord(home, path);
  const left = version === 1 ? toBackupPath(home, backup) : undefined;
  return left !== undefined && statIfPresent(left) !== undefined ? left : undefined;
}

/** One write of our own section of the credentials file. Of that file itself no copy is ever kept. */
export interface ExportStep {
  readonly command: string;
  readonly at: Date;
  /** The section's name. */
  readonly name: string;
  /** Our section as it was before, with the credentials that were in it; undefined where there was none. */
  readonly before: string | undefined;
  /** SHA-256 of the section as it was written, and of the config at that time. */
  readonly after: string;
  readonly config: string;
}

/** Best effort, as `recordSteps`, in a file of its owner alone. @param path of the credentials file. @param steps oldest first. */
export function recordExports(home: string, path: string, steps: readonly ExportStep[]): void {
  const exports = steps.slice(-KEPT_STEPS).map(({ at, before, ...step }) => ({
    ...step,
    at: formatInstant(at),
    before: before ?? null,
  }));
  const text = `${JSON.stringify({ version: 2, credentialsFile: path, exports })}\n`;
  ignoreErrors(() => writeSecretFile(undoRecordPath(home, configKey(path)), text));
}

/** Oldest first; what makes no sense is passed over. */
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
