// Loads the keychain library's native part, which is embedded in the standalone executables for Windows.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { homeDirectory, latchkeyDirectory } from "../../../src/fs/paths.ts";

/**
 * Copies the library to the user's own latchkey folder and loads the copy, because Windows loads libraries only from a
 * disk. Bun would write the library to the temporary directory, which services share, and load it by a device path that
 * not all systems resolve (Wine can't).
 * @param embedded the library's path inside the executable
 */
export function loadNativePart(embedded: string): unknown {
  const loaded = { exports: {} };
  process.dlopen(loaded, writeNativePart(readFileSync(embedded)) ?? embedded);
  return loaded.exports;
}

/**
 * Writes the library unless the file exists. Returns the file's path; undefined if it can't be written. The file's
 * bytes are compared at each use.
 */
function writeNativePart(bytes: Buffer): string | undefined {
  const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}.node`;
  const file = latchkeyDirectory(homeDirectory(process.env), "native", name);
  if (holds(file, bytes)) return file;
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, bytes, { mode: 0o600, flag: "wx" });
    renameSync(temporary, file);
  } catch {
    // Another process may have loaded the library since, and Windows does not replace a library that is in use.
    rmSync(temporary, { force: true });
  }
  return holds(file, bytes) ? file : undefined;
}

function holds(file: string, bytes: Buffer): boolean {
  try {
    return readFileSync(file).equals(bytes);
  } catch {
    return false;
  }
}
