// A part of the standalone executables for Windows: loads the keychain library's native part, which is embedded there.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { homeDirectory, latchkeyDirectory } from "../../../src/fs/paths.ts";

/**
 * Windows loads a library from a disk alone. Bun would put it into the temporary directory by a device path, which not
 * every system resolves (Wine does not), and which a service shares with others: our own folder is the person's.
 * @param embedded where the executable has it.
 */
export function loadNativePart(embedded: string): unknown {
  const loaded = { exports: {} };
  process.dlopen(loaded, writeNativePart(readFileSync(embedded)) ?? embedded);
  return loaded.exports;
}

/** The path of the file, or undefined where it can't be written. Its bytes are compared at each use. */
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
    // Another process may have loaded it meanwhile: Windows replaces no library that is in use.
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
