import { lineBreakLength, findFirstVisible } from "./blanks.ts";
import type { ConfigDocument, ConfigSection } from "./document.ts";
import { locateEntry } from "./entry.ts";

/** How a file and a section are written, so that what is added looks as if its owner had typed it. */

export interface SectionStyle {
  readonly lineBreak: string;
  /** A line without its break, from the key and the value (Latin-1). */
  formatLine(key: string, value: string): string;
}

/**
 * The spacing of the section's last key with a `=`; its delimiters' column where they are aligned. The indentation is
 * always that of the line before: deeper, the new line would belong to the value above; less deep, what follows to it.
 */
export function detectStyle(text: string, section: ConfigSection): SectionStyle {
  const lineBreak =
    detectLineBreak(text.slice(section.place.start, section.place.end)) ?? fileLineBreak(text);
  const last = section.entries.at(-1);
  const indent =
    last === undefined
      ? findIndentBelow(text, section)
      : text.slice(last.start, locateEntry(text, last).keyStart);
  const model = section.entries.findLast(
    (entry) => text.charAt(locateEntry(text, entry).delimiter) === "=",
  );
  if (model === undefined)
    return {
      lineBreak,
      formatLine: (key, value) => `${indent}${key} =${value === "" ? "" : ` ${value}`}`,
    };
  const { keyEnd, delimiter, valueStart } = locateEntry(text, model);
  const before = text.slice(keyEnd, delimiter);
  const space = text.slice(delimiter + 1, valueStart);
  const after = space === "" && before !== "" && isFirstLineEmpty(text, valueStart) ? " " : space;
  const column = findAlignedColumn(text, section);
  return {
    lineBreak,
    formatLine(key, value) {
      const padding =
        column === undefined
          ? before
          : " ".repeat(Math.max(before === "" ? 0 : 1, column - indent.length - key.length));
      return `${indent}${key}${padding}=${value === "" ? "" : after}${value}`;
    },
  };
}

export function isFirstLineEmpty(text: string, valueStart: number): boolean {
  return (
    valueStart === text.length ||
    text.charAt(valueStart) === "\n" ||
    text.charAt(valueStart) === "\r"
  );
}

/** The indentation of what stands below the header of a section without keys: a header, or a line that no one can read. */
function findIndentBelow(text: string, { place }: ConfigSection): string {
  for (let start = place.bodyStart; start < text.length;) {
    const first = findFirstVisible(text, start, text.length);
    if (first === text.length) break;
    const lineStart = startOfLine(text, start, first);
    if (text.charAt(first) !== "#" && text.charAt(first) !== ";")
      return text.slice(lineStart, first);
    start = endOfLine(text, first);
  }
  return "";
}

function startOfLine(text: string, from: number, at: number): number {
  let start = at;
  while (start > from && lineBreakLength(text, start) === 0) start -= 1;
  return start;
}

function endOfLine(text: string, from: number): number {
  let end = from;
  while (end < text.length && text.charAt(end) !== "\n" && text.charAt(end) !== "\r") end += 1;
  return end;
}

/** The one column of all delimiters, where keys of different length were padded to it. */
function findAlignedColumn(text: string, { entries }: ConfigSection): number | undefined {
  const equals = entries
    .map((entry) => ({ start: entry.start, ...locateEntry(text, entry) }))
    .filter(({ delimiter }) => text.charAt(delimiter) === "=");
  const columns = new Set(equals.map(({ delimiter, start }) => delimiter - start));
  const lengths = new Set(equals.map(({ keyEnd, keyStart }) => keyEnd - keyStart));
  const [column] = columns;
  return columns.size === 1 && lengths.size > 1 ? column : undefined;
}

export function fileLineBreak(text: string): string {
  return detectLineBreak(text) ?? "\n";
}

function detectLineBreak(text: string): string | undefined {
  const windows = countOccurrences(text, "\r\n");
  const feeds = countOccurrences(text, "\n") - windows;
  if (windows === 0 && feeds === 0) return undefined;
  return windows > feeds ? "\r\n" : "\n";
}

function countOccurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length))
    count += 1;
  return count;
}

/** Whether every section after the first has a blank line somewhere between the keys above and its header. */
export function isSpacedOut({ text, sections }: ConfigDocument): boolean {
  let above: ConfigSection | undefined;
  for (const section of sections) {
    if (
      above !== undefined &&
      !hasBlankLine(text, above.entries.at(-1)?.end ?? above.place.bodyStart, section.place.start)
    )
      return false;
    above = section;
  }
  return sections.length > 1;
}

function hasBlankLine(text: string, from: number, to: number): boolean {
  for (let at = from; at < to;) {
    const end = endOfLine(text, at);
    if (findFirstVisible(text, at, end) === end) return true;
    at = end + (text.startsWith("\r\n", end) ? 2 : 1);
  }
  return false;
}
