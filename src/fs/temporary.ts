import { randomBytes } from "node:crypto";
import { lstatSync, mkdtempSync, readdirSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { ignoreErrors, toStorageError } from "./read.ts";

/** What is there for a while: directories of one run, and the new version of a file beside it, until it is renamed. */

/** A home directory for one demonstration: made for its owner alone, under a name that nobody can guess. */
export function createTemporaryHome(): string {
  try {
    return mkdtempSync(join(tmpdir(), "latchkey-demo-"));
  } catch (thrown) {
    throw toStorageError(`A temporary directory could not be made in ${tmpdir()}`, thrown);
  }
}

/** A directory of this run with these files, by their names. @throws LatchkeyError STORAGE_FAILED. */
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

/** Where the next version of a file is written. Nobody can guess the name. */
export function nameTemporary(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(8).toString("hex")}.tmp`);
}

/** The file that a temporary file's name belongs to; undefined for every other name. */
export function findTargetName(name: string): string | undefined {
  const [, ours, library] = TEMPORARY_NAME.exec(name) ?? [];
  return ours ?? library;
}

/** Ours, and that of atomically, which writes settings for conf: `settings.json.tmp-` with ten digits and six hex ones. */
const TEMPORARY_NAME = /^(?:\.(.+)\.[0-9a-f]{16}\.tmp|(.+)\.tmp-\d{10}[0-9a-f]{6})$/;

/** What killed processes left beside a file, between a write and the rename. None where the directory can't be read. */
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

/** Removes what killed processes left beside the target: nobody writes to a temporary file for an hour. */
export function sweepOrphans(target: string): void {
  listTemporaries(target).forEach(removeIfOld);
}

/** The same of all files in a directory, whose names may never come again; what a library of another program left stays. */
export function sweepDirectory(directory: string): void {
  const all = listAllTemporaries(directory);
  all.filter((path) => basename(path).endsWith(".tmp")).forEach(removeIfOld);
}

function removeIfOld(path: string): void {
  ignoreErrors(() => {
    if (Date.now() - lstatSync(path).mtimeMs > ORPHAN_MILLISECONDS) unlinkSync(path);
  });
}
