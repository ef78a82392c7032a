import fs from "node:fs";
import { usageError } from "../errors.ts";
import { toStorageError } from "./read.ts";

/** Returns the last `maxBytes` bytes of stdin as text. */
export async function readEndOfStandardInput(maxBytes: number): Promise<string> {
  let kept: Buffer[] = [];
  let length = 0;
  for await (const bytes of readChunks()) {
    kept.push(bytes);
    length += bytes.length;
    if (length < 2 * maxBytes) continue;
    kept = [Buffer.concat(kept).subarray(-maxBytes)];
    length = maxBytes;
  }
  return Buffer.concat(kept).subarray(-maxBytes).toString("utf8");
}

/**
 * Returns all of stdin as text.
 * @throws LatchkeyError USAGE for more than `maxBytes` bytes.
 */
export async function readStandardInput(maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const bytes of readChunks()) {
    length += bytes.length;
    if (length > maxBytes)
      throw usageError(`stdin holds more than ${maxBytes} bytes.`, "Check what is piped in.");
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function* readChunks(): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of fs.createReadStream("", { fd: 0, autoClose: false }))
      yield Buffer.from(chunk as Uint8Array);
  } catch (thrown) {
    throw toStorageError("stdin could not be read", thrown);
  }
}
