import { CommandHelp, type Command } from "@oclif/core";
import { stripVTControlCharacters } from "node:util";
import type { ProgramConfig } from "../../../src/oclif/config.ts";
import {
  escapeText,
  formatBold,
  formatExample,
  formatParagraphs,
  formatSection,
  formatSyntax,
  formatTerm,
  formatTitle,
  type TitleFacts,
} from "./roff.ts";

type Rows = ReadonlyArray<readonly [label: string, text: string | undefined]>;

/** The parts of a command's `--help` from which its man page is made. */
export class HelpParts extends CommandHelp {
  constructor(command: Command.Loadable, config: ProgramConfig) {
    // latchkey does not wrap the lines, because `man` does.
    const words = command.id.replaceAll(":", " ");
    super({ ...command, id: words }, config, { maxWidth: Number.MAX_SAFE_INTEGER });
  }

  synopsis(): string {
    return stripColours(this.usage()).replace(/^\$ /, "").replaceAll(" ]", "]");
  }

  argumentRows(): Rows {
    return stripRows(this.args(Object.values(this.command.args ?? {})));
  }

  flagRows(kind: "own" | "global"): Rows {
    const flags = Object.values(this.command.flags ?? {})
      .filter(
        ({ hidden, helpGroup }) =>
          hidden !== true && (helpGroup === "GLOBAL") === (kind === "global"),
      )
      .toSorted((one, other) => (one.name < other.name ? -1 : 1));
    return stripRows(this.flags(flags));
  }

  /** Returns the variables that set flags. */
  variableRows(): Rows {
    return Object.values(this.command.flags ?? {}).flatMap(({ env, hidden, name }) =>
      env === undefined || hidden === true ? [] : [[env, `Sets \`--${name}\`.`] as const],
    );
  }

  exampleRows(): ReadonlyArray<{ readonly line: string; readonly description?: string }> {
    const examples = this.command.examples ?? [];
    return examples.map((example) =>
      typeof example === "string"
        ? { line: this.render(example) }
        : { line: this.render(example.command), description: example.description },
    );
  }
}

function stripColours(text: string): string {
  return stripVTControlCharacters(text).trim();
}

function stripRows(rows: Rows | undefined): Rows {
  return (rows ?? []).map(([label, text]) => [stripColours(label), stripColours(text ?? "")]);
}

/** Returns the name of a command's page, such as `latchkey-profiles-sync`. */
export function namePage(id: string): string {
  return ["latchkey", ...id.split(/[: ]/)].join("-");
}

/** Formats the name of another page. */
export function formatReference(page: string): string {
  return `${formatBold(page)}(1)`;
}

/** @returns the page in roff. */
export function formatCommandPage(
  command: Command.Loadable,
  config: ProgramConfig,
  facts: TitleFacts,
): string {
  const help = new HelpParts(command, config);
  const page = namePage(command.id);
  const summary = command.summary ?? "";
  const aliases = command.aliases.map((id) => formatBold(`latchkey ${id.replaceAll(":", " ")}`));
  const seeAlso = ["latchkey", ...listSiblings(command.id, config).map(namePage)];
  const sections: ReadonlyArray<readonly [name: string, blocks: readonly string[]]> = [
    ["NAME", [formatName(page, summary)]],
    ["SYNOPSIS", [formatSyntax(help.synopsis()).replace(/^latchkey/, "\\fBlatchkey\\fR")]],
    ["DESCRIPTION", [formatParagraphs(command.description ?? summary)]],
    ["ARGUMENTS", formatTerms(help.argumentRows())],
    ["OPTIONS", formatTerms(help.flagRows("own"))],
    ["GLOBAL OPTIONS", formatTerms(help.flagRows("global"))],
    ["ALIASES", aliases.length === 0 ? [] : [aliases.join(", ")]],
    ["ENVIRONMENT", formatTerms(help.variableRows())],
    [
      "EXIT STATUS",
      [
        `0 if the command succeeded. All other exit codes are listed in ${formatReference("latchkey")}.`,
      ],
    ],
    ["EXAMPLES", formatExamples(help)],
    ["SEE ALSO", [seeAlso.map(formatReference).join(", ")]],
  ];
  return `${formatTitle(page, facts)}\n${formatSections(sections)}\n`;
}

function formatExamples(help: HelpParts): string[] {
  const examples = help
    .exampleRows()
    .map(({ line, description }) => formatExample(line, description));
  return examples.length === 0 ? [] : [examples.join("\n.PP\n")];
}

/** Formats the line that `whatis` reads, without fonts. */
export function formatName(page: string, summary: string): string {
  return `${escapeText(page)} \\- ${escapeText(summary.replaceAll("`", "").replace(/\.$/, ""))}`;
}

/** Formats the sections that are not empty. */
export function formatSections(
  sections: ReadonlyArray<readonly [name: string, blocks: readonly string[]]>,
): string {
  return sections
    .filter(([, blocks]) => blocks.length > 0)
    .map(([name, blocks]) => formatSection(name, blocks))
    .join("\n");
}

export function formatTerms(rows: Rows): string[] {
  return rows.map(([label, text]) => formatTerm(formatLabel(label), text ?? ""));
}

/** Makes variables and files bold. */
function formatLabel(label: string): string {
  return /^\[?[A-Z]+(\.\.\.)?\]?$|^-/.test(label) ? formatSyntax(label) : formatBold(label);
}

/** Returns the commands of the same group: for `profiles:sync`, those that begin with `profiles`. */
function listSiblings(id: string, { commands }: ProgramConfig): string[] {
  const [group] = id.split(":");
  const ids = new Set(commands.map((command) => command.id));
  const own = commands.flatMap((command) => command.aliases);
  for (const alias of own) ids.delete(alias);
  return [...ids].filter((other) => other !== id && other.split(":")[0] === group);
}
