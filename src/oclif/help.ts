import { Errors, Help, type Interfaces } from "@oclif/core";
import { nearest } from "../text/terminal.ts";
import { LatchkeyError } from "../errors.ts";
import { writeChecked } from "../fs/write.ts";

/** oclif's help through the checked writer, and instead of it where nothing was typed; a topic that only has aliases below it (`sso`) is no topic. */
export default class LatchkeyHelp extends Help {
  protected override log(...lines: string[]): void {
    writeChecked(1, `${lines.join(" ")}\n`);
  }

  override async showHelp(argv: string[]): Promise<void> {
    if (argv.length === 0) return this.showStanding();
    const words = argv.filter((word) => !word.startsWith("-") && word !== "help");
    const [first] = words;
    if (
      first !== undefined &&
      this.config.findCommand(first) === undefined &&
      !this.hasCommandBelow(first)
    ) {
      const id = commandIdOf(words, this.config);
      if (this.config.findCommand(id) === undefined)
        throw unknownCommand(words.join(":"), this.config);
    }
    await super.showHelp(argv);
  }

  /** `latchkey` alone: where you stand, and what to do next. */
  private async showStanding(): Promise<void> {
    const [{ realContext, withoutPerson }, { standing }, { standingText }] = await Promise.all([
      import("../cli/real-context.ts"),
      import("../credentials/overview.ts"),
      import("../credentials/overview-text.ts"),
    ]);
    const context = withoutPerson(realContext());
    writeChecked(1, standingText(await standing(context), context.terminal.columns));
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
  const longest = words
    .map((_, index) => words.slice(0, words.length - index).join(":"))
    .find((id) => config.findCommand(id) !== undefined);
  return longest ?? words.join(":");
}

/** `latchkey ssso login`, `latchkey sso`: what there is instead, with spaces as people type them. */
export function unknownCommand(id: string, config: Interfaces.Config): LatchkeyError {
  const typed = id.replaceAll(":", " ");
  const known = config.commands.flatMap((command) => [command.id, ...(command.aliases ?? [])]);
  const below = [...new Set(known.filter((name) => name.startsWith(`${id}:`)))].sort().map(spaced);
  if (below.length > 0)
    return new LatchkeyError("USAGE", `"${typed}" is not a command by itself.`, {
      hint: `There are: ${below.map((name) => `latchkey ${name}`).join(", ")}`,
    });
  const close = nearest(id, [...new Set(known)]).map(spaced);
  return new LatchkeyError("USAGE", `There is no command "${typed}".`, {
    hint:
      close.length > 0
        ? `The nearest: ${close.map((name) => `latchkey ${name}`).join(", ")}`
        : "See them all: latchkey --help",
  });
}

/** A flag that a command does not have: its name, without what may have been given to it, and the nearest that it has. */
export function unknownFlag(
  thrown: unknown,
  id: string,
  flags: Readonly<Record<string, { readonly aliases?: string[]; readonly allowNo?: boolean }>>,
): LatchkeyError | undefined {
  const given: unknown =
    thrown instanceof Errors.CLIError && "flags" in thrown ? thrown.flags : undefined;
  const [first]: readonly unknown[] = Array.isArray(given) ? given : [];
  if (typeof first !== "string") return undefined;
  const name = first.replace(/=.*$/s, "");
  const known = [
    "help",
    ...Object.entries(flags).flatMap(([flag, { aliases = [], allowNo = false }]) => [
      flag,
      ...aliases,
      ...(allowNo ? [`no-${flag}`] : []),
    ]),
  ];
  const close = name.startsWith("--") ? nearest(name.slice(2), known) : [];
  const hint =
    close.length > 0
      ? `The nearest: ${close.map((flag) => `--${flag}`).join(", ")}`
      : `See what it takes: latchkey ${spaced(id)} --help`;
  return new LatchkeyError("USAGE", `latchkey ${spaced(id)} has no flag ${name}.`, {
    hint,
    cause: thrown,
  });
}

function spaced(id: string): string {
  return id.replaceAll(":", " ");
}
