import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { requireChecksum } from "../../scripts/checksum.ts";

const OF_ABC =
  "sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==";

test("the pinned archive is accepted, and another one is refused with both checksums", () => {
  const folder = mkdtempSync(join(tmpdir(), "latchkey-checksum-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "a.tgz");
  writeFileSync(file, "abc");
  expect(() => requireChecksum(file, "a@1.0.0", OF_ABC)).not.toThrow();
  writeFileSync(file, "abd");
  expect(() => requireChecksum(file, "a@1.0.0", OF_ABC)).toThrow(
    /^a@1\.0\.0 is not the archive that was pinned, and is not used: its checksum is sha512-\S+, and must be sha512-3a81/,
  );
});
