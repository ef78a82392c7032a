import { posix } from "node:path";
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
