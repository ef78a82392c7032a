import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { updateConfigFile } from "../../src/files/aws-config.ts";
import type { LockOptions } from "../../src/files/lock.ts";
import { backupDirectory } from "../../src/files/paths.ts";

const lock: LockOptions = { timeoutMilliseconds: 20_000, sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)) };
const PLANNED_ON = "[profile a]\nregion = x\n";
const FOUND = "[profile b]\nregion = x\n";

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "latchkey-config-"));
  file = join(home, "config");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const update = (known: string, edit: (text: string) => string | undefined) =>
  updateConfigFile(home, file, lock, Buffer.from(known), (bytes) => {
    const after = edit(Buffer.from(bytes).toString());
    return after === undefined ? undefined : Buffer.from(after);
  });

describe("an edit that was planned on another version of the file", () => {
  test.each([
    ["of the same size", FOUND],
    ["of another size", `${FOUND}# more\n`],
    ["which is empty", ""],
  ])("%s, is made anew on the one that is there", async (_, found) => {
    writeFileSync(file, found);
    expect(await update(PLANNED_ON, (text) => `${text}# edited\n`)).toBe("replaced");
    expect(readFileSync(file, "utf8")).toBe(`${found}# edited\n`);
  });

  test("and that had nothing to do there, has on the one that is there", async () => {
    writeFileSync(file, FOUND);
    expect(await update(PLANNED_ON, (text) => (text === PLANNED_ON ? undefined : `${text}# edited\n`))).toBe("replaced");
    expect(readFileSync(file, "utf8")).toBe(`${FOUND}# edited\n`);
    expect(await update(`${FOUND}# edited\n`, () => undefined)).toBe("unchanged");
  });
});

test("without a backup nothing is written, and nothing is left beside the file", async () => {
  writeFileSync(file, FOUND);
  mkdirSync(join(backupDirectory(home), ".."), { recursive: true });
  writeFileSync(backupDirectory(home), "in the way");
  await expect(update(FOUND, (text) => `${text}# edited\n`)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
  expect(readFileSync(file, "utf8")).toBe(FOUND);
  expect(readdirSync(home).filter((name) => name.includes("tmp"))).toEqual([]);
});
