import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { updateConfigFile } from "../../src/aws-config/file.ts";
import { listUndo } from "../../src/aws-config/undo-record.ts";
import type { LockOptions } from "../../src/fs/lock.ts";
import { backupDirectory } from "../../src/fs/paths.ts";
import { expectMode } from "../support/windows.ts";

const lock: LockOptions = {
  timeoutMilliseconds: 20_000,
  monotonic: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
const FOUND = "[profile b]\nregion = x\n";

let home: string;
let file: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "latchkey-config-"));
  file = join(home, "config");
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const update = (edit: (text: string) => string | undefined) =>
  updateConfigFile(home, file, {
    lock,
    command: "configure",
    edit(bytes) {
      const after = edit(Buffer.from(bytes).toString());
      return after === undefined ? undefined : Buffer.from(after);
    },
  });

describe("an edit", () => {
  test.each([
    ["of a file that is there", FOUND],
    ["of an empty file", ""],
    ["of no file", undefined],
  ])("%s, is applied to the current content", async (_, found) => {
    if (found !== undefined) writeFileSync(file, found);
    expect(await update((text) => `${text}# edited\n`)).toBe("replaced");
    expect(readFileSync(file, "utf8")).toBe(`${found ?? ""}# edited\n`);
    expect(await update(() => undefined)).toBe("unchanged");
  });

  test("is made again after a write of another program, until it is applied to the current content", async () => {
    writeFileSync(file, FOUND);
    let edits = 0;
    const edit = (text: string): string => {
      edits += 1;
      if (edits < 3) writeFileSync(file, `${text}# theirs ${edits}\n`);
      return `${text}# edited\n`;
    };
    expect(await update(edit)).toBe("replaced");
    expect(readFileSync(file, "utf8")).toBe(`${FOUND}# theirs 1\n# theirs 2\n# edited\n`);
    expect(listUndo(home, file)).toMatchObject([{ command: "configure", state: "undoable" }]);
  });

  test("is given up if another program keeps writing", async () => {
    writeFileSync(file, FOUND);
    const edit = (text: string): string => {
      writeFileSync(file, `${text}# theirs\n`);
      return `${text}# edited\n`;
    };
    await expect(update(edit)).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect(readFileSync(file, "utf8")).not.toContain("# edited");
    expect(listUndo(home, file)).toEqual([]);
  });
});

test("if the backup fails, nothing is written, and no temporary file is left", async () => {
  writeFileSync(file, FOUND);
  mkdirSync(join(backupDirectory(home), ".."), { recursive: true });
  writeFileSync(backupDirectory(home), "in the way");
  await expect(update((text) => `${text}# edited\n`)).rejects.toMatchObject({
    code: "STORAGE_FAILED",
  });
  expect(readFileSync(file, "utf8")).toBe(FOUND);
  expect(readdirSync(home).filter((name) => name.includes("tmp"))).toEqual([]);
});

describe("the backups", () => {
  const contents = (): string[] =>
    readdirSync(backupDirectory(home)).map((name) =>
      readFileSync(join(backupDirectory(home), name), "utf8"),
    );

  test("after twelve edits are the last ten versions, each different", async () => {
    writeFileSync(file, "# 0\n", { mode: 0o600 });
    for (let edit = 1; edit <= 12; edit += 1) {
      const before = readFileSync(file, "utf8");
      expect(await update(() => `# ${edit}\n`)).toBe("replaced");
      expect(contents()).toContain(before);
      expect(new Set(contents()).size).toBe(Math.min(edit, 10));
    }
    expect(readdirSync(backupDirectory(home))).toHaveLength(10);
  });

  test("that are removed are the oldest by name, also if the clock was ahead when they were made", async () => {
    mkdirSync(backupDirectory(home), { recursive: true });
    const name = (day: number): string => `config.2999-01-${day + 10}T000000Z.0123abcd`;
    for (let day = 1; day <= 12; day += 1)
      writeFileSync(join(backupDirectory(home), name(day)), `# ${day}\n`);
    writeFileSync(join(backupDirectory(home), "notes"), "the user's own");
    writeFileSync(file, FOUND);
    await update((text) => `${text}# edited\n`);
    const kept = Array.from({ length: 9 }, (_, index) => `# ${index + 4}\n`);
    expect(contents().toSorted()).toEqual([FOUND, "the user's own", ...kept].toSorted());
  });

  test.each([0o600, 0o644])(
    "of a config with mode %o are private files in a private directory, with any umask",
    async (mode) => {
      writeFileSync(file, FOUND, { mode });
      chmodSync(file, mode);
      const umask = process.umask(0);
      try {
        await update((text) => `${text}# edited\n`);
      } finally {
        process.umask(umask);
      }
      expectMode(backupDirectory(home), 0o700);
      const [backup = ""] = readdirSync(backupDirectory(home));
      expectMode(join(backupDirectory(home), backup), 0o600);
    },
  );
});
