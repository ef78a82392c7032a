import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Returns a temporary folder that exists while a target runs. */
export function createTemporaryFolder() {
  let folder = "";
  return {
    path: () => folder,
    open: (): Promise<() => void> => {
      folder = mkdtempSync(join(tmpdir(), "latchkey-fuzz-"));
      const opened = folder;
      return Promise.resolve(() => rmSync(opened, { recursive: true, force: true }));
    },
  };
}
