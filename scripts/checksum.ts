// The checksum of what a script fetches: nothing is made of another archive than the one that was pinned.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * @param what its name and version, for the message. @param integrity SHA-512, as lock files have it.
 * @throws Error where the file is another one
 */
export function requireChecksum(file: string, what: string, integrity: string): void {
  const actual = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (actual !== integrity)
    throw new Error(
      `${what} is not the archive that was pinned, and is not used: its checksum is ${actual}, and must be ${integrity}`,
    );
}
