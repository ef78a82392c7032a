import { findDelimiter, type ConfigEntry, type ConfigSection } from "./document.ts";
import { countBlanks, findUsualLineBreak, removeLineBreak, strip, stripEnd } from "./text.ts";

/** Detects how a section is written, so that new lines look the same. */

/** The parts of the first line of a key. */
interface KeyLine {
  readonly indent: string;
  readonly key: string;
  /** The blanks before the delimiter. */
  readonly before: string;
  readonly delimiter: string;
  readonly after: string;
  readonly value: string;
}

/** Splits the first line of a key into its parts. */
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

/**
 * Returns the blanks to write before a value. For a key without a value, such as `key =`, a blank before the delimiter
 * means one after it too.
 */
export function chooseSpace({ before, after, value }: KeyLine): string {
  return before !== "" && after === "" && value === "" ? " " : after;
}

/**
 * Returns a function that writes a new line in the style of the section: with the spacing of its last key with `=`, and
 * with an aligned delimiter if the section's delimiters are aligned. The indentation is that of the neighbouring line:
 * if it were deeper, the new line would belong to the value above; if less, the following lines would belong to the new
 * one.
 * @param beside the key before or after the new lines.
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

/** Returns whether keys of different lengths are padded to one column. */
function isAligned(keyLines: readonly KeyLine[]): boolean {
  const lengths = new Set(keyLines.map(({ key }) => key.length));
  return lengths.size > 1 && new Set(keyLines.map(measureColumn)).size === 1;
}

function measureColumn({ indent, key, before }: KeyLine): number {
  return indent.length + key.length + before.length;
}

/** Returns the indentation of the first line below the header of a section without keys. */
function findIndentBelow(lines: readonly string[], { line }: ConfigSection): string {
  let below = line;
  while (below < lines.length && /^(?:[#;]|$)/.test(strip(lines[below] ?? ""))) below += 1;
  const text = lines[below] ?? "";
  return text.slice(0, countBlanks(text));
}

/** Returns the number of the last line of a section's keys and values; the header's line if there are none. */
export function endOfKeys({ entries, line }: ConfigSection): number {
  return entries.at(-1)?.lastLine ?? line;
}
