import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { updateConfigFile } from "../../src/aws-config/file.ts";
import type { LockOptions } from "../../src/fs/lock.ts";
import { backupDirectory } from "../../src/fs/paths.ts";

const lock: LockOptions = {
  timeoutMilliseconds: 20_000,
  monotonic: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};
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
  updateConfigFile(home, file, {
    lock,
    known: Buffer.from(known),
    edit(bytes) {
      const after = edit(Buffer.from(bytes).toString());
      return after === undefined ? undefined : Buffer.from(after);
    },
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
    expect(
      await update(PLANNED_ON, (text) => (text === PLANNED_ON ? undefined : `${text}# edited\n`)),
    ).toBe("replaced");
    expect(readFileSync(file, "utf8")).toBe(`${FOUND}# edited\n`);
    expect(await update(`${FOUND}# edited\n`, () => undefined)).toBe("unchanged");
  });
});

test("without a backup nothing is written, and nothing is left beside the file", async () => {
  writeFileSync(file, FOUND);
  mkdirSync(join(backupDirectory(home), ".."), { recursive: true });
  writeFileSync(backupDirectory(home), "in the way");
  await expect(update(FOUND, (text) => `${text}# edited\n`)).rejects.toMatchObject({
    code: "STORAGE_FAILED",
  });
  expect(readFileSync(file, "utf8")).toBe(FOUND);
  expect(readdirSync(home).filter((name) => name.includes("tmp"))).toEqual([]);
});

describe("the backups", () => {
  const modeOf = (path: string): number => statSync(path).mode & 0o777;
  const contents = (): string[] =>
    readdirSync(backupDirectory(home)).map((name) =>
      readFileSync(join(backupDirectory(home), name), "utf8"),
    );

  test("of twelve edits are ten, each a version of its own, and the newest is always among them", async () => {
    writeFileSync(file, "# 0\n", { mode: 0o600 });
    for (let edit = 1; edit <= 12; edit += 1) {
      const before = readFileSync(file, "utf8");
      expect(await update(before, () => `# ${edit}\n`)).toBe("replaced");
      expect(contents()).toContain(before);
      expect(new Set(contents()).size).toBe(Math.min(edit, 10));
    }
    expect(readdirSync(backupDirectory(home))).toHaveLength(10);
  });

  test("that go are the oldest by their names, also where the clock was ahead when the others were made", async () => {
    mkdirSync(backupDirectory(home), { recursive: true });
    const name = (day: number): string => `config.2999-01-${day + 10}T000000Z.0123abcd`;
    for (let day = 1; day <= 12; day += 1)
      writeFileSync(join(backupDirectory(home), name(day)), `# ${day}\n`);
    writeFileSync(join(backupDirectory(home), "notes"), "the user's own");
    writeFileSync(file, FOUND);
    await update(FOUND, (text) => `${text}# edited\n`);
    const kept = Array.from({ length: 9 }, (_, index) => `# ${index + 4}\n`);
    expect(contents().toSorted()).toEqual([FOUND, "the user's own", ...kept].toSorted());
  });

  test("of a private config are private files in a private directory, whatever the umask", async () => {
    writeFileSync(file, FOUND, { mode: 0o600 });
    const umask = process.umask(0);
    try {
      await update(FOUND, (text) => `${text}# edited\n`);
    } finally {
      process.umask(umask);
    }
    expect(modeOf(backupDirectory(home))).toBe(0o700);
    const [backup = ""] = readdirSync(backupDirectory(home));
    expect(modeOf(join(backupDirectory(home), backup))).toBe(0o600);
  });
});
