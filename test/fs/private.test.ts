import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect } from "vitest";
import {
  ensureDirectoryBeside,
  ensurePrivateDirectory,
  ensureSecretDirectory,
} from "../../src/fs/directories/private.ts";
import { compileCacheDirectory } from "../../src/hot-path/fast-path.ts";
import { expectMode, NO_MODES, testOnPosixOnly } from "../support/windows.ts";

const test = testOnPosixOnly(NO_MODES);
let home: string;
beforeEach(() => (home = mkdtempSync(join(tmpdir(), "latchkey-private-"))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

function makeDirectory(path: string, mode: number): string {
  mkdirSync(join(home, path), { recursive: true });
  chmodSync(join(home, path), mode);
  return join(home, path);
}

describe("a directory", () => {
  test("that latchkey creates is private under any umask, and an existing one keeps its mode", () => {
    makeDirectory("there", 0o755);
    for (const umask of [0, 0o077, 0o777]) {
      const before = process.umask(umask);
      try {
        ensurePrivateDirectory(join(home, `there/a${umask}/b`));
      } finally {
        process.umask(before);
      }
      for (const name of [`there/a${umask}`, `there/a${umask}/b`])
        expectMode(join(home, name), 0o700);
    }
    expectMode(join(home, "there"), 0o755);
  });

  test("created by an AWS client loses write access for others, and ~/.aws is not changed", () => {
    for (const path of [".aws", ".aws/sso", ".aws/sso/cache"]) makeDirectory(path, 0o777);
    ensureSecretDirectory(join(home, ".aws/sso/cache"));
    expectMode(join(home, ".aws"), 0o777);
    expectMode(join(home, ".aws/sso"), 0o755);
    expectMode(join(home, ".aws/sso/cache"), 0o755);
  });

  test("next to a taken name is the same for every caller", () => {
    const taken = makeDirectory("latchkey-1000", 0o755);
    makeDirectory("latchkey-1000-a", 0o777);
    const first = ensureDirectoryBeside(taken);
    expect(ensureDirectoryBeside(taken)).toBe(first);
    expect(first.startsWith(`${taken}-`)).toBe(true);
    expect(statSync(first).mode & 0o777).toBe(0o700);
  });

  test("next to a taken name is the same for callers that start at the same moment", async () => {
    const rounds = Array.from({ length: 200 }, (_, round) =>
      makeDirectory(`taken-${round}`, 0o755),
    );
    const chosen = await Promise.all(startRacers(3, rounds));
    expect(chosen).toEqual(chosen.map(() => rounds.map((path) => `${path}-2`)));
  });

  test("next to a taken name has the first number that another user has not taken", () => {
    const taken = makeDirectory("latchkey-1000", 0o755);
    for (const number of [2, 3]) makeDirectory(`latchkey-1000-${number}`, 0o777);
    symlinkSync(home, `${taken}-4`);
    expect(ensureDirectoryBeside(taken)).toBe(`${taken}-5`);
  });
});

/** Starts threads that all choose a place next to the same path at the same moment, path by path. */
function startRacers(count: number, paths: readonly string[]): Promise<unknown>[] {
  const arrived = new Int32Array(new SharedArrayBuffer(4 * paths.length));
  const workerData = { arrived, count, paths, MODULE };
  return Array.from({ length: count }, async () => {
    const messages: unknown[] = await once(
      new Worker(RACER, { eval: true, workerData }),
      "message",
    );
    return messages[0];
  });
}

const MODULE = new URL("../../src/fs/directories/private.ts", import.meta.url).href;
const RACER = `const { parentPort, workerData } = require("node:worker_threads");
const { arrived, count, paths, MODULE } = workerData;
import(MODULE).then(({ ensureDirectoryBeside }) =>
  parentPort.postMessage(paths.map((path, round) => {
    Atomics.add(arrived, round, 1);
    while (Atomics.load(arrived, round) < count);
    return ensureDirectoryBeside(path);
  })));`;

describe("compiled code", () => {
  const find = (): string | undefined => compileCacheDirectory({ HOME: home });

  test("is cached in directories that latchkey creates and nobody else can read", () => {
    expect(find()).toBeUndefined();
    const state = makeDirectory(".aws/latchkey", 0o700);
    expect(find()).toBe(join(state, "cache/compiled"));
    for (const path of ["cache", "cache/compiled"]) expectMode(join(state, path), 0o700);
  });

  test("is not cached where others have access, or through a link", () => {
    const state = makeDirectory(".aws/latchkey", 0o755);
    expect(find()).toBeUndefined();
    expect(existsSync(join(state, "cache"))).toBe(false);
    chmodSync(state, 0o700);
    symlinkSync(makeDirectory("elsewhere", 0o700), join(state, "cache"));
    expect(find()).toBeUndefined();
    expect(existsSync(join(home, "elsewhere/compiled"))).toBe(false);
  });

  test("is not loaded from a directory that others can write to", () => {
    makeDirectory(".aws/latchkey", 0o700);
    makeDirectory(".aws/latchkey/cache", 0o777);
    expect(find()).toBeUndefined();
  });
});
