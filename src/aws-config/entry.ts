import { findFirstVisible, findLastVisible } from "./blanks.ts";
import { cursorBeforeLine, stepToNextLine, type ConfigEntry } from "./lines.ts";

/** Where the parts of a key's lines are. Only of what is edited is that asked, so no document keeps it of all its keys. */

/** Offsets into the text. */
export interface EntryPlace {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly delimiter: number;
  /** Where the first line has no value: after its blanks. */
  readonly valueStart: number;
  /** After the value's last character, on its last continuation line. */
  readonly valueEnd: number;
}

export function locateEntry(text: string, { start, end }: ConfigEntry): EntryPlace {
  // Nothing is looked for beyond the entry: of many, each would look through the rest of the file.
  const own = text.slice(start, end);
  const line = cursorBeforeLine(own, 0);
  stepToNextLine(own, line);
  const keyStart = findFirstVisible(own, 0, line.contentEnd);
  const last = findLastVisible(own, keyStart, line.contentEnd);
  const delimiter = findDelimiter(own, keyStart, last) ?? last;
  const valueStart =
    delimiter + 1 < last ? findFirstVisible(own, delimiter + 1, last) : line.contentEnd;
  const keyEnd = findLastVisible(own, keyStart, delimiter);
  const valueEnd = findLastVisible(own, valueStart, own.length);
  return {
    keyStart: start + keyStart,
    keyEnd: start + keyEnd,
    delimiter: start + delimiter,
    valueStart: start + valueStart,
    valueEnd: start + valueEnd,
  };
}

/** The first `=` or `:` that has a key before it. */
export function findDelimiter(text: string, first: number, last: number): number | undefined {
  for (let index = first; index < last; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x3d || character === 0x3a) return index > first ? index : undefined;
  }
  return undefined;
}
