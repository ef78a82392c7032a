import { dirname, join } from "node:path";
import type { Context } from "../context.ts";
import { findProgram, findRealPath, listEntryNames } from "../fs/programs.ts";
import { readCacheText, statIfPresent } from "../fs/read.ts";
import { readOutput } from "../terminal/child.ts";
import type { ProjectTool, SystemPackages, Traces } from "./channel.ts";

/** Collects the facts about this copy of latchkey. Makes no requests. */
export async function observeInstallation(context: Context): Promise<Traces> {
  const program = findRealPath(context.program.at(-1) ?? "");
  const project = findProject(program);
  return {
    program,
    owner: await findOwner(program, context),
    project,
    projectTool: project === undefined ? undefined : findProjectTool(project),
    clone: findClone(program),
  };
}

/** The maximum size of a package manager's list of files. It may be long, and only root can write it. */
const MOST_BYTES = 64 * 1024 * 1024;
const APK_LISTS = ["/lib/apk/db/installed", "/usr/lib/apk/db/installed"];
const RPM_MILLISECONDS = 5_000;

/** Packages install programs below this folder. A program that was built or copied by hand is not in it. */
const OF_PACKAGES = /^\/usr\/(?!local\/)/;

async function findOwner(program: string, { env }: Context): Promise<SystemPackages | undefined> {
  if (!OF_PACKAGES.test(program)) return undefined;
  const debian = readCacheText("/var/lib/dpkg/info/latchkey.list", MOST_BYTES) ?? "";
  if (debian.split("\n").includes(program)) return "deb";
  if (listEntryNames("/var/lib/pacman/local").some((name) => /^latchkey(-\w+)?-\d/.test(name)))
    return "pacman";
  const alpine = APK_LISTS.map((path) => readCacheText(path, MOST_BYTES) ?? "");
  if (alpine.some((text) => /^P:latchkey$/m.test(text))) return "apk";
  return (await isOfRpm(program, env)) ? "rpm" : undefined;
}

/** Returns whether a package of rpm installed the program. Only rpm itself can read its database. */
async function isOfRpm(program: string, env: Context["env"]): Promise<boolean> {
  const rpm = findProgram("rpm", env["PATH"]);
  if (rpm === undefined) return false;
  const argv = ["--query", "--queryformat", "%{NAME}\\n", "--file", program];
  const output = await readOutput(rpm, argv, env, RPM_MILLISECONDS);
  return output?.split("\n").includes("latchkey") === true;
}

function findProject(program: string): string | undefined {
  // Yarn unpacks a program into the second of these folders.
  const [folder, inside] = program.split(/[/\\](?:node_modules|\.yarn[/\\]unplugged)[/\\]/, 2);
  if (folder === undefined || inside === undefined) return undefined;
  return statIfPresent(join(folder, "package.json")) === undefined ? undefined : folder;
}

const LOCKS: ReadonlyArray<readonly [file: string, tool: ProjectTool]> = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["bun.lock", "bun"],
  ["bun.lockb", "bun"],
];

function findProjectTool(project: string): ProjectTool {
  return LOCKS.find(([file]) => statIfPresent(join(project, file)) !== undefined)?.[1] ?? "npm";
}

/** Both bin/run.js and the programs of dist-standalone/ are two levels below the clone. */
function findClone(program: string): string | undefined {
  const root = dirname(dirname(program));
  return statIfPresent(join(root, ".git")) === undefined ? undefined : root;
}
