import { posix } from "node:path";
import { isInPackageCache } from "../text/shell-words.ts";
import { isSameFile } from "../fs/programs.ts";

/** Finds a path of a program that an update keeps, because profiles contain it for years. */

/** Tools with a folder for each version: `from` matches a path in such a folder, `to` is the path of the newest version. */
const VERSIONED: ReadonlyArray<readonly [from: RegExp, ...to: string[]]> = [
  // Homebrew.
  [/^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.+)$/, "$1/opt/$2/$3"],
  // pnpm: for an installed package, and for a dependency of one.
  [
    /^(.*)([/\\])\.pnpm\2[^/\\]+\2node_modules\2(.+)$/,
    "$1$2node_modules$2$3",
    "$1$2.pnpm$2node_modules$2$3",
  ],
  // Scoop.
  [/^(.*\\apps\\[^\\]+)\\(?!current\\)[^\\]+\\(.+)$/i, "$1\\current\\$2"],
  // winget.
  [/^(.*\\WinGet)\\Packages\\.*\\([^\\]+)$/i, "$1\\Links\\$2"],
];

/** Each version in Nix has a folder here, which Nix removes when nothing uses it. */
const NIX_STORE = "/nix/store/";

/** Returns whether an update removes the path. A path in a package manager's cache is reported by another rule. */
export function isOfOneVersion(path: string): boolean {
  if (isInPackageCache(path)) return false;
  return path.startsWith(NIX_STORE) || VERSIONED.some(([from]) => from.test(path));
}

/**
 * Returns paths that may lead to the same program and that an update keeps, best first; none if its own path is such a path.
 * @param pathVariable PATH, which contains the folder of a Nix profile
 */
export function listLastingPaths(path: string, pathVariable: string): string[] {
  if (path.startsWith(NIX_STORE))
    return pathVariable
      .split(posix.delimiter)
      .filter((folder) => folder.startsWith("/") && !folder.startsWith(NIX_STORE))
      .map((folder) => posix.join(folder, posix.basename(path)));
  return VERSIONED.flatMap(([from, ...to]) =>
    from.test(path) ? to.map((form) => path.replace(from, form)) : [],
  );
}

/** Returns the first of them that is the same file, or the path itself. */
export function findLastingPath(path: string, pathVariable: string): string {
  return listLastingPaths(path, pathVariable).find((other) => isSameFile(path, other)) ?? path;
}
