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

/** Works with the open files and the current directory that this process inherits from its parent. */

/** Flags for `open`. They are 0 on Windows, which does not define them. */
export const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;
export const NON_BLOCKING = constants.O_NONBLOCK ?? 0;

/** Runs `work` on an open file, then closes the file. */
export function withDescriptor<T>(descriptor: number, work: (descriptor: number) => T): T {
  try {
    return work(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Returns whether a file descriptor is a terminal. If it is a pipe or a file, as in a script, `node:tty` is not loaded.
 * That module also loads Node's network sockets, which takes a tenth of a command's time.
 */
export function isTerminal(descriptor: number): boolean {
  return isCharacterDevice(descriptor) && process.getBuiltinModule("node:tty").isatty(descriptor);
}

function isCharacterDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice();
  } catch {
    // The descriptor is closed.
    return false;
  }
}

/** Returns whether a path is Windows' null device, in any directory: `NUL`, `nul:`, `\\.\NUL`. */
export function isNullName(path: string, platform: string = process.platform): boolean {
  return platform === "win32" && /(?:^|[\\/:])nul:?$/i.test(path);
}

/**
 * Returns whether the current directory has been deleted, for example with its git worktree. Relative paths then fail.
 */
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

/**
 * On Linux the standalone program starts in this directory if its own current directory has been deleted (decision 32).
 */
function isStandIn(path: string): boolean {
  return path.startsWith("/proc/") && path === `/proc/${readlinkSync("/proc/self")}/fdinfo`;
}

/**
 * Returns the `spawn` options that start a child process in the directory where this process was started, even if that
 * directory has been deleted. On Node, which never changes its directory, they are empty.
 * @throws LatchkeyError STORAGE_FAILED if the directory is not available.
 */
export function placeChild(): { readonly cwd?: string } {
  if (!isStandIn(findDirectory() ?? "")) return {};
  const descriptor = readdirSync("/proc/self/fd").map(Number).find(isLeftDirectory);
  if (descriptor !== undefined) return { cwd: `/proc/self/fd/${descriptor}` };
  throw new LatchkeyError(
    "STORAGE_FAILED",
    "A command can't be started here: the current directory has been deleted.",
    {
      hint: "cd to a directory that exists and run the command again.",
    },
  );
}

/** O_PATH and O_CLOEXEC: the flags of the descriptor for the deleted directory. No inherited descriptor has them. */
const FLAGS = 0o12000000;

function isLeftDirectory(descriptor: number): boolean {
  try {
    const text = readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
    const flags = parseInt(/^flags:\s*([0-7]+)$/m.exec(text)?.[1] ?? "", 8);
    const path = `/proc/self/fd/${descriptor}`;
    return (flags & FLAGS) === FLAGS && statSync(path).isDirectory() && !isReachable(path);
  } catch {
    // This descriptor was open only while the directory was listed.
    return false;
  }
}

/** Returns whether the path in a descriptor's link still leads to the directory that the descriptor has open. */
function isReachable(link: string): boolean {
  try {
    const [held, named] = [statSync(link), statSync(readlinkSync(link))];
    return held.dev === named.dev && held.ino === named.ino;
  } catch {
    return false;
  }
}
