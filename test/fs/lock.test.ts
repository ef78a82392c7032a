import { execFile, execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acquireLock, withLock } from "../../src/fs/lock.ts";
import { lockDirectory } from "../../src/fs/paths.ts";
import { expectMode, NO_FIFO, NO_LINKS, NO_MODES, testOnPosixOnly } from "../support/windows.ts";

/** Children import the TypeScript source, because Node strips types. */
const LOCK_MODULE = new URL("../../src/fs/lock.ts", import.meta.url).href;
const sleep = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
const monotonic = (): number => performance.now();
const patiently = { timeoutMilliseconds: 20_000, monotonic, sleep };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "latchkey-lock-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A process that takes the lock, reports it, and holds it until it is killed. */
async function startHolder(): Promise<ChildProcess> {
  const script = `const { acquireLock } = await import(${JSON.stringify(LOCK_MODULE)});
    await acquireLock(${JSON.stringify(home)}, "x", { timeoutMilliseconds: 20000, monotonic: () => performance.now(), sleep: (ms) => new Promise((r) => setTimeout(r, ms)) });
    console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

/** Returns the result of another process that does not wait: "held", or the code of its error. */
async function attempt(): Promise<string> {
  const script = `const { acquireLock } = await import(${JSON.stringify(LOCK_MODULE)});
    const options = { timeoutMilliseconds: 0, monotonic: () => performance.now(), sleep: async () => undefined };
    const lock = acquireLock(${JSON.stringify(home)}, "x", options);
    console.log(await lock.then(() => "held", (error) => error.code));`;
  const argv = ["--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, argv);
  return stdout.trim();
}

/** Expects that the lock can't be taken if its path is something else than a regular file. */
async function expectRefusal(put: (path: string) => void): Promise<void> {
  await withLock(home, "x", patiently, async () => undefined);
  const [name = ""] = readdirSync(lockDirectory(home));
  const path = join(lockDirectory(home), name);
  rmSync(path);
  writeFileSync(join(home, "victim"), "untouched");
  put(path);
  await expect(acquireLock(home, "x", patiently)).rejects.toMatchObject({
    code: "STORAGE_FAILED",
    message: expect.stringContaining(path),
  });
  expect(readFileSync(join(home, "victim"), "utf8")).toBe("untouched");
}

describe("the lock", () => {
  test(
    "has one holder at a time, within this process and across processes",
    { tags: ["long"] },
    async () => {
      const counter = join(home, "counter");
      writeFileSync(counter, "0");
      const script = `import { readFileSync, writeFileSync } from "node:fs";
      const { withLock } = await import(${JSON.stringify(LOCK_MODULE)});
      const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
      console.log("ready");
      for (let i = 0; i < 20; i += 1) await withLock(${JSON.stringify(home)}, "x", { timeoutMilliseconds: 20000, monotonic: () => performance.now(), sleep }, async () => {
        const value = Number(readFileSync(${JSON.stringify(counter)}, "utf8")); await sleep(2); writeFileSync(${JSON.stringify(counter)}, String(value + 1));
      });`;
      const argv = ["--input-type=module", "-e", script];
      const start = () => spawn(process.execPath, argv, { stdio: ["ignore", "pipe", "ignore"] });
      const children = Array.from({ length: 4 }, start);
      const ends = children.map((child) => once(child, "close"));
      const ready = Promise.all(children.map((child) => once(child.stdout, "data")));
      const increment = async (): Promise<void> => {
        const value = Number(readFileSync(counter, "utf8"));
        await ready;
        await sleep(10);
        writeFileSync(counter, String(value + 1));
      };
      // Each waiter of this process asks for the lock while another one of this process holds it.
      const callers: Array<Promise<void>> = [];
      const enter = (others: number): void => {
        const incrementAlone = async (): Promise<void> => {
          if (others > 0) enter(others - 1);
          await increment();
        };
        callers.push(withLock(home, "x", patiently, incrementAlone));
      };
      enter(19);
      for (let index = 0; index < callers.length; index += 1) await callers[index];
      await Promise.all(ends);
      expect([callers.length, readFileSync(counter, "utf8")]).toEqual([20, "100"]);
    },
  );

  test("excludes other processes while further callers of this process wait for it", async () => {
    const first = await acquireLock(home, "x", patiently);
    const second = acquireLock(home, "x", patiently);
    await sleep(50);
    expect(await attempt()).toBe("STORAGE_FAILED");
    first.release();
    const held = await second;
    expect(await attempt()).toBe("STORAGE_FAILED");
    held.release();
    expect(await attempt()).toBe("held");
  });

  test("is free for the next caller of this process after one has timed out", async () => {
    const child = await startHolder();
    await expect(
      acquireLock(home, "x", { timeoutMilliseconds: 0, monotonic, sleep }),
    ).rejects.toThrow();
    child.kill("SIGKILL");
    (await acquireLock(home, "x", patiently)).release();
  });

  test("is not waited for longer than the caller's limit, and goes to the next waiter", async () => {
    const first = await acquireLock(home, "x", patiently);
    const impatient = acquireLock(home, "x", { timeoutMilliseconds: 200, monotonic, sleep });
    const next = acquireLock(home, "x", patiently);
    await expect(impatient).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      message: expect.stringContaining("the lock on x"),
    });
    expect(await attempt()).toBe("STORAGE_FAILED");
    first.release();
    (await next).release();
    expect(await attempt()).toBe("held");
  });

  test("is released by the kernel when its holder is killed", async () => {
    const child = await startHolder();
    setTimeout(() => child.kill("SIGKILL"), 200);
    const started = Date.now();
    (await acquireLock(home, "x", patiently)).release();
    expect(Date.now() - started).toBeGreaterThanOrEqual(150);
  });

  test("that is not released ends in STORAGE_FAILED with the lock's name, and is never broken", async () => {
    const child = await startHolder();
    await expect(
      acquireLock(home, "x", { timeoutMilliseconds: 300, monotonic, sleep }),
    ).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      message: expect.stringContaining("the lock on x"),
    });
    child.kill("SIGKILL");
  });

  test("is an empty 0600 file in a 0700 directorywith any umask", async () => {
    const before = process.umask(0o000);
    try {
      await withLock(home, "x", patiently, async () => {
        const [name = ""] = readdirSync(lockDirectory(home));
        const path = join(lockDirectory(home), name);
        expectMode(path, 0o600);
        expect(statSync(path).size).toBe(0);
      });
    } finally {
      process.umask(before);
    }
    expectMode(lockDirectory(home), 0o700);
    expect(readdirSync(lockDirectory(home))).toHaveLength(1);
  });

  test("refuses a directory in its place and follows nothing", () => expectRefusal(mkdirSync));

  testOnPosixOnly(NO_LINKS)("refuses a symlink in its place and follows nothing", () =>
    expectRefusal((path) => symlinkSync(join(home, "victim"), path)),
  );
  testOnPosixOnly(NO_FIFO)("refuses a fifo in its place and follows nothing", () =>
    expectRefusal((path) => void execFileSync("mkfifo", [path])),
  );

  testOnPosixOnly(NO_MODES)("refuses a directory that others can write to", async () => {
    await withLock(home, "x", patiently, async () => undefined);
    chmodSync(lockDirectory(home), 0o777);
    await expect(acquireLock(home, "x", patiently)).rejects.toMatchObject({
      code: "STORAGE_FAILED",
      hint: expect.stringContaining("chmod 700"),
    });
  });
});
