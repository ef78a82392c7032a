import { execFileSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openReplacement, replaceFile } from "../../src/fs/replace.ts";
import { readIfPresent } from "../../src/fs/read.ts";
import { expectMode, NO_FIFO, NO_LINKS, testOnPosixOnly } from "../support/windows.ts";

const REPLACE = new URL("../../src/fs/replace.ts", import.meta.url).href;
/** Node warns only in a thread about a file that is closed twice. */
const CLOSES = `const { parentPort, workerData: { home, module } } = require("node:worker_threads");
const { readdirSync, unlinkSync } = require("node:fs");
const warnings = [];
process.on("warning", ({ message }) => warnings.push(message));
import(module).then(({ openReplacement }) => {
  const replacement = openReplacement(home + "/file", { mode: 0o600 });
  for (const name of readdirSync(home)) unlinkSync(home + "/" + name);
  try {
    replacement.commit("x");
  } catch ({ code }) {
    setImmediate(() => parentPort.postMessage({ code, warnings }));
  }
});`;

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "latchkey-file-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe("replacing a file", () => {
  test("a new file gets the requested mode under any umask, and an existing one keeps its own", () => {
    for (const umask of [0o000, 0o077, 0o777]) {
      const before = process.umask(umask);
      try {
        replaceFile(join(home, `f${umask}`), "secret", { mode: 0o600 });
      } finally {
        process.umask(before);
      }
      expectMode(join(home, `f${umask}`), 0o600);
    }
    writeFileSync(join(home, "old"), "a");
    chmodSync(join(home, "old"), 0o640);
    replaceFile(join(home, "old"), "b", { mode: 0o600 });
    expectMode(join(home, "old"), 0o640);
  });

  test("a version that can't replace the file is closed once: the number may be another file's by then", async () => {
    const worker = new Worker(CLOSES, { eval: true, workerData: { home, module: REPLACE } });
    const messages: unknown[] = await once(worker, "message");
    expect(messages).toEqual([{ code: "STORAGE_FAILED", warnings: [] }]);
  });

  testOnPosixOnly(NO_LINKS)(
    "symbolic links stay and their target changes, also for a chain and a linked directory",
    () => {
      mkdirSync(join(home, "repo/aws"), { recursive: true });
      writeFileSync(join(home, "repo/real"), "old");
      symlinkSync("../real", join(home, "repo/aws/config"));
      symlinkSync(join(home, "repo/aws"), join(home, "dot-aws"));
      replaceFile(join(home, "dot-aws/config"), "new", { mode: 0o600 });
      expect(readFileSync(join(home, "repo/real"), "utf8")).toBe("new");
      expect(lstatSync(join(home, "repo/aws/config")).isSymbolicLink()).toBe(true);
    },
  );

  testOnPosixOnly(NO_LINKS)(
    "the target of a dangling link is created, and a link loop is reported as one",
    () => {
      symlinkSync(join(home, "target"), join(home, "link"));
      replaceFile(join(home, "link"), "x", { mode: 0o600 });
      expect(readFileSync(join(home, "target"), "utf8")).toBe("x");
      symlinkSync("loop", join(home, "loop"));
      expect(() => replaceFile(join(home, "loop"), "x", { mode: 0o600 })).toThrow(
        expect.objectContaining({ code: "CONFIG_INVALID" }),
      );
    },
  );

  test("an abandoned or failed replacement leaves the old version and no temporary file", () => {
    writeFileSync(join(home, "f"), "old");
    const replacement = openReplacement(join(home, "f"), { mode: 0o600, reserveBytes: 100 });
    replacement.stage("new");
    replacement.abandon();
    expect(readdirSync(home)).toEqual(["f"]);
    expect(readFileSync(join(home, "f"), "utf8")).toBe("old");
    expect(() => replaceFile(join(home, "missing/f"), "x", { mode: 0o600 })).toThrow(
      expect.objectContaining({ code: "STORAGE_FAILED" }),
    );
  });

  test("reserved bytes are not part of the new version", () => {
    replaceFile(join(home, "f"), "short", { mode: 0o600, reserveBytes: 4096 });
    expect(readFileSync(join(home, "f"), "utf8")).toBe("short");
  });

  const expectRefusal = (path: string): void => {
    expect(() => replaceFile(path, "x", { mode: 0o600 })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
    expect(() => readIfPresent(path, 100)).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID" }),
    );
  };

  test("a directory at the path is refused at once", () => {
    mkdirSync(join(home, "d"));
    expectRefusal(join(home, "d"));
    expect(existsSync(join(home, "d"))).toBe(true);
  });

  testOnPosixOnly(NO_FIFO)("a FIFO at the path is refused at once", () => {
    execFileSync("mkfifo", [join(home, "p")]);
    expectRefusal(join(home, "p"));
  });
});
