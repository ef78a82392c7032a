import { Help, type Interfaces } from "@oclif/core";
import { nearest } from "./domain/terminal-text.ts";
import { LatchkeyError } from "./errors.ts";
import { writeChecked } from "./files/checked-write.ts";

/** oclif's help through the checked writer; a topic that only has aliases below it (`sso`) is no topic. */
export default class LatchkeyHelp extends Help {
  protected override log(...lines: string[]): void {
    writeChecked(1, `${lines.join(" ")}\n`);
  }

  override async showHelp(argv: string[]): Promise<void> {
    const words = argv.filter((word) => !word.startsWith("-") && word !== "help");
    const [first] = words;
    if (first !== undefined && this.config.findCommand(first) === undefined && !this.hasCommandBelow(first)) {
      const id = commandIdOf(words, this.config);
      if (this.config.findCommand(id) === undefined) throw unknownCommand(words.join(":"), this.config);
    }
    await super.showHelp(argv);
  }

  protected override async showTopicHelp(topic: Interfaces.Topic): Promise<void> {
    if (!this.hasCommandBelow(topic.name)) throw unknownCommand(topic.name, this.config);
    await super.showTopicHelp(topic);
  }

  private hasCommandBelow(topic: string): boolean {
    return ownCommandIds(this.config).some((id) => id.startsWith(`${topic}:`));
  }
}

/** Commands under their own names, without the aliases that oclif lists beside them. */
function ownCommandIds(config: Interfaces.Config): string[] {
  const aliases = new Set(config.commands.flatMap((command) => command.aliases ?? []));
  return config.commands.map(({ id }) => id).filter((id) => !aliases.has(id));
}

function commandIdOf(words: readonly string[], config: Interfaces.Config): string {
  const longest = words.map((_, index) => words.slice(0, words.length - index).join(":")).find((id) => config.findCommand(id) !== undefined);
  return longest ?? words.join(":");
}

/** `latchkey ssso login`, `latchkey sso`: what there is instead, with spaces as people type them. */
export function unknownCommand(id: string, config: Interfaces.Config): LatchkeyError {
  const typed = id.replaceAll(":", " ");
  const known = config.commands.flatMap((command) => [command.id, ...(command.aliases ?? [])]);
  const below = [...new Set(known.filter((name) => name.startsWith(`${id}:`)))].sort().map(spaced);
  if (below.length > 0) return new LatchkeyError("USAGE", `"${typed}" is not a command by itself.`, { hint: `There are: ${below.map((name) => `latchkey ${name}`).join(", ")}` });
  const close = nearest(id, [...new Set(known)]).map(spaced);
  return new LatchkeyError("USAGE", `There is no command "${typed}".`, { hint: close.length > 0 ? `The nearest: ${close.map((name) => `latchkey ${name}`).join(", ")}` : "See them all: latchkey --help" });
}

function spaced(id: string): string {
  return id.replaceAll(":", " ");
}
