import { mkdtempSync, rmSync } from "node:fs";
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

export function removeTemporaryHome(path: string): void {
  rmSync(path, { recursive: true, force: true });
}
