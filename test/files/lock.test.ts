import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { acquireLock, withLock } from "../../src/files/lock.ts";
import { lockDirectory } from "../../src/files/paths.ts";

const LOCK_MODULE = fileURLToPath(new URL("../../dist/files/lock.js", import.meta.url));
const sleep = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
const patiently = { timeoutMilliseconds: 20_000, sleep };

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "latchkey-lock-"));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

/** A process that takes the lock, says so, and holds it until it is killed. */
async function holder(): Promise<ChildProcess> {
  const script = `const { acquireLock } = await import(${JSON.stringify(LOCK_MODULE)});
    await acquireLock(${JSON.stringify(home)}, "x", { timeoutMilliseconds: 20000, sleep: (ms) => new Promise((r) => setTimeout(r, ms)) });
    console.log("held"); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "ignore"] });
  await new Promise((resolve) => child.stdout.once("data", resolve));
  return child;
}

describe("the lock", () => {
  test("lets one in at a time, of many in this process and of many processes", async () => {
    const counter = join(home, "counter");
    writeFileSync(counter, "0");
    const increment = async (): Promise<void> => {
      const value = Number(readFileSync(counter, "utf8"));
      await sleep(2);
      writeFileSync(counter, String(value + 1));
    };
    const script = `import { readFileSync, writeFileSync } from "node:fs";
      const { withLock } = await import(${JSON.stringify(LOCK_MODULE)});
      const sleep = (ms) => new Promise((r) => setTimeout(r, ms));
      for (let i = 0; i < 20; i += 1) await withLock(${JSON.stringify(home)}, "x", { timeoutMilliseconds: 20000, sleep }, async () => {
        const value = Number(readFileSync(${JSON.stringify(counter)}, "utf8")); await sleep(2); writeFileSync(${JSON.stringify(counter)}, String(value + 1));
      });`;
    const processes = Array.from({ length: 4 }, () => new Promise((resolve) => spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "ignore" }).once("close", resolve)));
    await Promise.all([...processes, ...Array.from({ length: 20 }, () => withLock(home, "x", patiently, increment))]);
    expect(readFileSync(counter, "utf8")).toBe("100");
  });

  test("is let go of by the kernel when its holder is killed", async () => {
    const child = await holder();
    setTimeout(() => child.kill("SIGKILL"), 200);
    const started = Date.now();
    (await acquireLock(home, "x", patiently)).release();
    expect(Date.now() - started).toBeGreaterThanOrEqual(150);
  });

  test("that stays taken ends in STORAGE_FAILED that names what is locked, and never breaks in", async () => {
    const child = await holder();
    await expect(acquireLock(home, "x", { timeoutMilliseconds: 300, sleep })).rejects.toMatchObject({ code: "STORAGE_FAILED", message: expect.stringContaining("the lock on x") });
    child.kill("SIGKILL");
  });

  test("is an empty 0600 file in a 0700 directory, whatever the umask", async () => {
    const before = process.umask(0o000);
    try {
      await withLock(home, "x", patiently, async () => {
        const [name = ""] = readdirSync(lockDirectory(home));
        const stat = statSync(join(lockDirectory(home), name));
        expect([stat.mode & 0o777, stat.size]).toEqual([0o600, 0]);
      });
    } finally {
      process.umask(before);
    }
    expect(statSync(lockDirectory(home)).mode & 0o777).toBe(0o700);
    expect(readdirSync(lockDirectory(home))).toHaveLength(1);
  });

  test.each(["symlink", "directory", "fifo"])("refuses a %s in its place and follows nothing", async (kind) => {
    await withLock(home, "x", patiently, async () => undefined);
    const [name = ""] = readdirSync(lockDirectory(home));
    const path = join(lockDirectory(home), name);
    rmSync(path);
    writeFileSync(join(home, "victim"), "untouched");
    if (kind === "symlink") symlinkSync(join(home, "victim"), path);
    else if (kind === "directory") mkdirSync(path);
    else execFileSync("mkfifo", [path]);
    await expect(acquireLock(home, "x", patiently)).rejects.toMatchObject({ code: "STORAGE_FAILED", message: expect.stringContaining(path) });
    expect(readFileSync(join(home, "victim"), "utf8")).toBe("untouched");
  });

  test("refuses a directory that others can write to", async () => {
    await withLock(home, "x", patiently, async () => undefined);
    chmodSync(lockDirectory(home), 0o777);
    await expect(acquireLock(home, "x", patiently)).rejects.toMatchObject({ code: "STORAGE_FAILED", hint: expect.stringContaining("chmod 700") });
  });
});
