import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openToAppend } from "../../src/fs/append.ts";

test("text appended after close does not reach another file with the same descriptor", () => {
  const directory = mkdtempSync(join(tmpdir(), "latchkey-append-"));
  const [own, other] = [join(directory, "own"), join(directory, "other")];
  writeFileSync(own, "");
  writeFileSync(other, "");
  const file = openToAppend(own);
  file?.append("kept\n");
  file?.close();
  // The system reuses the lowest free number, which is that of the closed file.
  const descriptor = openSync(other, "a");
  file?.append("late\n");
  closeSync(descriptor);
  expect([readFileSync(own, "utf8"), readFileSync(other, "utf8")]).toEqual(["kept\n", ""]);
});
