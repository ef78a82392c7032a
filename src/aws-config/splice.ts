import { lineBreakLength } from "./blanks.ts";
import {
  parseConfig,
  type ConfigDocument,
  type ConfigEntry,
  type ConfigSection,
} from "./document.ts";
import { locateEntry } from "./entry.ts";
import { isFirstLineEmpty, detectStyle } from "./style.ts";
import { encode, toBytes } from "./text.ts";
import { applyByteSplices } from "./byte-splice.ts";

/** Where an edit cuts the text of an AWS config, and what it puts there. */

/** A stretch of the text and what stands there instead. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** After the section's last key with all that belongs to it; right after the header where it has none. */
export function endOfKeys({ entries, place }: ConfigSection): number {
  return entries.at(-1)?.end ?? place.bodyStart;
}

/** Everything of the line stays but the value; continuation lines are part of the value. */
export function replaceValue(text: string, entry: ConfigEntry, value: string): Splice {
  const { keyEnd, delimiter, valueStart, valueEnd } = locateEntry(text, entry);
  const isGlued =
    keyEnd < delimiter && valueStart === delimiter + 1 && isFirstLineEmpty(text, valueStart);
  const space = isGlued && value !== "" ? " " : "";
  return { start: valueStart, end: valueEnd, text: space + encode(value) };
}

/** Whole lines; the last line of a file that does not end with a line break takes the break before it along. */
export function removeLines(text: string, entries: readonly ConfigEntry[]): Splice[] {
  const splices: Array<{ start: number; end: number; text: string }> = [];
  for (const { start, end } of [...entries].sort((a, b) => a.start - b.start)) {
    const last = splices.at(-1);
    if (last?.end === start) last.end = end;
    else splices.push({ start, end, text: "" });
  }
  const last = splices.at(-1);
  if (last?.end === text.length && lineBreakLength(text, text.length) === 0)
    last.start -= lineBreakLength(text, last.start);
  return splices;
}

/** As the AWS CLI does: in a section without keys, after those that are commented out right below its header. */
function endOfDeadKeys(text: string, { place }: ConfigSection): number {
  const below = text.slice(place.bodyStart, place.end);
  return (
    place.bodyStart +
    (/^(?:[ \t]*[#;]+[ \t]*[\w.-]+[ \t]*[=:][^\r\n]*(?:\r\n|\r|\n|$))*/.exec(below)?.[0].length ??
      0)
  );
}

export function addLines(
  text: string,
  section: ConfigSection,
  added: ReadonlyArray<readonly [key: string, value: string]>,
): Splice {
  const style = detectStyle(text, section);
  const lines = added.map(([key, value]) => style.formatLine(key, encode(value)));
  const at = section.entries.length > 0 ? endOfKeys(section) : endOfDeadKeys(text, section);
  const unterminated = at === text.length && lineBreakLength(text, at) === 0;
  const broken = unterminated
    ? lines.map((line) => style.lineBreak + line)
    : lines.map((line) => line + style.lineBreak);
  return { start: at, end: at, text: broken.join("") };
}

export function applySplices(document: ConfigDocument, splices: readonly Splice[]): ConfigDocument {
  if (splices.length === 0) return document;
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end);
  return parseConfig(
    applyByteSplices(
      document.bytes,
      ordered.map(({ start, end, text }) => ({ start, end, bytes: toBytes(text) })),
    ),
  );
}
