import { Help, type Interfaces } from "@oclif/core";
import { toTypedWords } from "../cli/command.ts";
import { closestMatches } from "../text/terminal.ts";
import { usageError, type LatchkeyError } from "../errors.ts";
import { writeChecked } from "../fs/write.ts";

/** oclif's help through the checked writer, and instead of it where nothing was typed; a topic that only has aliases below it (`sso`) is no topic. */
export default class LatchkeyHelp extends Help {
  protected override log(...lines: string[]): void {
    writeChecked(1, `${lines.join(" ")}\n`);
  }

  override async showHelp(argv: string[]): Promise<void> {
    if (argv.length === 0) return this.showOverview();
    const words = argv.filter((word) => !word.startsWith("-") && word !== "help");
    const [first] = words;
    if (
      first !== undefined &&
      this.config.findCommand(first) === undefined &&
      !this.hasCommandBelow(first)
    ) {
      const id = findCommandId(words, this.config);
      if (this.config.findCommand(id) === undefined)
        throw toUnknownCommandError(words.join(":"), this.config);
    }
    await super.showHelp(argv);
  }

  /** `latchkey` alone: where you stand, and what to do next. */
  private async showOverview(): Promise<void> {
    const [{ createRealContext, toUnattended }, { overview }, { overviewText }] = await Promise.all(
      [
        import("../cli/real-context.ts"),
        import("../credentials/overview.ts"),
        import("../credentials/overview-text.ts"),
      ],
    );
    const context = toUnattended(createRealContext(""));
    writeChecked(1, overviewText(await overview(context), context.now(), context.terminal.columns));
  }

  protected override async showTopicHelp(topic: Interfaces.Topic): Promise<void> {
    if (!this.hasCommandBelow(topic.name)) throw toUnknownCommandError(topic.name, this.config);
    await super.showTopicHelp(topic);
  }

  private hasCommandBelow(topic: string): boolean {
    return listOwnCommandIds(this.config).some((id) => id.startsWith(`${topic}:`));
  }
}

/** Commands under their own names, without the aliases that oclif lists beside them. */
function listOwnCommandIds(config: Interfaces.Config): string[] {
  const aliases = new Set(config.commands.flatMap((command) => command.aliases ?? []));
  return config.commands.map(({ id }) => id).filter((id) => !aliases.has(id));
}

function findCommandId(words: readonly string[], config: Interfaces.Config): string {
  const longest = words
    .map((_, index) => words.slice(0, words.length - index).join(":"))
    .find((id) => config.findCommand(id) !== undefined);
  return longest ?? words.join(":");
}

/** `latchkey ssso login`, `latchkey sso`: what there is instead, with spaces as people type them. */
export function toUnknownCommandError(id: string, config: Interfaces.Config): LatchkeyError {
  const typed = toTypedWords(id);
  const known = config.commands.flatMap((command) => [command.id, ...(command.aliases ?? [])]);
  const below = [...new Set(known.filter((name) => name.startsWith(`${id}:`)))]
    .sort()
    .map(toTypedWords);
  if (below.length > 0)
    return usageError(
      `"${typed}" is not a command by itself.`,
      `There are: ${below.map((name) => `latchkey ${name}`).join(", ")}`,
    );
  const close = closestMatches(id, [...new Set(known)]).map(toTypedWords);
  return usageError(
    `There is no command "${typed}".`,
    close.length > 0
      ? `The nearest: ${close.map((name) => `latchkey ${name}`).join(", ")}`
      : "See them all: latchkey --help",
  );
}
