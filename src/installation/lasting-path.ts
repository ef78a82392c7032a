import { dirname, posix, win32 } from "node:path";
import { isInPackageCache } from "../text/shell-words.ts";
import { isSameFile, listEntryNames } from "../fs/programs.ts";

/** Finds a path to a program that stays valid after an update, because profiles contain it for years. */

/**
 * Tools with a folder for each version. `from` matches a path in such a folder; `to` is a path that leads to the newest
 * version.
 */
const VERSIONED: ReadonlyArray<readonly [from: RegExp, ...to: string[]]> = [
  // Homebrew.
  [/^(.*)\/Cellar\/([^/]+)\/[^/]+\/(.+)$/, "$1/opt/$2/$3"],
  // pnpm, and mise's own installer: for an installed package, and for a dependency of one.
  [
    /^(.*?)([/\\])((?:node_modules\2)?)(\.pnpm|\.mise|\.aube)\2[^/\\]+\2node_modules\2(.+)$/,
    "$1$2node_modules$2$5",
    "$1$2$3$4$2node_modules$2$5",
  ],
  // mise.
  [/^(.*([/\\])installs\2[\w-]*latchkey)\2(?!latest\2)[^/\\]+\2(.+)$/, "$1$2latest$2$3"],
  // Scoop.
  [/^(.*\\apps\\[^\\]+)\\(?!current\\)[^\\]+\\(.+)$/i, "$1\\current\\$2"],
  // winget.
  [/^(.*\\WinGet)\\Packages\\.*\\([^\\]+)$/i, "$1\\Links\\$2"],
  // Yarn's packages outside of its archives have no other path.
  [/[/\\]\.yarn[/\\]unplugged[/\\]/],
];

/** Each version of a program in Nix has its own folder here. Nix removes a folder that nothing uses. */
const NIX_STORE = "/nix/store/";

/**
 * pnpm 11 and later keep each version of a package in the store: `HOME/store/v11/links/@/NAME/VERSION/HASH/node_modules/NAME`.
 * The global installations are in `HOME/global/v11/`, each in a folder with a new name after each update, and with a link
 * to it whose name stays. `pnpm store prune` removes versions that no installation uses.
 */
const PNPM_STORE =
  /^(.*)[/\\]store[/\\]v\d+[/\\]links[/\\](?:@[/\\])?(latchkey[\w-]*)[/\\][^/\\]+[/\\][^/\\]+[/\\]node_modules[/\\](\2[/\\].+)$/;
const PNPM_GLOBAL =
  /^(.*[/\\]global[/\\]v\d+)[/\\](?![0-9a-f]{64}[/\\])[^/\\]+([/\\]node_modules[/\\].+)$/;
const PNPM_LINK = /^[0-9a-f]{64}$/;

/** Returns whether an update removes this path. Another rule reports a path in a package manager's cache. */
export function isOfOneVersion(path: string): boolean {
  if (isInPackageCache(path)) return false;
  const forms = [PNPM_STORE, PNPM_GLOBAL, ...VERSIONED.map(([from]) => from)];
  return path.startsWith(NIX_STORE) || forms.some((from) => from.test(path));
}

/**
 * Returns paths that may lead to the same program and stay valid after an update, the best first. Empty if `path` is
 * such a path.
 * @param pathVariable PATH, which contains the folder of a Nix profile, and that of pnpm's global programs
 */
export function listLastingPaths(path: string, pathVariable: string): string[] {
  const isWindows = win32.isAbsolute(path) && !posix.isAbsolute(path);
  const folders = pathVariable
    .split(isWindows ? win32.delimiter : posix.delimiter)
    .filter((folder) => (isWindows ? win32 : posix).isAbsolute(folder));
  const forms = new Set(replaceVersions(path, folders));
  return [...forms].filter((form) => form !== path);
}

/** Returns the path itself if no part of it is of one version. */
function replaceVersions(path: string, folders: readonly string[]): string[] {
  if (path.startsWith(NIX_STORE))
    return folders
      .filter((folder) => !folder.startsWith(NIX_STORE))
      .map((folder) => posix.join(folder, posix.basename(path)));
  const forms = [
    ...listPnpmPaths(path, folders),
    ...VERSIONED.flatMap(([from, ...to]) =>
      from.test(path) ? to.map((form) => path.replace(from, form)) : [],
    ),
  ];
  // A path may have several such folders, one in the other.
  if (forms.length === 0) return [path];
  return forms.flatMap((form) => replaceVersions(form, folders));
}

function listPnpmPaths(path: string, folders: readonly string[]): string[] {
  const [, versions, rest] = PNPM_GLOBAL.exec(path) ?? [];
  if (versions !== undefined) return listPnpmLinks(versions).map((link) => `${link}${rest}`);
  const [, home, name, file] = PNPM_STORE.exec(path) ?? [];
  if (home === undefined || file === undefined) return [];
  const separator = path.charAt(home.length);
  // The store may be on another disk. The programs are then in another folder, which is in PATH.
  const homes = new Set([home, ...folders.map(dirname)]);
  const links = [...homes].flatMap((each) =>
    listEntryNames(`${each}${separator}global`)
      .filter((entry) => /^v\d+$/.test(entry))
      .flatMap((entry) => listPnpmLinks([each, "global", entry].join(separator))),
  );
  // A dependency is beside latchkey in the store, so the system finds it from there.
  const inside = name === "latchkey" ? file : ["latchkey", "..", file].join(separator);
  return links.map((link) => [link, "node_modules", inside].join(separator));
}

/** @param versions the folder with the global installations */
function listPnpmLinks(versions: string): string[] {
  const separator = versions.includes("/") ? "/" : "\\";
  return listEntryNames(versions)
    .filter((entry) => PNPM_LINK.test(entry))
    .map((entry) => `${versions}${separator}${entry}`);
}

/** Returns the first lasting path that leads to the same file, otherwise the path itself. */
export function findLastingPath(path: string, pathVariable: string): string {
  return listLastingPaths(path, pathVariable).find((other) => isSameFile(path, other)) ?? path;
}
