import { CommandHelp, Help, type Command } from "@oclif/core";
import { writeChecked } from "../fs/write.ts";

/** Formats help that fits a screen: examples come before flags, and each flag is explained once. */

/** The commands in `latchkey --help`. A group of commands is one line. */
const ROOT_GROUPS: ReadonlyArray<readonly [header: string, ids: readonly string[]]> = [
  ["SIGN IN", ["login", "logout", "status", "sessions"]],
  [
    "ROLES AND PROFILES",
    ["accounts", "roles", "access", "favourite", "configure", "profiles", "import"],
  ],
  ["CREDENTIALS", ["use", "exec", "whoami", "console", "export", "credential-process"]],
  [
    "HELP AND SET-UP",
    [
      ...["explain", "doctor", "settings", "shell-init", "completion", "update", "demo"],
      ...["emulator", "federation"],
    ],
  ],
];

/** The order of the sections. DESCRIPTION is last, because most people read no further than the examples and flags. */
const SECTIONS = ["USAGE", "EXAMPLES", "ARGUMENTS", "FLAGS", "DESCRIPTION"];

class ScreenHelp extends CommandHelp {
  protected override sections() {
    return super
      .sections()
      .filter(({ header }) => SECTIONS.includes(header))
      .toSorted((one, other) => SECTIONS.indexOf(one.header) - SECTIONS.indexOf(other.header));
  }

  protected override groupFlags(flags: Command.Flag.Any[]) {
    const { flagGroups, mainFlags } = super.groupFlags(flags);
    const { GLOBAL = [], ...own } = flagGroups;
    return { flagGroups: { ...own, GLOBAL }, mainFlags };
  }

  /** Returns the usage line. oclif would list every flag in it, although the flags are listed below it too. */
  protected override defaultUsage(): string {
    const { id, args, flags } = this.command;
    const words = Object.values(args)
      .filter(({ hidden }) => hidden !== true)
      .map((arg) => this.arg(arg));
    const required = Object.values(flags)
      .filter((flag) => flag.required)
      .map((flag) => this.flagHelpLabel(flag).replace(/^.*--/, "--"));
    return [id, ...words, ...required, "[FLAGS]"].join(" ");
  }

  protected override arg({ name, required, multiple }: Command.Arg.Any): string {
    const word = `${name.toUpperCase()}${multiple === true ? "..." : ""}`;
    return required === true ? word : `[${word}]`;
  }

  protected override args(all: Command.Arg.Any[]): Array<[string, string]> | undefined {
    return all.length === 0 ? undefined : all.map((arg) => [this.arg(arg), describe(arg)]);
  }

  protected override usage(): string {
    const { aliases } = this.command;
    const others = aliases.map((alias) => `${this.config.bin} ${alias}`).join(", ");
    return others === "" ? super.usage() : `${super.usage()}\n${this.wrap(`Also: ${others}`)}`;
  }

  protected override description(): string | undefined {
    const { description = "", flags } = this.command;
    const named = Object.values(flags).find(({ env, hidden }) => env !== undefined && !hidden);
    const note =
      named === undefined
        ? []
        : [`[env]: a variable sets it too, such as ${named.env} for --${named.name}.`];
    return [...description.split("\n"), ...note].map((line) => this.wrapLine(line)).join("\n");
  }

  /**
   * Wraps a line. In a row of a table, wraps only the second column. An indented line is meant to be copied, so it is
   * not wrapped.
   */
  private wrapLine(line: string): string {
    const label = /^ .*? {2,}(?=\S)/.exec(line)?.[0] ?? "";
    if (label === "") return line.startsWith(" ") ? line : this.wrap(line);
    const text = this.wrap(line.slice(label.length), this.indentSpacing + label.length);
    return label + this.indent(text, label.length).trimStart();
  }

  protected override examples(all: Command.Example[] | string | undefined): string {
    return [all ?? []]
      .flat()
      .flatMap((example) =>
        typeof example === "string"
          ? this.formatExampleLine(example)
          : [
              ...this.wrap(`# ${example.description}`).split("\n"),
              this.formatExampleLine(example.command),
            ],
      )
      .join("\n");
  }

