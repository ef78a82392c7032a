// Checks archives that scripts fetch: only archives with the pinned checksum are used.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

/**
 * @param what the archive's name and version, for the message
 * @param integrity the SHA-512, as in lock files
 * @throws Error if the file has another checksum
 */
export function requireChecksum(file: string, what: string, integrity: string): void {
  const actual = `sha512-${createHash("sha512").update(readFileSync(file)).digest("base64")}`;
  if (actual !== integrity)
    throw new Error(
      `${what} is not the archive that was pinned, and is not used: its checksum is ${actual}, and must be ${integrity}`,
    );
}
