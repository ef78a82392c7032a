import * as fs from "node:fs";
import { LatchkeyError } from "../errors.ts";
import { storageFailed } from "../fs/read.ts";

/**
 * Writes what a shell is to evaluate into the file that its hook has made: an empty one, of this user alone. Anything
 * else under that name was not made by the hook, and is not touched.
 */
export function writeChanges(path: string, text: string): void {
  let descriptor: number | undefined;
  try {
    descriptor = fs.openSync(path, fs.constants.O_WRONLY | fs.constants.O_NOFOLLOW);
    const { size, uid } = fs.fstatSync(descriptor);
    if (size !== 0 || (process.getuid !== undefined && uid !== process.getuid())) {
      throw new LatchkeyError(
        "USAGE",
        `${path} is not the empty file that the shell's hook makes.`,
        { hint: "Start a new shell, or run the line of shell-init again." },
      );
    }
    fs.writeFileSync(descriptor, text);
  } catch (thrown) {
    throw storageFailed(`${path}, which the shell's hook has made, could not be written`, thrown);
  } finally {
    if (descriptor !== undefined) fs.closeSync(descriptor);
  }
}
