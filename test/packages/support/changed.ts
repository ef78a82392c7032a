import { copyFileSync, closeSync, openSync, readSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { PACKAGES_FOLDER } from "../../../scripts/package/artefacts.ts";
import { CHECKOUT } from "../../support/checkout.ts";

/** Copies a file of the release into a folder, with one byte in its middle changed. */
export function copyWithOtherByte(file: string, folder: string): void {
  const copy = join(folder, file);
  copyFileSync(join(CHECKOUT, PACKAGES_FOLDER, file), copy);
  const middle = Math.floor(statSync(copy).size / 2);
  const byte = Buffer.alloc(1);
  const descriptor = openSync(copy, "r+");
  readSync(descriptor, byte, 0, 1, middle);
  byte[0] = (byte[0] ?? 0) ^ 1;
  writeSync(descriptor, byte, 0, 1, middle);
  closeSync(descriptor);
}
