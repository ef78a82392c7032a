import * as fs from "node:fs";
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { LatchkeyError } from "../errors.ts";
import { createLockFile } from "./append.ts";
import { listTrustedOwners } from "./owner.ts";
import { lockDirectory } from "./paths.ts";
import { listHostPlaces, makeLockDirectory } from "./directories/lock-places.ts";
import { ignoreErrors, storageErrorCode, toStorageError } from "./read.ts";
import { trace } from "../trace.ts";
import type { Context, Environment } from "../context.ts";

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
  /** Milliseconds that only grow: a changed clock must not move the end of the wait. */
  readonly monotonic: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Says where this host keeps locks for a home that takes none; without it such a home is an error. */
  readonly env?: Environment;
  /** Called once where somebody else holds it, before the wait. */
  readonly onBusy?: () => void;
  /** As in `Terminal`. */
  readonly showWaiting?: (what: string) => () => void;
}

/** How long a lock is waited for where the caller does not say. */
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
/** By then a holder that works would usually have been done. */
const PROBE_AFTER_MILLISECONDS = 1_000;

/** POSIX locks belong to the process, and any close of the file drops them: one holder a path in this process. */
const heldHere = new Map<string, Promise<void>>();

/** A lock that is held; `release` is needed exactly once, and the end of the process does it, too. */
export interface Lock {
  release(): void;
}

/**
 * Waits for the lock called `name`. Where the home takes no lock (read-only, full, NFS without locks) a directory of
 * this host does: whoever shares that home on this host comes to the same one.
 * @throws LatchkeyError STORAGE_FAILED where it can't be had in time, or where the place for locks is not safe.
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
    const directory = makeLockDirectory(lockDirectory(home), listTrustedOwners(home));
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

/** What a place answers that takes no lock, whoever asks; a planted or foreign lock is another matter. */
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

/** One wait, for the holders of this process and then for others. */
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

/** @returns what ends this turn. Whoever gives up leaves its turn to end with the one before. */
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

/** Runs `work` while this process alone holds the lock called `name`. */
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

/** A lock that somebody else may hold. */
interface WantedLock {
  readonly database: DatabaseSync;
  readonly path: string;
  readonly probePlace: () => void;
}

/** Waits in growing, jittered steps: a hundred waiters must not knock in step. */
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
 * SQLite calls a lock busy also where the file system has none to give (ENOLCK): a file that nobody else knows tells
 * the two apart. Where that file can't be made (a full disk) it tells nothing, and a lock that may well be held is
 * waited for.
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
    `The directory ${directory} takes no locks`,
    Object.assign(new Error("no locks"), { code: "ENOLCK" }),
  );
}

const SQLITE_BUSY = 5;

function tryAcquire(database: DatabaseSync, path: string): boolean {
  try {
    // The journal in memory: a holder that is killed would leave its file behind.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    return true;
  } catch (thrown) {
    if (thrown instanceof Error && "errcode" in thrown && thrown.errcode === SQLITE_BUSY)
      return false;
    throw toStorageError(`The lock ${path} could not be taken`, thrown);
  }
}
