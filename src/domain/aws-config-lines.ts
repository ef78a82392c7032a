import { columns, firstVisible, lastVisible } from "./aws-config-blanks.ts";
import { parseHeader, type SectionName } from "./aws-config-header.ts";
import { decode, nestedLines } from "./aws-config-text.ts";

/**
 * The grammar of an AWS config, line by line, as botocore reads it (Python's RawConfigParser without inline comments),
 * with the place of everything, so that an edit can leave the rest alone. One pass, no backtracking: a file of 10 MB is
 * no different from a small one.
 *
 * The text is Latin-1: one character a byte, so that bytes which are no UTF-8 survive. Names and values are decoded.
 */

export interface ConfigEntry {
  /** Lower-cased, as botocore looks it up. */
  readonly key: string;
  /** The value; continuation lines are joined by a newline, so a nested block starts with one. */
  readonly value: string;
  readonly line: number;
  readonly place: EntryPlace;
}

/** Offsets into the text. */
export interface EntryPlace {
  readonly start: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly delimiter: number;
  /** Where the first line has no value: after its blanks. */
  readonly valueStart: number;
  /** After the value's last character, on its last continuation line. */
  readonly valueEnd: number;
  /** After the line break of its last line. */
  readonly end: number;
}

export interface ConfigSection extends SectionName {
  readonly line: number;
  readonly entries: readonly ConfigEntry[];
  readonly place: SectionPlace;
}

export interface SectionPlace {
  /** The text between the brackets, undecoded: two headers are the same to the AWS CLI if these are. */
  readonly header: string;
  readonly start: number;
  /** After the header's line break. */
  readonly bodyStart: number;
  /** Where the next header's line begins, or the end of the text. */
  readonly end: number;
}

export type ProblemKind =
  | "byte-order-mark"
  | "not-utf-8"
  | "nul-byte"
  | "key-before-section"
  | "unterminated-header"
  | "no-delimiter"
  | "nested-no-delimiter"
  | "duplicate-section"
  | "duplicate-key";

/** Why the AWS CLI refuses the whole file (but for a NUL, which it reads); what can be read is read all the same. */
export interface ConfigProblem {
  readonly kind: ProblemKind;
  readonly line: number;
  /** The header, the key or the line's beginning; values are left out, since they can be secrets. */
  readonly what: string;
}

export interface ScannedConfig {
  readonly sections: ConfigSection[];
  readonly problems: ConfigProblem[];
}

export const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

interface OpenEntry {
  key: string;
  line: number;
  parts: string[];
  place: { start: number; keyStart: number; keyEnd: number; delimiter: number; valueStart: number; valueEnd: number; end: number };
}

interface OpenSection {
  name: SectionName;
  line: number;
  entries: ConfigEntry[];
  keys: Set<string>;
  header: string;
  start: number;
  bodyStart: number;
}

