import type { Command, Interfaces } from "@oclif/core";
import { COMMANDS } from "./command-table.ts";

/** What the program knows of itself without reading its sources: two files that a build leaves beside it or in it. */
export interface Package {
  /** package.json */
  readonly packageJson: Pick<Interfaces.PJSON, "name" | "version" | "oclif">;
  /** oclif.manifest.json: flags, arguments and words of every command, by its id. */
  readonly manifest: { readonly commands: Readonly<Record<string, Command.Cached>> };
  /** Absolute path of the folder of package.json; in a standalone executable a folder that is not on the disk. */
  readonly root: string;
}

/**
 * oclif's view of this program, made of the manifest: nothing is searched for on the disk, and a command's module is
 * imported when the command runs.
 */
export function rootPlugin({ packageJson, manifest, root }: Package): Interfaces.Plugin {
  const findCommand = async (id: string): Promise<Command.Class> => {
    const load = COMMANDS[id];
    if (load === undefined) throw new Error(`${id} is in the manifest and not in the table of commands`);
    const { default: command } = await load();
    command.id = id;
    command.plugin = plugin;
    return command;
  };
  const plugin: Interfaces.Plugin = {
    _base: "",
    alias: packageJson.name,
    commandIDs: Object.keys(manifest.commands),
    commands: Object.entries(manifest.commands).map(([id, command]) => ({ ...command, load: () => findCommand(id) })),
    commandsDir: undefined,
    findCommand,
    hasManifest: true,
    hooks: {},
    isRoot: true,
    load: async () => undefined,
    moduleType: "module",
    name: packageJson.name,
    options: { root },
    pjson: packageJson,
    root,
    topics: topicsOf(packageJson),
    type: "core",
    valid: true,
    version: packageJson.version,
  };
  return plugin;
}

/** Words for groups of commands, from package.json. */
function topicsOf({ oclif }: Package["packageJson"]): Interfaces.Topic[] {
  return Object.entries((oclif.topics ?? {}) as Readonly<Record<string, Omit<Interfaces.Topic, "name">>>).map(([name, topic]) => ({ ...topic, name }));
}
