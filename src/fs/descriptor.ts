import {
  closeSync,
  constants,
  fstatSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
} from "node:fs";
import { LatchkeyError } from "../errors.ts";

/** What this process has from the one that started it: open files, and the directory in which it works. */

/** Flags of open; on Windows they are undefined and have no meaning. */
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
export const NON_BLOCKING = constants.O_NONBLOCK ?? 0;

/** Does the work on an open file, then closes it. */
export function withDescriptor<T>(descriptor: number, work: (descriptor: number) => T): T {
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Whether a file descriptor is a terminal. Node's own answer comes with a module for network sockets, which takes a
 * tenth of a command's time to load: a pipe or a file, as a script gives it, is told apart without.
 */
export function isTerminal(descriptor: number): boolean {
  return isCharacterDevice(descriptor) && process.getBuiltinModule("node:tty").isatty(descriptor);
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // It is closed.
    return false;
  }
}

/** Whether the current directory is gone, as that of a removed git worktree: relative paths lead nowhere. */
export function isDirectoryGone(): boolean {
  const path = findDirectory();
  return path === undefined || isStandIn(path);
}

function findDirectory(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** The standalone program on Linux is brought here before it begins, where its directory is gone (decision 32). */
function isStandIn(path: string): boolean {
  return path.startsWith("/proc/") && path === `/proc/${readlinkSync("/proc/self")}/fdinfo`;
}

/**
 * Where children start: where this process was started, also where that directory is gone.
 * @returns options of spawn; Node has never left the directory.
 * @throws LatchkeyError STORAGE_FAILED where it can't be had
 */
export function placeChild(): { readonly cwd?: string } {
  if (!isStandIn(findDirectory() ?? "")) return {};
  const descriptor = readdirSync("/proc/self/fd").map(Number).find(isLeftDirectory);
  if (descriptor !== undefined) return { cwd: `/proc/self/fd/${descriptor}` };
  throw new LatchkeyError(
    "STORAGE_FAILED",
    "A command can't be started in the current directory, which is gone.",
    {
      hint: "cd to a directory that is there, and run it again.",
    },
  );
}

/** As it was opened: O_PATH and O_CLOEXEC, which no inherited one has. */
const FLAGS = 0o12000000;

function isLeftDirectory(descriptor: number): boolean {
  try {
    const text = readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
    const flags = parseInt(/^flags:\s*([0-7]+)$/m.exec(text)?.[1] ?? "", 8);
    const path = `/proc/self/fd/${descriptor}`;
    return (flags & FLAGS) === FLAGS && statSync(path).isDirectory() && !isReachable(path);
  } catch {
    // It was open for the listing alone.
    return false;
  }
}

/** Whether the name that a descriptor's link shows leads to the same directory. */
function isReachable(link: string): boolean {
  try {
    const [held, named] = [statSync(link), statSync(readlinkSync(link))];
    return held.dev === named.dev && held.ino === named.ino;
  } catch {
    return false;
  }
}
