import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { removeDirectory } from "../../src/fs/directories/remove.ts";
import { NO_LINKS, testOnPosixOnly } from "../support/windows.ts";

let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "latchkey-remove-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("removing a directory", () => {
  test("returns what was in it, and a missing one is no error", () => {
    const path = join(home, "a");
    mkdirSync(join(path, "inside"), { recursive: true });
    for (const file of ["one", "inside/two"]) writeFileSync(join(path, file), "");
    expect(removeDirectory(path).toSorted()).toEqual([join(path, "inside"), join(path, "one")]);
    expect(existsSync(path)).toBe(false);
    expect(removeDirectory(path)).toEqual([]);
  });

  testOnPosixOnly(NO_LINKS)("removes a link in its place, and nothing behind it", () => {
    mkdirSync(join(home, "other"));
    writeFileSync(join(home, "other", "kept"), "");
    symlinkSync(join(home, "other"), join(home, "link"));
    mkdirSync(join(home, "a"));
    symlinkSync(join(home, "other"), join(home, "a", "link"));
    expect(removeDirectory(join(home, "link"))).toEqual([]);
    expect(removeDirectory(join(home, "a"))).toEqual([join(home, "a", "link")]);
    expect(readdirSync(home)).toEqual(["other"]);
    expect(readdirSync(join(home, "other"))).toEqual(["kept"]);
  });

  test("succeeds while other processes write files there, and they can go on", async () => {
    const path = join(home, "roles", "corp");
    const isOver = new Int32Array(new SharedArrayBuffer(4));
    const workerData = { isOver, path, home, modules: MODULES };
    const writers = [1, 2].map(() => new Worker(WRITER, { eval: true, workerData }));
    await Promise.all(writers.map((writer) => once(writer, "message")));
    let removed = 0;
    while (removed < 200) removed += removeDirectory(path).length;
    const ended = writers.map(async (writer): Promise<unknown[]> => once(writer, "message"));
    Atomics.store(isOver, 0, 1);
    // The file itself may be removed before its rename.
    for (const [refusals] of await Promise.all(ended)) expect(refusals).toEqual([]);
  });
});

const MODULES = ["replace.ts", "paths.ts", "read.ts"].map(
  (file) => new URL(`../../src/fs/${file}`, import.meta.url).href,
);
/** Writes like a credential-process. Reports its start, and at the end what else than a lost file went wrong. */
const WRITER = `const { parentPort, workerData } = require("node:worker_threads");
const { isOver, path, home, modules } = workerData;
Promise.all(modules.map((each) => import(each))).then(([{ writeSecretFile }, { setStateRoot }, { storageErrorCode }]) => {
  setStateRoot(home, () => undefined);
  const refusals = new Set();
  parentPort.postMessage("started");
  while (Atomics.load(isOver, 0) === 0)
    try {
      writeSecretFile(path + "/role.json", "x");
    } catch (thrown) {
      if (storageErrorCode(thrown) !== "ENOENT") refusals.add(thrown.message);
    }
  parentPort.postMessage([...refusals]);
});`;
