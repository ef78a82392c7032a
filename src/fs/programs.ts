import { accessSync, constants, statSync } from "node:fs";
import { delimiter, isAbsolute, join, sep } from "node:path";

/** What is on this machine: programs as the system finds them (a path as it is, a bare name in the directories of PATH), and what kind of machine it is. */

/** The program's file, or undefined where there is none that may be run. */
export function findProgram(name: string, pathVariable: string | undefined): string | undefined {
  const candidates =
    name.includes("/") || name.includes(sep)
      ? [name]
      : (pathVariable ?? "")
          .split(delimiter)
          .filter(isAbsolute)
          .map((directory) => join(directory, name));
  return candidates.flatMap(addExtensions).find(isRunnable);
}

function addExtensions(path: string): string[] {
  // Beside npm.cmd lies npm, a script of sh: what Windows can start comes first.
  return process.platform === "win32" && !/\.(?:exe|cmd|bat|com)$/i.test(path)
    ? [...[".exe", ".cmd", ".bat", ".com"].map((extension) => path + extension), path]
    : [path];
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
