import { randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ignoreErrors, toStorageError } from "./read.ts";

/** Manages temporary files: directories for one run, and the new version of a file before its rename. */

/** Creates a private home directory for one demonstration, with a name that nobody can guess. */
export function createTemporaryHome(): string {
  try {
    return mkdtempSync(join(tmpdir(), "latchkey-demo-"));
  } catch (thrown) {
    throw toStorageError(`A temporary directory could not be made in ${tmpdir()}`, thrown);
  }
}

/** Creates a directory for this run with these files, by their names. @throws LatchkeyError STORAGE_FAILED. */
export function createTemporaryFiles(files: Readonly<Record<string, string>>): string {
  try {
    const path = mkdtempSync(join(tmpdir(), "latchkey-"));
    for (const [name, text] of Object.entries(files))
      writeFileSync(join(path, name), text, { mode: 0o600 });
    return path;
  } catch (thrown) {
    throw toStorageError(`A temporary directory could not be made in ${tmpdir()}`, thrown);
  }
}

export function removeTemporaryHome(path: string): void {
  rmSync(path, { recursive: true, force: true });
}

/** Returns the path of the temporary file that will replace a file. Nobody can guess the name. */
export function nameTemporary(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(8).toString("hex")}.tmp`);
}

/** Returns the file that a temporary file's name belongs to; undefined for every other name. */
export function findTargetName(name: string): string | undefined {
  const [, ours, library] = TEMPORARY_NAME.exec(name) ?? [];
  return ours ?? library;
}

/**
 * latchkey's own names, and those of atomically, which writes settings for conf: `settings.json.tmp-` with ten digits and
 * six hex digits.
 */
const TEMPORARY_NAME = /^(?:\.(.+)\.[0-9a-f]{16}\.tmp|(.+)\.tmp-\d{10}[0-9a-f]{6})$/;

/** Lists the temporary files that killed processes left next to a file. Empty if the directory can't be read. */
export function listTemporaries(target: string): string[] {
  return listAllTemporaries(dirname(target)).filter(
    (path) => findTargetName(basename(path)) === basename(target),
  );
}

function listAllTemporaries(directory: string): string[] {
  let names: string[] = [];
  ignoreErrors(() => (names = readdirSync(directory)));
  return names
    .filter((name) => findTargetName(name) !== undefined)
    .map((name) => join(directory, name));
}

const ORPHAN_MILLISECONDS = 60 * 60 * 1000;

/** Removes old temporary files of the target that killed processes left. No process writes to one for an hour. */
export function sweepOrphans(target: string): void {
  listTemporaries(target).forEach(removeIfOld);
}

/**
 * Does the same for all files in a directory, whose names may never be used again. Temporary files of other programs
 * stay.
 */
export function sweepDirectory(directory: string): void {
  const all = listAllTemporaries(directory);
  all.filter((path) => basename(path).endsWith(".tmp")).forEach(removeIfOld);
}

function removeIfOld(path: string): void {
  ignoreErrors(() => {
    if (Date.now() - lstatSync(path).mtimeMs > ORPHAN_MILLISECONDS) unlinkSync(path);
  });
}
