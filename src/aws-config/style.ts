import { findDelimiter, type ConfigEntry, type ConfigSection } from "./document.ts";
import { countBlanks, findUsualLineBreak, removeLineBreak, strip, stripEnd } from "./text.ts";

/** How a section is written: the parts of a key's line, and what a new one of the section looks like. */

/** The first line of a key in its parts. */
interface KeyLine {
  readonly indent: string;
  readonly key: string;
  /** The delimiter with the blanks around it. */
  readonly before: string;
  readonly delimiter: string;
  readonly after: string;
  readonly value: string;
}

/** @param line of a key. */
export function splitKeyLine(line: string): KeyLine {
  const content = removeLineBreak(line);
  const indent = content.slice(0, countBlanks(content));
  const statement = content.slice(indent.length);
  const at = findDelimiter(statement) ?? statement.length;
  const [key, rest] = [stripEnd(statement.slice(0, at)), statement.slice(at + 1)];
  const [before, delimiter] = [statement.slice(key.length, at), statement.charAt(at)];
  const [after, value] = [rest.slice(0, countBlanks(rest)), strip(rest)];
  return { indent, key, before, delimiter, after, value };
}

/** The blanks before a value: a key without one, as `key =`, shows by those before its delimiter what its owner would type. */
export function chooseSpace({ before, after, value }: KeyLine): string {
  return before !== "" && after === "" && value === "" ? " " : after;
}

/**
 * How a new line of a section is written, so that it looks as if its owner had typed it: with the spacing of the last key
 * with a `=`, its delimiter in the column of the others where they are aligned. The indentation is always that of the
 * line before: deeper, the new line would belong to the value above; less deep, what follows would belong to it.
 * @param beside the key before the new ones, or the one behind them.
 */
export function detectStyle(
  lines: readonly string[],
  section: ConfigSection,
  beside: ConfigEntry | undefined,
): (key: string, value: string) => string {
  const own = lines.slice(section.line - 1, endOfKeys(section));
  const lineBreak = findUsualLineBreak(own) ?? findUsualLineBreak(lines) ?? "\n";
  const keyLines = section.entries.map(({ line }) => splitKeyLine(lines[line - 1] ?? ""));
  const indent =
    beside === undefined
      ? findIndentBelow(lines, section)
      : splitKeyLine(lines[beside.line - 1] ?? "").indent;
  const equals = keyLines.filter(({ delimiter }) => delimiter === "=");
  const last = equals.at(-1) ?? splitKeyLine("key = value");
  const least = last.before === "" ? 0 : 1;
  const column = isAligned(equals) ? measureColumn(last) : undefined;
  return (key, value) => {
    const padding =
      column === undefined
        ? last.before
        : " ".repeat(Math.max(least, column - indent.length - key.length));
    return `${indent}${key}${padding}=${value === "" ? "" : chooseSpace(last)}${value}${lineBreak}`;
  };
}

/** Whether keys of different length are padded to one column. */
function isAligned(keyLines: readonly KeyLine[]): boolean {
  const lengths = new Set(keyLines.map(({ key }) => key.length));
  return lengths.size > 1 && new Set(keyLines.map(measureColumn)).size === 1;
}

function measureColumn({ indent, key, before }: KeyLine): number {
  return indent.length + key.length + before.length;
}

/** The indentation of what stands below the header of a section without keys: a header, or a line that no one can read. */
function findIndentBelow(lines: readonly string[], { line }: ConfigSection): string {
  let below = line;
  while (below < lines.length && /^(?:[#;]|$)/.test(strip(lines[below] ?? ""))) below += 1;
  const text = lines[below] ?? "";
  return text.slice(0, countBlanks(text));
}

/** The number of the last line of a section's keys with all that belongs to them; its header's where it has none. */
export function endOfKeys({ entries, line }: ConfigSection): number {
  return entries.at(-1)?.lastLine ?? line;
}
