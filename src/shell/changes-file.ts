import { usageError } from "../errors.ts";
import { fillOwnEmptyFile } from "../fs/append.ts";
import { toStorageError } from "../fs/read.ts";

/**
 * Writes the text that the shell will evaluate into the file that its hook created. The file must be empty and owned by
 * this user. If it is not, the hook did not create it, and it is not changed.
 */
export function writeChanges(path: string, text: string): void {
  try {
    if (fillOwnEmptyFile(path, text)) return;
  } catch (thrown) {
    throw toStorageError(`${path}, which the shell's hook has made, could not be written`, thrown);
  }
  throw usageError(
    `${path} is not the empty file that the shell's hook makes.`,
    "Start a new shell, or run the line of shell-init again.",
  );
}
