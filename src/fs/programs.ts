import {
  accessSync,
  closeSync,
  constants,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  statSync,
} from "node:fs";
import { posix, win32 } from "node:path";

/**
 * Finds programs as the system does: a path is used unchanged, a bare name is looked up in the directories of PATH.
 * Also detects containers and WSL.
 */

/** Returns the program's file, or undefined if no executable file is found. */
export function findProgram(name: string, pathVariable: string | undefined): string | undefined {
  return listProgramFiles(name, pathVariable ?? "", process.platform).find(isRunnable);
}

/** Lists the paths where a program of that name may be, in search order. */
export function listProgramFiles(name: string, pathVariable: string, platform: string): string[] {
  const path = platform === "win32" ? win32 : posix;
  if (name.includes("/") || name.includes(path.sep)) return addExtensions(name, platform);
  return pathVariable
    .split(path.delimiter)
    .map((directory) => (platform === "win32" ? directory.replaceAll('"', "") : directory))
    .filter((directory) => path.isAbsolute(directory))
    .flatMap((directory) => addExtensions(path.join(directory, name), platform));
}

/** The only extensions that Windows runs. npm puts a POSIX shell script without an extension next to its `.cmd`. */
const WINDOWS_EXTENSIONS = [".com", ".exe", ".bat", ".cmd"];

function addExtensions(path: string, platform: string): string[] {
  if (platform !== "win32" || WINDOWS_EXTENSIONS.includes(win32.extname(path).toLowerCase()))
    return [path];
  return WINDOWS_EXTENSIONS.map((extension) => path + extension);
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** How many bytes bash reads to distinguish a script from a binary file. */
const HEAD_BYTES = 80;

/** Returns whether a file looks like text: its beginning has no NUL. */
export function isTextFile(path: string): boolean {
  const head = Buffer.alloc(HEAD_BYTES);
  const descriptor = openSync(path, "r");
  try {
    return !head.subarray(0, readSync(descriptor, head)).includes(0);
  } finally {
    closeSync(descriptor);
  }
}

/** Returns the path without links, or the unchanged path if the file does not exist. */
export function findRealPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Returns the names in a folder; none if it can't be read. */
export function listEntryNames(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Returns whether both paths lead to the same existing file. The system resolves a `..` after a link, unlike Node. */
export function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync.native(one) === realpathSync.native(other);
  } catch {
    return false;
  }
}

/**
 * Returns whether this is a container. Docker and Podman are detected by files, Kubernetes and LXC by variables. The
 * package is loaded only for a login.
 */
export async function isContainer(): Promise<boolean> {
  const { default: isInsideContainer } = await import("is-inside-container");
  return isInsideContainer();
}

/**
 * Returns whether this is WSL; false in a container of WSL. The package is loaded only for a login, because it inspects
 * the machine when it is loaded.
 */
export async function isWsl(): Promise<boolean> {
  const { default: isInsideWsl } = await import("is-wsl");
  return isInsideWsl;
}