export function scanConfig(text: string): ScannedConfig {
  const sections: ConfigSection[] = [];
  const problems: ConfigProblem[] = [];
  const headers = new Set<string>();
  const defaultKeys = new Set<string>();
  let section: OpenSection | undefined;
  let entry: OpenEntry | undefined;
  let indent = 0;

  const closeEntry = (): void => {
    if (entry === undefined || section === undefined) return;
    // Blank lines at the end are no part of a value; each part is trimmed already.
    while (entry.parts.length > 1 && entry.parts.at(-1) === "") entry.parts.pop();
    const value = decode(entry.parts.join("\n"));
    section.entries.push({ key: entry.key, value, line: entry.line, place: entry.place });
    if (value.startsWith("\n") && nestedLines(value).some((part) => !part.includes("="))) problems.push({ kind: "nested-no-delimiter", line: entry.line, what: entry.key });
    entry = undefined;
  };
  const closeSection = (end: number): void => {
    closeEntry();
    if (section === undefined) return;
    const { name, line, entries, header, start, bodyStart } = section;
    sections.push({ ...name, line, entries, place: { header, start, bodyStart, end } });
  };
  const openSection = (header: string, name: SectionName, line: number, start: number, bodyStart: number): void => {
    closeSection(start);
    // Python's [DEFAULT] may come more than once: its keys are one collection.
    const isDefaults = header === "DEFAULT";
    if (headers.has(header) && !isDefaults) problems.push({ kind: "duplicate-section", line, what: decode(header) });
    headers.add(header);
    section = { name, line, entries: [], keys: isDefaults ? defaultKeys : new Set(), header, start, bodyStart };
  };

  for (const { line, start, contentEnd, end } of linesOf(text)) {
    const first = firstVisible(text, start, contentEnd);
    if (first === contentEnd) {
      // A blank line inside a value belongs to it if more of the value follows; botocore keeps it as an empty part.
      entry?.parts.push("");
      continue;
    }
    const character = text.charAt(first);
    if (character === "#" || character === ";") continue;
    const last = lastVisible(text, first, contentEnd);
    const depth = columns(text, start, first);
    if (entry !== undefined && depth > indent) {
      entry.parts.push(text.slice(first, last));
      entry.place.valueEnd = last;
      entry.place.end = end;
      continue;
    }
    indent = depth;
    const close = character === "[" ? first + text.slice(first, last).lastIndexOf("]") : -1;
    if (close > first + 1) {
      const header = text.slice(first + 1, close);
      openSection(header, parseHeader(decode(header)), line, start, end);
      continue;
    }
    const delimiter = delimiterIn(text, first, last);
    if (character === "[" && delimiter === undefined) {
      problems.push({ kind: "unterminated-header", line, what: shown(text, first, last) });
      // What follows belongs to no one: not to the section above.
      openSection(`\n${line}`, { type: "other", name: "" }, line, start, end);
    } else if (section === undefined) {
      problems.push({ kind: "key-before-section", line, what: shown(text, first, delimiter ?? last) });
    } else if (delimiter === undefined) {
      problems.push({ kind: "no-delimiter", line, what: shown(text, first, last) });
      closeEntry();
    } else {
      closeEntry();
      const keyEnd = lastVisible(text, first, delimiter);
      const key = decode(text.slice(first, keyEnd)).toLowerCase();
      if (section.keys.has(key)) problems.push({ kind: "duplicate-key", line, what: key });
      section.keys.add(key);
      const valueStart = delimiter + 1 < last ? firstVisible(text, delimiter + 1, last) : contentEnd;
      const valueEnd = Math.max(valueStart, last);
      entry = { key, line, parts: [text.slice(valueStart, last)], place: { start, keyStart: first, keyEnd, delimiter, valueStart, valueEnd, end } };
    }
  }
  closeSection(text.length);
  return { sections, problems };
}

interface Line {
  readonly line: number;
  readonly start: number;
  /** Before the line break. */
  readonly contentEnd: number;
  readonly end: number;
}

/** Lines end with LF, CRLF or a lone CR, as Python's text files do; a byte order mark is no part of the first. */
export function* linesOf(text: string): Generator<Line> {
  let start = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let feed = text.indexOf("\n", start);
  let carriage = text.indexOf("\r", start);
  for (let line = 1; start < text.length; line += 1) {
    if (feed !== -1 && feed < start) feed = text.indexOf("\n", start);
    if (carriage !== -1 && carriage < start) carriage = text.indexOf("\r", start);
    const contentEnd = Math.min(feed === -1 ? text.length : feed, carriage === -1 ? text.length : carriage);
    const end = contentEnd === text.length ? contentEnd : contentEnd + (contentEnd === carriage && feed === carriage + 1 ? 2 : 1);
    yield { line, start, contentEnd, end };
    start = end;
  }
}

/** The first `=` or `:` that has a key before it. */
function delimiterIn(text: string, first: number, last: number): number | undefined {
  for (let index = first; index < last; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x3d || character === 0x3a) return index > first ? index : undefined;
  }
  return undefined;
}

function shown(text: string, from: number, to: number): string {
  return decode(text.slice(from, Math.min(to, from + 40)));
}
