import type { ConfigDocument, ConfigSection } from "./aws-config-document.ts";

/** How a file and a section are written, so that what is added looks as if its owner had typed it. */

export interface SectionStyle {
  readonly lineBreak: string;
  /** A line without its break, from the key and the value (Latin-1). */
  line(key: string, value: string): string;
}

/** The style of the section's last key; its delimiters' column where they are aligned. */
export function sectionStyle(text: string, section: ConfigSection): SectionStyle {
  const lineBreak = majorityLineBreak(text.slice(section.place.start, section.place.end)) ?? fileLineBreak(text);
  const model = section.entries.filter(({ place }) => text.charAt(place.delimiter) === "=").at(-1);
  if (model === undefined) return { lineBreak, line: (key, value) => `${key} = ${value}`.trimEnd() };
  const { start, keyStart, keyEnd, delimiter, valueStart, valueEnd } = model.place;
  const indent = text.slice(start, keyStart);
  const before = text.slice(keyEnd, delimiter);
  const after = valueStart < valueEnd && !model.value.startsWith("\n") ? text.slice(delimiter + 1, valueStart) : before === "" ? "" : " ";
  const column = alignedColumn(text, section);
  return {
    lineBreak,
    line(key, value) {
      const padding = column === undefined ? before : " ".repeat(Math.max(before === "" ? 0 : 1, column - indent.length - key.length));
      return `${indent}${key}${padding}=${after}${value}`;
    },
  };
}

/** The one column of all delimiters, where keys of different length were padded to it. */
function alignedColumn(text: string, { entries }: ConfigSection): number | undefined {
  const equals = entries.filter(({ place }) => text.charAt(place.delimiter) === "=");
  const columns = new Set(equals.map(({ place }) => place.delimiter - place.start));
  const lengths = new Set(equals.map(({ place }) => place.keyEnd - place.keyStart));
  const [column] = columns;
  return columns.size === 1 && lengths.size > 1 ? column : undefined;
}

export function fileLineBreak(text: string): string {
  return majorityLineBreak(text) ?? "\n";
}

function majorityLineBreak(text: string): string | undefined {
  const windows = occurrences(text, "\r\n");
  const feeds = occurrences(text, "\n") - windows;
  if (windows === 0 && feeds === 0) return undefined;
  return windows > feeds ? "\r\n" : "\n";
}

function occurrences(text: string, part: string): number {
  let count = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) count += 1;
  return count;
}

/** Whether every section after the first has a blank line somewhere between the keys above and its header. */
export function isSpacedOut({ text, sections }: ConfigDocument): boolean {
  if (sections.length < 2) return false;
  return sections.slice(1).every((section, index) => {
    const above = sections[index];
    const keysEnd = above?.entries.reduce((latest, { place }) => Math.max(latest, place.end), above.place.bodyStart) ?? 0;
    return /(^|\n|\r)[ \t]*[\r\n]/.test(text.slice(keysEnd, section.place.start));
  });
}
