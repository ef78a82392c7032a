// Loads the keychain library's native part, which is embedded in the standalone executables.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { listHostPlaces, makePrivateDirectory } from "../../../src/fs/directories/host-places.ts";
import { settleOwnState } from "../../../src/fs/directories/own-state.ts";
import { homeDirectory, latchkeyDirectory } from "../../../src/fs/paths.ts";
import { ignoreExpected, readIfPresent } from "../../../src/fs/read.ts";
import { openSecretFile } from "../../../src/fs/replace.ts";
import { sweepDirectory } from "../../../src/fs/temporary.ts";

/**
 * Writes the library to a directory that only this user can write to, and loads it there: systems load libraries only
 * from a disk. Bun would use the temporary directory, which other users may own, which may allow no programs, and where
 * it loads a file of the same name and size without a look at its content.
 * @param embedded its path inside the executable
 * @throws the error of the first directory if no directory works
 */
export function loadNativePart(embedded: string): unknown {
  const bytes = readFileSync(embedded);
  const refusals: unknown[] = [];
  for (const makePlace of listPlaces()) {
    try {
      const loaded = { exports: {} };
      process.dlopen(loaded, placeFile(makePlace(), bytes));
      return loaded.exports;
    } catch (thrown) {
      refusals.push(thrown);
    }
  }
  throw refusals[0];
}

/** Lists functions that create a directory: in latchkey's own state, then elsewhere on this host. */
function* listPlaces(): Generator<() => string> {
  const home = homeDirectory(process.env);
  settleOwnState(home, process.env, () => undefined);
  yield () => makePrivateDirectory(latchkeyDirectory(home, "native"));
  yield* listHostPlaces(process.env);
}

/** Returns the path of the file with these bytes. They are compared at each use. */
function placeFile(directory: string, bytes: Buffer): string {
  const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.node`;
  const file = join(directory, name);
  sweepDirectory(directory);
  if (!holds(file, bytes)) openSecretFile(file).commit(bytes);
  return file;
}

function holds(file: string, bytes: Buffer): boolean {
  return ignoreExpected(() => readIfPresent(file, bytes.length))?.equals(bytes) === true;
}
