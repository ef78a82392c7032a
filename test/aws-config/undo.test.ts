import fc from "fast-check";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { undoConfigChange, updateConfigFile } from "../../src/aws-config/file.ts";
import { listUndo } from "../../src/aws-config/undo-record.ts";
import type { LockOptions } from "../../src/fs/lock.ts";
import { editConfig, parseConfig } from "../support/config-editor.ts";
import { arbitraryWildDocuments } from "./generator-wild.ts";
import { arbitraryDocuments } from "./generator.ts";
import { patience } from "../support/patience.ts";

const home = mkdtempSync(join(tmpdir(), "latchkey-undo-"));
const file = join(home, "config");
const lock: LockOptions = {
  timeoutMilliseconds: 20_000,
  monotonic: () => performance.now(),
  sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

afterAll(() => rmSync(home, { recursive: true, force: true }));

const files = fc.option(
  fc.oneof(
    arbitraryDocuments().map(({ bytes }) => bytes),
    arbitraryWildDocuments(),
  ),
  { freq: 8 },
);

const undo = () => undoConfigChange(home, file, lock, () => undefined);

describe("any file that is changed and restored", () => {
  test(
    "has the same bytes, or is missing again, and a second undo finds nothing to restore",
    { tags: ["long"], timeout: patience(60_000) },
    async () => {
      let changed = 0;
      await fc.assert(
        fc.asyncProperty(files, async (bytes) => {
          rmSync(file, { force: true });
          if (bytes !== null) writeFileSync(file, bytes);
          const edit = (before: Uint8Array): Uint8Array =>
            editConfig(
              parseConfig(before),
              [
                { type: "profile", name: "alpha", set: [["region", "eu-west-1"]] },
                { type: "profile", name: "new", set: [["region", "x"]] },
              ],
              file,
            ).document.bytes;
          try {
            await updateConfigFile(home, file, { lock, command: "configure", edit });
          } catch (thrown) {
            expect(thrown).toMatchObject({ code: "CONFIG_INVALID" });
            return;
          }
          changed += 1;
          expect((await undo()).kind).toBe("restored");
          expect(existsSync(file) ? readFileSync(file).toString("latin1") : null).toBe(
            bytes === null ? null : Buffer.from(bytes).toString("latin1"),
          );
          expect((await undo()).kind).toBe("nothing");
        }),
        { numRuns: 150, seed: 20_261_124 },
      );
      expect(changed).toBeGreaterThan(80);
    },
  );
});

test("the last ten of twelve changes can be undone, even if they were made in the same second", async () => {
  rmSync(file, { force: true });
  for (let change = 0; change <= 12; change += 1)
    await updateConfigFile(home, file, {
      lock,
      command: `change ${change}`,
      edit: () => Buffer.from(`# ${change}\n`),
    });
  expect(listUndo(home, file).map(({ command, state }) => `${command}: ${state}`)).toEqual(
    Array.from({ length: 10 }, (_, index) => `change ${12 - index}: undoable`),
  );
  for (let change = 11; change >= 2; change -= 1) {
    expect((await undo()).kind).toBe("restored");
    expect(readFileSync(file, "utf8")).toBe(`# ${change}\n`);
  }
  expect((await undo()).kind).toBe("nothing");
});

describe("of several changes", () => {
  const write = (text: string) =>
    updateConfigFile(home, file, { lock, command: text, edit: () => Buffer.from(text) });
  const listStates = () => listUndo(home, file).map(({ command, state }) => `${command} ${state}`);
  const start = async (...texts: string[]): Promise<void> => {
    rmSync(join(home, ".aws"), { recursive: true, force: true });
    writeFileSync(file, "# start");
    for (const text of texts) await write(text);
  };

  test("those before a change of another program can't be undone, even if they fit each other", async () => {
    await start("# 1", "# 2");
    writeFileSync(file, "# theirs");
    await write("# 3");
    expect(listStates()).toEqual(["# 3 undoable", "# 2 changed", "# 1 changed"]);
    expect((await undo()).kind).toBe("restored");
    expect(await undo()).toMatchObject({ kind: "changed", step: { command: "# 2" } });
    expect(readFileSync(file, "utf8")).toBe("# theirs");
  });

  test("one that was reverted by hand is skipped", async () => {
    await start("# 1", "# 2");
    writeFileSync(file, "# 1");
    expect(listStates()).toEqual(["# 1 undoable"]);
    expect((await undo()).kind).toBe("restored");
    expect(readFileSync(file, "utf8")).toBe("# start");
    expect((await undo()).kind).toBe("nothing");
  });

  test("none is undone with a changed backup", async () => {
    await start("# 1");
    writeFileSync(listUndo(home, file)[0]!.backup!, "# another");
    await expect(undo()).rejects.toMatchObject({ code: "STORAGE_FAILED" });
    expect(readFileSync(file, "utf8")).toBe("# 1");
  });
});
