import { posix } from "node:path";
import { isInPackageCache } from "../text/shell-words.ts";
import { isSameFile } from "../fs/programs.ts";

/** Finds a path to a program that stays valid after an update, because profiles contain it for years. */

/**
 * Tools with a folder for each version. `from` matches a path in such a folder; `to` is a path that leads to the newest
 * version.
 */
const VERSIONED: ReadonlyArray<readonly [from: RegExp, ...to: string[]]> = [
  // Homebrew.
  [/^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.+)$/, "$1/opt/$2/$3"],
  // pnpm: for an installed package, and for a dependency of an installed package.
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

/** Each version of a program in Nix has its own folder here. Nix removes a folder that nothing uses. */
const NIX_STORE = "/nix/store/";

/** Returns whether an update removes this path. Another rule reports a path in a package manager's cache. */
export function isOfOneVersion(path: string): boolean {
  if (isInPackageCache(path)) return false;
  return path.startsWith(NIX_STORE) || VERSIONED.some(([from]) => from.test(path));
}

/**
 * Returns paths that may lead to the same program and stay valid after an update, the best first. Empty if `path` is such
 * a path.
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

/** Returns the first lasting path that leads to the same file, otherwise the path itself. */
export function findLastingPath(path: string, pathVariable: string): string {
  return listLastingPaths(path, pathVariable).find((other) => isSameFile(path, other)) ?? path;
}
