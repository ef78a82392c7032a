import * as fs from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { LatchkeyError } from "../errors.ts";
import { createLockFile } from "./append.ts";
import { listTrustedOwners } from "./owner.ts";
import { lockDirectory } from "./paths.ts";
import { listHostPlaces, makePrivateDirectory } from "./directories/host-places.ts";
import { ignoreErrors, storageErrorCode, toStorageError } from "./read.ts";
import { trace } from "../trace.ts";
import type { Context, Environment } from "../context.ts";

/**
 * A lock between processes. The kernel releases it when the process that holds it ends, however that happens.
 *
 * Node has no flock. SQLite takes a real file lock for `BEGIN EXCLUSIVE`, and its module is part of Node. On an empty
 * file this gives a lock without a native dependency, a heartbeat or stale locks (docs/decisions/0003). The lock file
 * stays empty and is never the file that the lock protects: rename replaces that file, and a lock on a replaced file
 * excludes no process.
 */

export interface LockOptions {
  /** How long to wait, in milliseconds. */
  readonly timeoutMilliseconds: number;
  /** Returns a time in milliseconds that only grows, so that a clock change does not change when the wait ends. */
  readonly monotonic: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /**
   * The environment, from which the lock directories of this host are found if the home does not support locks. Without
   * `env`, a home without locks is an error.
   */
  readonly env?: Environment;
  /** Called once, before the wait, if another process holds the lock. */
  readonly onBusy?: () => void;
  /** As in `Terminal`. */
  readonly showWaiting?: (what: string) => () => void;
}

/** The default wait for a lock. */
export const LOCK_MILLISECONDS = 30_000;

export function lockOptions(
  { env, monotonic, sleep, terminal }: Pick<Context, "env" | "monotonic" | "sleep" | "terminal">,
  timeoutMilliseconds = LOCK_MILLISECONDS,
): LockOptions {
  const showWaiting = (what: string): (() => void) => terminal.showWaiting(what);
  return { timeoutMilliseconds, monotonic, sleep, env, showWaiting };
}

const FIRST_WAIT_MILLISECONDS = 5;
const LONGEST_WAIT_MILLISECONDS = 100;
/** After this wait, check whether the file system supports locks: a process usually releases its lock sooner. */
const PROBE_AFTER_MILLISECONDS = 1_000;

/**
 * The last turn of each lock file in this process. POSIX locks belong to the process, and closing any descriptor of the
 * file releases them, so only one part of this process may have the file open.
 */
const heldHere = new Map<string, Promise<void>>();

/** A lock that this process holds. Call `release` exactly once; the end of the process also releases it. */
export interface Lock {
  release(): void;
}

/**
 * Waits for the lock called `name`. If the home does not support locks (read-only, full, NFS without locks), uses a
 * directory on this host. All processes that share the home on this host use the same directory.
 * @throws LatchkeyError STORAGE_FAILED if the wait times out, or if the lock directory is not safe.
 */
export async function acquireLock(home: string, name: string, options: LockOptions): Promise<Lock> {
  const startedAt = options.monotonic();
  let endWaiting: (() => void) | undefined;
  const onBusy = (): void => {
    endWaiting = options.showWaiting?.("another latchkey process");
    options.onBusy?.();
  };
  try {
    const lock = await acquireAnywhere(home, name, { ...options, onBusy });
    trace(() => `lock on ${name}: taken after ${Math.round(options.monotonic() - startedAt)} ms`);
    return lock;
  } finally {
    endWaiting?.();
  }
}

async function acquireAnywhere(home: string, name: string, options: LockOptions): Promise<Lock> {
  const file = (key: string): string =>
    `${createHash("sha256").update(key, "utf8").digest("hex").slice(0, 32)}.lock`;
  try {
    const directory = makePrivateDirectory(lockDirectory(home), listTrustedOwners(home));
    return await lockIn(directory, file(name), name, options);
  } catch (thrown) {
    if (options.env === undefined || !takesNoLock(thrown)) throw thrown;
    let refusal = thrown;
    for (const makePlace of listHostPlaces(options.env)) {
      try {
        return await lockIn(makePlace(), file(`${name} in ${home}`), name, options);
      } catch (there) {
        if (!takesNoLock(there)) throw there;
        refusal = there;
      }
    }
    throw refusal;
  }
}

/** System errors of a directory in which no process can take a lock. A lock file of another user gives other errors. */
const NO_LOCKS_HERE: ReadonlySet<string | undefined> = new Set([
  "EROFS",
  "EACCES",
  "EPERM",
  "ENOSPC",
  "EDQUOT",
  "ENOLCK",
  "ENOTSUP",
  "EOPNOTSUPP",
]);

