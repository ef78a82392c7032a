import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { toStorageError } from "./read.ts";

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
