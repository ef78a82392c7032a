import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SUMS_FILE } from "./artefacts.ts";

/** Writes the checksums of a release's files, and the signature of the checksums. */

const SIGNATURE_FILE = `${SUMS_FILE}.minisig`;

/** The SHA-256 of each file in hexadecimal, by the file's path in `dist-packages/`. */
export type Sums = ReadonlyMap<string, string>;

/** Writes SHA256SUMS for those of the files that exist in the folder. Removes the signature of older checksums. */
export function writeSums(folder: string, files: readonly string[]): Sums {
  const present = files.filter((file) => existsSync(join(folder, file))).toSorted();
  const sums = new Map(present.map((file) => [file, hashFile(join(folder, file))]));
  rmSync(join(folder, SIGNATURE_FILE), { force: true });
  const lines = [...sums].map(([file, sum]) => `${sum}  ${file}\n`);
  writeFileSync(join(folder, SUMS_FILE), lines.join(""));
  return sums;
}

/**
 * Writes SHA256SUMS.minisig with minisign. If the key has a password, minisign asks for it.
 * @param comment signed together with the checksums, and shown when the signature is verified
 */
export function signSums(folder: string, keyFile: string, comment: string): void {
  const signature = ["-x", join(folder, SIGNATURE_FILE), "-t", comment];
  execFileSync("minisign", ["-S", "-s", keyFile, "-m", join(folder, SUMS_FILE), ...signature], {
    stdio: ["inherit", "ignore", "inherit"],
  });
}

function hashFile(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}
