import { isInPackageCache } from "../text/shell-words.ts";

/** How a copy of latchkey was installed. */
export type Channel =
  | "npm"
  | "pnpm"
  | "yarn"
  | "bun"
  | "volta"
  | "mise"
  | "npx"
  | "project"
  | "homebrew"
  | "scoop"
  | "winget"
  | "nix"
  | SystemPackages
  | "clone"
  | "file";

/** Package managers that have a list of all installed files. */
export type SystemPackages = "deb" | "rpm" | "apk" | "pacman";

/** Tools that install the packages of a project. */
export type ProjectTool = "npm" | "pnpm" | "yarn" | "bun";

/** Facts about this copy of latchkey and its folders. */
export interface Traces {
  /** The standalone program, or bin/run.js: absolute, without links. */
  readonly program: string;
  /** The package manager whose list contains the program. */
  readonly owner?: SystemPackages | undefined;
  /** The folder above the node_modules that contains the program, if that folder has a package.json. */
  readonly project?: string | undefined;
  /** The tool whose lock file is in that folder. */
  readonly projectTool?: ProjectTool | undefined;
  /** The git clone in which the program was built. */
  readonly clone?: string | undefined;
}

/** The folders in which each tool installs programs, with `/` for Windows' separators. The first match decides. */
const PLACES: ReadonlyArray<readonly [place: RegExp, channel: Channel]> = [
  [/^\/nix\/store\//, "nix"],
  [/\/Cellar\/latchkey\//, "homebrew"],
  [/\/apps\/latchkey\/[^/]+\/latchkey\.exe$/i, "scoop"],
  [/\/WinGet\/(Packages|Links)\//i, "winget"],
  [/\/installs\/[\w-]*latchkey\/[^/]+\//, "mise"],
  [/\/global\/[\w.]+\/([\w-]+\/)?(\.pnpm|node_modules)\//, "pnpm"],
  [/\/store\/v\d+\/links\/(@\/)?latchkey[\w-]*\//, "pnpm"],
  [/\/install\/global\/node_modules\//, "bun"],
  [/\/yarn\/(data\/)?global\/node_modules\//i, "yarn"],
  [/\/tools\/image\/packages\/latchkey\//, "volta"],
];

const OF_NODE = /\/node_modules\/latchkey(-[\w-]+)?\//;

export function decideChannel({ program, owner, project, clone }: Traces): Channel {
  if (isInPackageCache(program)) return "npx";
  const path = program.replaceAll("\\", "/");
  const [, placed] = PLACES.find(([place]) => place.test(path)) ?? [];
  if (placed !== undefined) return placed;
  if (OF_NODE.test(path)) return project === undefined ? "npm" : "project";
  return owner ?? (clone === undefined ? "file" : "clone");
}
