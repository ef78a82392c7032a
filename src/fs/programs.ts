import { accessSync, constants, statSync } from "node:fs";
import { posix, win32 } from "node:path";

/** What is on this machine: programs as the system finds them (a path as it is, a bare name in the directories of PATH), and what kind of machine it is. */

/** The program's file, or undefined where there is none that may be run. */
export function findProgram(name: string, pathVariable: string | undefined): string | undefined {
  return listProgramFiles(name, pathVariable ?? "", process.platform).find(isRunnable);
}

/** Where a program of that name may lie, in the order in which it is looked for. */
export function listProgramFiles(name: string, pathVariable: string, platform: string): string[] {
  const path = platform === "win32" ? win32 : posix;
  if (name.includes("/") || name.includes(path.sep)) return addExtensions(name, platform);
  return pathVariable
    .split(path.delimiter)
    .map((directory) => (platform === "win32" ? directory.replaceAll('"', "") : directory))
    .filter((directory) => path.isAbsolute(directory))
    .flatMap((directory) => addExtensions(path.join(directory, name), platform));
}

/** What Windows runs. A file without one of these is none: npm lays a POSIX shell's script beside its `.cmd`. */
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

/** Docker and Podman are known by their marks; Kubernetes and LXC by their variables. Loaded by a login alone. */
export async function isContainer(): Promise<boolean> {
  const { default: isInsideContainer } = await import("is-inside-container");
  return isInsideContainer();
}

/** A container of WSL is a container here. Loaded by a login alone: the package looks at the machine as it is loaded. */
export async function isWsl(): Promise<boolean> {
  const { default: isInsideWsl } = await import("is-wsl");
  return isInsideWsl;
}
