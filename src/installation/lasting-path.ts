import { posix } from "node:path";
import { isInPackageCache } from "../text/shell-words.ts";
import { isSameFile } from "../fs/programs.ts";

/** Where a program is found also when a newer version is installed: a profile names it for years. */

/**
 * Tools that keep each version in a folder of its own, and what leads to the newest: `from` is the path within such a folder.
 */
const VERSIONED: ReadonlyArray<readonly [from: RegExp, ...to: string[]]> = [
  // Homebrew.
  [/^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.+)$/, "$1/opt/$2/$3"],
  // pnpm: for what was asked for, and for what that depends on.
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

/** Nix: each version has a folder there, which is removed when nothing uses it. */
const NIX_STORE = "/nix/store/";

/** Whether the path goes when a newer version is installed. What is in a cache goes at any time, which is another matter. */
export function isOfOneVersion(path: string): boolean {
  if (isInPackageCache(path)) return false;
  return path.startsWith(NIX_STORE) || VERSIONED.some(([from]) => from.test(path));
}

/**
 * The paths that may lead to the program for good, best first; none where its own does.
 * @param pathVariable PATH, where a Nix profile has its programs
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

/** The first of them that is this very file; the path as it is where none is. */
export function findLastingPath(path: string, pathVariable: string): string {
  return listLastingPaths(path, pathVariable).find((other) => isSameFile(path, other)) ?? path;
}
