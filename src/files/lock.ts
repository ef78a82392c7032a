import * as fs from "node:fs";
import { constants } from "node:fs";
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { lockDirectory } from "./paths.ts";
import { ensurePrivateDirectory, isPrivateDirectory, storageFailed } from "./safe-file.ts";

/**
 * A lock between processes that the kernel lets go of when its holder dies, whatever way it dies.
 *
 * Node has no flock. SQLite takes a real file lock for `BEGIN EXCLUSIVE`, and its module comes with Node: on an empty
 * file of its own that is a lock without a native dependency, without a heartbeat and without stale locks to break
 * (docs/decisions/0003). The file stays empty, and is never the file that the lock protects: that one is replaced by
 * rename, and a lock on a replaced file excludes nobody.
 */

export interface LockOptions {
  /** How long to wait, in milliseconds. */
  readonly timeoutMilliseconds: number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** A directory of this host, for a home that takes no locks (read-only, or a network file system without them). */
  readonly elsewhere?: string | undefined;
}

const FIRST_WAIT_MILLISECONDS = 5;
const LONGEST_WAIT_MILLISECONDS = 100;

/** POSIX locks belong to the process, and any close of the file drops them: one holder a path in this process. */
const heldHere = new Map<string, Promise<void>>();

/** A lock that is held; `release` is needed exactly once, and the end of the process does it, too. */
export interface Lock {
  release(): void;
}

/**
 * Waits for the lock called `name`.
 * @throws LatchkeyError STORAGE_FAILED where it can't be had in time, or where the place for locks is not safe.
 */
export async function acquireLock(home: string, name: string, options: LockOptions): Promise<Lock> {
  try {
    return await acquireIn(lockDirectory(home), name, options);
  } catch (thrown) {
    if (options.elsewhere === undefined || !takesNoLocks(thrown)) throw thrown;
    return acquireIn(options.elsewhere, name, options);
  }
}

const SQLITE_PERM = 3;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOLFS = 22;

/** Whether it is the place that can't be locked, and not the lock that is taken or unsafe. */
export function takesNoLocks(thrown: unknown): boolean {
  const cause = thrown instanceof LatchkeyError ? thrown.cause : undefined;
  if (["EROFS", "EACCES", "EPERM", "ENOLCK", "ENOTSUP", "ENOSPC", "EDQUOT"].includes(systemErrorCode(cause) ?? "")) return true;
  const errcode = cause instanceof Error && "errcode" in cause && typeof cause.errcode === "number" ? cause.errcode & 0xff : undefined;
  return errcode !== undefined && [SQLITE_PERM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOLFS].includes(errcode);
}

async function acquireIn(directory: string, name: string, options: LockOptions): Promise<Lock> {
  ensurePrivateDirectory(directory);
  refuseForeignDirectory(directory);
  const path = join(directory, `${createHash("sha256").update(name, "utf8").digest("hex").slice(0, 32)}.lock`);

  const before = heldHere.get(path);
  let endTurn = (): void => undefined;
  heldHere.set(path, new Promise((resolve) => (endTurn = resolve)));
  await before;
  try {
    createLockFile(path);
    const { DatabaseSync } = await import("node:sqlite");
    const database = openDatabase(DatabaseSync, path);
    try {
      await waitForTurn(database, path, name, options);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    return {
      release() {
        database.close();
        endTurn();
      },
    };
  } catch (thrown) {
    endTurn();
    throw thrown;
  }
}

/** Runs `work` while this process alone holds the lock called `name`. */
export async function withLock<T>(home: string, name: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  const lock = await acquireLock(home, name, options);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

function openDatabase(Database: typeof DatabaseSync, path: string): DatabaseSync {
  try {
    return new Database(path);
  } catch (thrown) {
    throw storageFailed(`The lock ${path} could not be opened`, thrown);
  }
}

/** Waits in growing, jittered steps: a hundred waiters must not knock in step. */
async function waitForTurn(database: DatabaseSync, path: string, name: string, options: LockOptions): Promise<void> {
  const deadline = performance.now() + options.timeoutMilliseconds;
  let wait = FIRST_WAIT_MILLISECONDS;
  database.exec("PRAGMA busy_timeout = 0");
  while (!tryAcquire(database, path)) {
    if (performance.now() >= deadline) {
      throw new LatchkeyError("STORAGE_FAILED", `Another latchkey process has held the lock on ${name} for over ${Math.round(options.timeoutMilliseconds / 1000)} s.`, {
        hint: `If it hangs, end that process: fuser ${path}`,
      });
    }
    await options.sleep(wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT_MILLISECONDS);
  }
}

const SQLITE_BUSY = 5;

function tryAcquire(database: DatabaseSync, path: string): boolean {
  try {
    database.exec("BEGIN EXCLUSIVE");
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "errcode" in thrown && thrown.errcode === SQLITE_BUSY) return false;
    throw storageFailed(`The lock ${path} could not be taken`, thrown);
  }
}

/** Made by us with our mode, before SQLite would make it with the umask's; never through a link, never a FIFO. */
function createLockFile(path: string): void {
  let descriptor: number;
  try {
    descriptor = fs.openSync(path, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0), 0o600);
  } catch (thrown) {
    const code = systemErrorCode(thrown);
    if (code === "ELOOP" || code === "EISDIR" || code === "ENXIO") throw notALockFile(path);
    throw storageFailed(`The lock ${path} could not be made`, thrown);
  }
  try {
    if (!fs.fstatSync(descriptor).isFile()) throw notALockFile(path);
  } finally {
    fs.closeSync(descriptor);
  }
}

function notALockFile(path: string): LatchkeyError {
  return new LatchkeyError("STORAGE_FAILED", `${path} is not a regular file, as a lock of latchkey must be.`, { hint: `Remove it: rm -r ${path}` });
}

/** Whoever can write there could swap a lock file under us. */
function refuseForeignDirectory(directory: string): void {
  if (isPrivateDirectory(directory)) return;
  throw new LatchkeyError("STORAGE_FAILED", `The directory ${directory} must be yours and not writable by others.`, {
    hint: `chmod 700 ${directory}`,
  });
}
