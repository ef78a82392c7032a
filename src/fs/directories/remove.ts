import * as fs from "node:fs";
import { join } from "node:path";
import { systemErrorCode } from "../../errors.ts";
import { toStorageError } from "../read.ts";
import { isBlockedOnWindows } from "../temporary.ts";
import { pauseSync } from "../write.ts";

/** Other processes can add files for as long as they run. After so many rounds, the directory stays with the last ones. */
const MOST_ROUNDS = 20;
/** How long latchkey waits on Windows until another process no longer uses a file. */
const PAUSE_MILLISECONDS = 20;

/**
 * Removes a directory of latchkey's own with its content, also while other processes write files there. A link in its place
 * is removed, and its target stays. @returns the paths that were in it.
 */
export function removeDirectory(path: string): string[] {
  const removed = new Set<string>();
  for (let round = 1; ; round += 1)
    try {
      if (isRemoved(path, removed) || round === MOST_ROUNDS) return [...removed];
    } catch (thrown) {
      if (!isBlockedOnWindows(thrown) || round === MOST_ROUNDS)
        throw toStorageError(`${path} could not be removed`, thrown);
      pauseSync(PAUSE_MILLISECONDS);
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
