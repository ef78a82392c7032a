import { join } from "node:path";
import { quoteShellWord } from "../text/shell-words.ts";
import { decideChannel, type Channel, type ProjectTool, type Traces } from "./channel.ts";

/** How this copy was installed, and which command updates it. */
export interface UpdateAdvice {
  readonly channel: Channel;
  /** Absolute, without links. */
  readonly program: string;
  /** Words such as "installed by npm". */
  readonly how: string;
  /** What the user has to download before running the command, such as "the .deb package". */
  readonly download?: string;
  /** undefined if there is no command: the user replaces the file. */
  readonly command: string | undefined;
}

interface Way {
  readonly how: string;
  readonly download?: string;
  readonly command?: string;
}

/** @param repository as in package.json: `github:OWNER/NAME` */
export function adviseUpdate(traces: Traces, repository: string): UpdateAdvice {
  const channel = decideChannel(traces);
  const { how, download, command } = findWay(channel, traces, repository);
  const { program } = traces;
  return { channel, program, how, command, ...(download === undefined ? {} : { download }) };
}

function findWay(channel: Channel, traces: Traces, repository: string): Way {
  const { program, project = ".", projectTool = "npm", clone = "." } = traces;
  switch (channel) {
    case "project":
      return {
        how: `installed in the project ${project}`,
        command: `${IN_PROJECT[projectTool](quoteShellWord(project))} latchkey@latest`,
      };
    case "clone":
      return { how: `built in the clone ${clone}`, command: nameBuild(program, clone) };
    case "winget":
      return { how: "installed by winget", command: `winget upgrade ${namePackage(repository)}` };
    case "mise":
      return { how: "installed by mise", command: `mise upgrade ${nameTool(program, repository)}` };
    default:
      return WAYS[channel];
  }
}

const IN_PROJECT: Readonly<Record<ProjectTool, (folder: string) => string>> = {
  npm: (folder) => `npm install --prefix ${folder}`,
  pnpm: (folder) => `pnpm --dir ${folder} add`,
  yarn: (folder) => `yarn --cwd ${folder} add`,
  bun: (folder) => `bun add --cwd ${folder}`,
};

/** Returns the commands that fetch the sources and build the program again. */
function nameBuild(program: string, clone: string): string {
  const folder = quoteShellWord(clone);
  const isStandalone = /[/\\]dist-standalone[/\\]/.test(program);
  const build = isStandalone
    ? `npm --prefix ${folder} run build:standalone -- --host`
    : `node ${quoteShellWord(join(clone, "scripts", "ensure.mjs"))}`;
  return `git -C ${folder} pull && ${build}`;
}

/** Returns mise's name of this tool, such as `npm:latchkey` or `github:OWNER/NAME`, from its folder's name. */
function nameTool(program: string, repository: string): string {
  const folder = /[/\\]installs[/\\]([\w-]+)[/\\]/.exec(program)?.[1] ?? "latchkey";
  const address = repository.replace(/^github:/, "");
  const name = [address, "latchkey"].find((each) => folder.endsWith(`-${toFolder(each)}`));
  if (name === undefined) return folder;
  return `${folder.slice(0, -toFolder(name).length - 1)}:${name}`;
}

function toFolder(name: string): string {
  return name.replace("/", "-");
}

/** Returns the name of the manifest for winget: OWNER.NAME. */
function namePackage(repository: string): string {
  return repository.replace(/^github:/, "").replace("/", ".");
}

const WAYS: Readonly<Record<Exclude<Channel, "project" | "clone" | "winget" | "mise">, Way>> = {
  npm: { how: "installed by npm", command: "npm install --global latchkey@latest" },
  pnpm: { how: "installed by pnpm", command: "pnpm add --global latchkey@latest" },
  yarn: { how: "installed by Yarn", command: "yarn global add latchkey@latest" },
  bun: { how: "installed by Bun", command: "bun add --global latchkey@latest" },
  volta: { how: "installed by Volta", command: "volta install latchkey@latest" },
  npx: { how: "run from a package manager's cache", command: "npx latchkey@latest" },
  homebrew: { how: "installed by Homebrew", command: "brew upgrade latchkey" },
  scoop: { how: "installed by Scoop", command: "scoop update latchkey" },
  nix: { how: "installed by Nix", command: "nix profile upgrade latchkey" },
  pacman: { how: "installed by pacman, from the AUR", command: "yay -S latchkey-bin" },
  deb: {
    how: "installed by dpkg",
    download: "the .deb package",
    command: "sudo apt install ./latchkey_*.deb",
  },
  rpm: {
    how: "installed by rpm",
    download: "the .rpm package",
    command: "sudo rpm --upgrade latchkey-*.rpm",
  },
  apk: {
    how: "installed by apk",
    download: "the .apk package",
    command: "sudo apk add --allow-untrusted ./latchkey-*.apk",
  },
  file: { how: "installed as a file", download: "the archive for this system" },
};

/** The newest release, and whether it is newer than this program. */
export interface Newest {
  readonly version: string;
  readonly isNewer: boolean;
}

interface Facts {
  readonly version: string;
  /** undefined if --check was not given. */
  readonly newest: Newest | undefined;
  /** The page of the newest release. */
  readonly page: string;
}

export function updateText(advice: UpdateAdvice, { version, newest, page }: Facts): string {
  const { how, program } = advice;
  const copy = `${how}: ${program}`;
  if (newest === undefined)
    return formatLines([
      `latchkey ${version}, ${copy}`,
      ...listActs(advice, page),
      "Is there a newer version?  latchkey update --check",
    ]);
  if (!newest.isNewer) return formatLines([`latchkey ${version} is the newest version, ${copy}`]);
  return formatLines([
    `latchkey ${newest.version} is available. This is ${version}, ${copy}`,
    ...listActs(advice, page),
    `What is new:  ${page}`,
  ]);
}

function listActs({ download, command, program }: UpdateAdvice, page: string): string[] {
  const act = command ?? `replace ${program} with the program in it`;
  if (download === undefined) return [`Update it:  ${act}`];
  return [`Download ${download}:  ${page}`, `Then:  ${act}`];
}

function formatLines(lines: readonly string[]): string {
  return `${lines.join("\n")}\n`;
}
