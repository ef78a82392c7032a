import fs from "node:fs";
import { LatchkeyError, usageError } from "../errors.ts";
import { toStorageError } from "./read.ts";

/** All of stdin as text, up to `maxBytes`; what a pipe or a file gives. */
export async function readStandardInput(maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of fs.createReadStream("", { fd: 0, autoClose: false })) {
      const bytes = Buffer.from(chunk as Uint8Array);
      length += bytes.length;
      if (length > maxBytes)
        throw usageError(`stdin holds more than ${maxBytes} bytes.`, "Check what is piped in.");
      chunks.push(bytes);
    }
  } catch (thrown) {
    throw thrown instanceof LatchkeyError
      ? thrown
      : toStorageError("stdin could not be read", thrown);
  }
  return Buffer.concat(chunks).toString("utf8");
}
