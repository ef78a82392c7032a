import type { Command, Interfaces } from "@oclif/core";
import { Config } from "@oclif/core/config";
import { COMMANDS } from "./command-table.ts";
import { runtimeName } from "../terminal/program.ts";

/** The program's metadata, read from two files that a build puts beside the program or into it. */
export interface Package {
  /** The values that are read from package.json. */
  readonly packageJson: Pick<Interfaces.PJSON, "name" | "version" | "oclif">;
  /** From oclif.manifest.json: flags, arguments and texts of every command, by its ID. */
  readonly manifest: { readonly commands: Readonly<Record<string, Command.Cached>> };
  /** Absolute path of the directory of package.json; in a standalone executable, a directory that is not on disk. */
  readonly root: string;
  /** In the Node program: why the standalone program does not run instead. */
  readonly whyOnNode?: string;
}

/**
 * Builds oclif's Config from the manifest. oclif's own `load` searches the disk for plugins and themes and looks up the
 * shell, twice per run (@oclif/core 5.1.9). That takes a fifth of a command's time, and no command needs the result.
 * There are no plugins and no hooks (decision 16).
 */
export class ProgramConfig extends Config {
  private readonly program: Package;
  private readonly byId: ReadonlyMap<string, Command.Loadable>;
  /** Stored, because the help reads the list once per command. */
  private readonly allCommands: Command.Loadable[];
  private allTopics: Interfaces.Topic[] | undefined;

  constructor(program: Package) {
    const { packageJson, manifest, root } = program;
    super({ root });
    this.program = program;
    this.root = root;
    this.pjson = packageJson as Interfaces.PJSON;
    this.name = packageJson.name;
    this.version = packageJson.version;
    this.bin = packageJson.oclif.bin ?? packageJson.name;
    this.topicSeparator = " ";
    this.platform = process.platform;
    // The help reads this only on Windows, where it joins the lines of an example with the shell's continuation character.
    this.shell = "powershell";
    this.userAgent = `${this.name}/${this.version} ${process.platform}-${process.arch} ${runtimeName()}`;
    this.byId = indexCommands(manifest);
    this.allCommands = [...this.byId.values()];
  }

  override get commands(): Command.Loadable[] {
    return this.allCommands;
  }

  override get topics(): Interfaces.Topic[] {
    this.allTopics ??= listTopics(this.program);
    return this.allTopics;
  }

  override findCommand(id: string, options: { must: true }): Command.Loadable;
  override findCommand(id: string): Command.Loadable | undefined;
  override findCommand(id: string): Command.Loadable | undefined {
    return this.byId.get(id);
  }

  override findTopic(name: string, options: { must: true }): Interfaces.Topic;
  override findTopic(name: string): Interfaces.Topic | undefined;
  override findTopic(name: string): Interfaces.Topic | undefined {
    return this.topics.find((topic) => topic.name === name);
  }

  override async runHook(): Promise<Interfaces.Hook.Result<never>> {
    return { failures: [], successes: [] };
  }
}

/** Returns every command by its ID and by each of its aliases. */
function indexCommands(manifest: Package["manifest"]): ReadonlyMap<string, Command.Loadable> {
  const byId = new Map<string, Command.Loadable>();
  for (const [id, command] of Object.entries(manifest.commands)) {
    const load = () => loadCommand(id);
    byId.set(id, { ...command, load });
    for (const alias of command.aliases ?? []) byId.set(alias, { ...command, load, id: alias });
  }
  return byId;
}

async function loadCommand(id: string): Promise<Command.Class> {
  const load = COMMANDS[id];
  if (load === undefined)
    throw new Error(`${id} is in the manifest and not in the table of commands`);
  const { default: command } = await load();
  command.id = id;
  return command;
}

/** Returns the descriptions of command groups from package.json. For oclif, every command is also a topic. */
function listTopics({ packageJson: { oclif }, manifest }: Package): Interfaces.Topic[] {
  const described = Object.entries(
    (oclif.topics ?? {}) as Readonly<Record<string, Omit<Interfaces.Topic, "name">>>,
  ).map(([name, topic]) => ({ ...topic, name }));
  const commands = Object.values(manifest.commands).filter(({ hidden }) => hidden !== true);
  const implied = commands.flatMap(({ id, summary, description }) => {
    const words = id.split(":");
    return words.map((_, index) => ({
      name: words.slice(0, index + 1).join(":"),
      description: summary ?? description,
    }));
  });
  return [
    ...new Map(
      [...implied, ...described].map((topic) => [topic.name, topic as Interfaces.Topic]),
    ).values(),
  ];
}