export function takesNoLock(thrown: unknown): thrown is LatchkeyError {
  return NO_LOCKS_HERE.has(storageErrorCode(thrown));
}

async function lockIn(
  directory: string,
  file: string,
  name: string,
  options: LockOptions,
): Promise<Lock> {
  const path = join(directory, file);
  const wait = startWait(path, name, options);
  const endTurn = await waitForThisProcess(path, wait);
  try {
    createLockFile(path);
    const { DatabaseSync } = await import("node:sqlite");
    const open = (lockFile: string): DatabaseSync => new DatabaseSync(lockFile);
    const probePlace = (): void => refusePlaceWithoutLocks(directory, open);
    const database = open(path);
    try {
      await waitForTurn({ database, path, probePlace }, wait);
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

/** One wait for a lock: first for other holders in this process, then for other processes. */
interface Wait extends LockOptions {
  readonly throwIfOver: () => void;
}

function startWait(path: string, name: string, options: LockOptions): Wait {
  const { monotonic, timeoutMilliseconds } = options;
  const deadline = monotonic() + timeoutMilliseconds;
  const throwIfOver = (): void => {
    if (monotonic() < deadline) return;
    throw new LatchkeyError(
      "STORAGE_FAILED",
      `Another latchkey process has held the lock on ${name} for over ${Math.round(timeoutMilliseconds / 1000)} s.`,
      { hint: `If it hangs, end that process: fuser ${path}` },
    );
  };
  return { ...options, throwIfOver };
}

/** @returns a function that ends this turn. If the wait times out, this turn ends together with the previous one. */
async function waitForThisProcess(path: string, wait: Wait): Promise<() => void> {
  const before = heldHere.get(path);
  const { promise: turn, resolve } = Promise.withResolvers<void>();
  heldHere.set(path, turn);
  const endTurn = (): void => {
    if (heldHere.get(path) === turn) heldHere.delete(path);
    resolve();
  };
  if (before === undefined) return endTurn;

  let isOver = false;
  const end = before.then(() => (isOver = true));
  try {
    wait.onBusy?.();
    while (!isOver) {
      wait.throwIfOver();
      await Promise.race([end, wait.sleep(LONGEST_WAIT_MILLISECONDS)]);
    }
    return endTurn;
  } catch (thrown) {
    void before.then(endTurn);
    throw thrown;
  }
}

/** Runs `work` while this process holds the lock called `name`. */
export async function withLock<T>(
  home: string,
  name: string,
  options: LockOptions,
  work: () => Promise<T>,
): Promise<T> {
  const lock = await acquireLock(home, name, options);
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** A lock that another process may hold. */
interface WantedLock {
  readonly database: DatabaseSync;
  readonly path: string;
  readonly probePlace: () => void;
}

/** Waits in growing steps with jitter, so that a hundred waiting processes do not retry at the same time. */
async function waitForTurn(
  { database, path, probePlace }: WantedLock,
  { monotonic, sleep, onBusy, throwIfOver }: Wait,
): Promise<void> {
  const started = monotonic();
  let wait = FIRST_WAIT_MILLISECONDS;
  let probed = false;
  database.exec("PRAGMA busy_timeout = 0");
  while (!tryAcquire(database, path)) {
    if (wait === FIRST_WAIT_MILLISECONDS) onBusy?.();
    if (!probed && monotonic() - started >= PROBE_AFTER_MILLISECONDS) {
      probed = true;
      probePlace();
    }
    throwIfOver();
    await sleep(wait * (0.5 + Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT_MILLISECONDS);
  }
}

/**
 * Throws if the file system has no locks. SQLite also reports "busy" for ENOLCK, so this function tries to lock a new
 * file that no other process uses. If that file can't be created (a full disk), the result is unknown and the wait
 * continues.
 */
function refusePlaceWithoutLocks(directory: string, open: (path: string) => DatabaseSync): void {
  const path = join(directory, `.${randomBytes(8).toString("hex")}.probe`);
  let taken = true;
  ignoreErrors(() => {
    createLockFile(path);
    const database = open(path);
    try {
      database.exec("PRAGMA busy_timeout = 0");
      taken = tryAcquire(database, path);
    } finally {
      database.close();
    }
  });
  ignoreErrors(() => fs.unlinkSync(path));
  if (taken) return;
  throw toStorageError(
    `The directory ${directory} does not support locks`,
    Object.assign(new Error("no locks"), { code: "ENOLCK" }),
  );
}

const SQLITE_BUSY = 5;

function tryAcquire(database: DatabaseSync, path: string): boolean {
  try {
    // A journal on disk would not be deleted if the process is killed while it holds the lock.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "errcode" in thrown && thrown.errcode === SQLITE_BUSY)
      return false;
    throw toStorageError(`The lock ${path} could not be taken`, thrown);
  }
}
