import * as fs from "node:fs";
import { join } from "node:path";
import { systemErrorCode } from "../../errors.ts";
import { toStorageError } from "../read.ts";

/** Other processes can add files for as long as they run. After so many rounds, the directory stays with the last ones. */
const MOST_ROUNDS = 20;

/**
 * Removes a directory of latchkey's own with its content, also while other processes write files there. A link in its place
 * is removed, and its target stays. @returns the paths that were in it.
 */
export function removeDirectory(path: string): string[] {
  const removed = new Set<string>();
  try {
    for (let round = 0; round < MOST_ROUNDS && !isRemoved(path, removed); round += 1);
    return [...removed];
  } catch (thrown) {
    throw toStorageError(`${path} could not be removed`, thrown);
  }
}

/** Tries once. Returns false if another process has added a file meanwhile. */
function isRemoved(path: string, removed: Set<string>): boolean {
  try {
    if (fs.lstatSync(path).isDirectory()) emptyDirectory(path, removed);
    else fs.unlinkSync(path);
    return true;
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ENOENT") return true;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw thrown;
  }
}

function emptyDirectory(path: string, removed: Set<string>): void {
  for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (entry.isDirectory()) removeDirectory(inside);
    else fs.rmSync(inside, { force: true });
    removed.add(inside);
  }
  fs.rmdirSync(path);
}
