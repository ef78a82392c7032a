import { randomBytes } from "node:crypto";
import {
  constants,
  fsyncSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { systemErrorCode } from "../errors.ts";
import { withDescriptor } from "./descriptor.ts";
import { ignoreErrors, toStorageError } from "./read.ts";
import { pauseSync } from "./write.ts";

/** Manages temporary files: directories for one run, and files that will replace another file by rename. */

/** Creates a private home directory for one demonstration, with a name that can't be guessed. */
export function createTemporaryHome(): string {
  try {
    return mkdtempSync(join(tmpdir(), "latchkey-demo-"));
  } catch (thrown) {
    throw toStorageError(`A temporary directory could not be made in ${tmpdir()}`, thrown);
  }
}

/** Creates a directory for this run that contains the given files, by name. @throws LatchkeyError STORAGE_FAILED. */
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

/** Returns the path of a temporary file that will replace `target`. The name can't be guessed. */
export function nameTemporary(target: string): string {
  return join(dirname(target), `.${basename(target)}.${randomBytes(8).toString("hex")}.tmp`);
}

/**
 * Returns the name of the file that a temporary file would have replaced; undefined if the name is not that of a
 * temporary file.
 */
export function findTargetName(name: string): string | undefined {
  const [, ours, library] = TEMPORARY_NAME.exec(name) ?? [];
  return ours ?? library;
}

/**
 * Matches latchkey's temporary files and those of the package atomically, which writes settings for the package conf:
 * `settings.json.tmp-` with ten digits and six hex digits.
 */
const TEMPORARY_NAME = /^(?:\.(.+)\.[0-9a-f]{16}\.tmp|(.+)\.tmp-\d{10}[0-9a-f]{6})$/;

/** Lists the temporary files next to a file that remain from killed processes. Empty if the directory can't be read. */
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

/** Removes the target's old temporary files, which remain from killed processes. No process writes to one for an hour. */
export function sweepOrphans(target: string): void {
  listTemporaries(target).forEach(removeIfOld);
}

/**
 * Removes the old temporary files of all files in a directory, since some of these files may never be written again.
 * Temporary files of other programs stay.
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

/** Renames a temporary file to its target, so that the new file survives a power failure. */
export function moveIntoPlace(temporary: string, target: string): void {
  renameWithRetries(temporary, target);
  syncDirectory(dirname(target));
}

/** On Windows a virus scanner or an open reader can block a file for a moment. Retries for at most 2 s. */
function renameWithRetries(from: string, to: string): void {
  for (let attempt = 0; ; attempt += 1) {
    try {
      renameSync(from, to);
      return;
    } catch (thrown) {
      if (!isBlockedOnWindows(thrown) || attempt >= 20) throw thrown;
      pauseSync(100);
    }
  }
}

/** Returns whether another process may be using the file or directory. Windows then refuses to rename or remove it. */
export function isBlockedOnWindows(thrown: unknown): boolean {
  const code = systemErrorCode(thrown) ?? "";
  return process.platform === "win32" && ["EPERM", "EACCES", "EBUSY"].includes(code);
}

/** Makes the renamed file survive a power failure. If the file system refuses the sync, only that guarantee is lost. */
function syncDirectory(path: string): void {
  ignoreErrors(() => withDescriptor(openSync(path, constants.O_RDONLY), fsyncSync));
}