  /** Breaks a long example before its flags, with the shell's continuation character at the end of each line. */
  private formatExampleLine(command: string): string {
    const isPowershell = this.config.platform === "win32";
    const room = this.opts.maxWidth - this.indentSpacing - " \\".length;
    const lines: string[] = [];
    for (const part of `$ ${this.render(command)}`.split(/ (?=-)/)) {
      const line = lines.at(-1);
      if (line !== undefined && `${line} ${part}`.length <= room)
        lines.splice(-1, 1, `${line} ${part}`);
      else lines.push(line === undefined ? part : `    ${part}`);
    }
    return lines.join(isPowershell ? " `\n" : " \\\n");
  }

  protected override flags(
    all: Command.Flag.Any[],
  ): Array<[string, string | undefined]> | undefined {
    if (all.length === 0) return undefined;
    const hasLetter = all.some(({ char }) => char !== undefined);
    const labels = all.map((flag) => {
      const label = this.flagHelpLabel(flag).replace(/<(?:option|value)>/, "VALUE");
      return hasLetter ? label : label.trimStart();
    });
    if (all.every(({ helpGroup }) => helpGroup === "GLOBAL"))
      return [[labels.join(", "), `see ${this.config.bin} --help`]];
    return all.map((flag, index) => [labels[index] ?? "", describeFlag(flag)]);
  }
}

function describeFlag(flag: Command.Flag.Any): string {
  const byDefault: unknown = flag.type === "option" ? flag.default : undefined;
  return [
    flag.required === true && "(required)",
    describe(flag),
    (typeof byDefault === "string" || typeof byDefault === "number") && `[default: ${byDefault}]`,
    flag.env !== undefined && "[env]",
  ]
    .filter((part) => part !== false)
    .join(" ");
}

function describe(value: Command.Arg.Any | Command.Flag.Any): string {
  const { description = "" } = value;
  const options = "options" in value ? (value.options ?? []) : [];
  return options.length === 0 ? description : `${description}: ${options.join(", ")}`;
}

export default class LatchkeyHelp extends Help {
  protected override CommandHelpClass = ScreenHelp;

  /** Prints through the checked writer, which reports a full device. oclif's own writer does not. */
  protected override log(...lines: string[]): void {
    writeChecked(1, `${lines.join(" ")}\n`);
  }

  protected override async showRootHelp(): Promise<void> {
    const { bin, pjson, userAgent } = this.config;
    this.log(`${pjson.description ?? bin}\n  ${userAgent}\n`);
    this.log(`USAGE\n  $ ${bin} COMMAND [FLAGS]     help: ${bin} COMMAND --help`);
    const width = Math.max(...ROOT_GROUPS.flatMap(([, ids]) => ids.map(({ length }) => length)));
    for (const [header, ids] of ROOT_GROUPS)
      this.log(
        this.formatRows(
          header,
          ids.map((id) => [id.padEnd(width), this.findSummary(id)]),
        ),
      );
    const flags = Object.values(this.config.findCommand("status")?.flags ?? {});
    const globals = flags.filter(({ helpGroup }) => helpGroup === "GLOBAL");
    this.log(this.formatRows("GLOBAL FLAGS", globals.map(toRow)));
  }

  private formatRows(header: string, rows: Array<[string, string]>): string {
    const { stripAnsi } = this.opts;
    return this.section(header, this.renderList(rows, { indentation: 2, spacer: "\n", stripAnsi }));
  }

  private findSummary(id: string): string {
    const topic = this.sortedTopics.find(({ name }) => name === id);
    return topic?.description ?? this.config.findCommand(id)?.summary ?? "";
  }
}

function toRow(flag: Command.Flag.Any): [string, string] {
  const { helpValue } = flag.type === "option" ? flag : {};
  const value = helpValue === undefined ? "" : `=${String(helpValue)}`;
  return [`--${flag.name}${value}`, flag.description ?? ""];
}
