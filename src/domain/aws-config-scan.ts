import { columns, firstVisible, lastVisible } from "./aws-config-blanks.ts";
import { parseHeader, type SectionName } from "./aws-config-header.ts";
import { beforeFirstLine, stepToNextLine, type ConfigEntry, type ConfigProblem, type ConfigSection, type EntryPlace, type Line, type ProblemKind } from "./aws-config-lines.ts";
import { decode, nestedLines } from "./aws-config-text.ts";

/**
 * The grammar of an AWS config, line by line, as botocore reads it (Python's RawConfigParser without inline comments),
 * with the place of everything, so that an edit can leave the rest alone. One pass, no backtracking: a file of 10 MB is
 * no different from a small one.
 *
 * The text is Latin-1: one character a byte, so that bytes which are no UTF-8 survive. Names and values are decoded.
 */

export interface ScannedConfig {
  readonly sections: ConfigSection[];
  readonly problems: ConfigProblem[];
}

/** What a scan knows between two lines. */
interface Scan extends ScannedConfig {
  readonly text: string;
  readonly decoded: (latin1: string) => string;
  readonly headers: Set<string>;
  /** Python's [DEFAULT] may come more than once: its keys are one collection. */
  readonly defaults: ConfigEntry[];
  section: OpenSection | undefined;
  /** The last key, as long as its value may go on; the blank lines since its last line. */
  entry: OpenEntry | undefined;
  blanks: number;
  /** How deep the last key or header was indented, in characters. */
  indent: number;
}

interface OpenSection {
  readonly name: SectionName;
  readonly line: number;
  readonly entries: ConfigEntry[];
  readonly header: string;
  readonly start: number;
  readonly bodyStart: number;
  /** Of a large section, so that a key that stands twice is found without looking at all before it. */
  keys: Set<string> | undefined;
}

type OpenEntry = { -readonly [K in keyof ConfigEntry]: K extends "place" ? { -readonly [P in keyof EntryPlace]: number } : ConfigEntry[K] };

/** @param isAscii whether every byte is its own character: then nothing needs decoding. */
export function scanConfig(text: string, isAscii: boolean): ScannedConfig {
  const decoded = isAscii ? (latin1: string) => latin1 : decode;
  const scan: Scan = { text, decoded, sections: [], problems: [], headers: new Set(), defaults: [], section: undefined, entry: undefined, blanks: 0, indent: 0 };
  const line = beforeFirstLine(text);
  while (stepToNextLine(text, line)) {
    const first = firstVisible(text, line.start, line.contentEnd);
    if (first === line.contentEnd) {
      // A blank line inside a value belongs to it if more of the value follows; botocore keeps it as an empty part.
      scan.blanks += 1;
      continue;
    }
    const character = text.charCodeAt(first);
    if (character === HASH || character === SEMICOLON) continue;
    scanStatement(scan, line, first, lastVisible(text, first, line.contentEnd));
  }
  closeSection(scan, text.length);
  return { sections: scan.sections, problems: scan.problems };
}

const HASH = 0x23;
const SEMICOLON = 0x3b;
const BRACKET = 0x5b;

/** Not the line itself: a secret that was pasted or wrapped stands in such a line. */
const NO_KEY = "a line without =";

/** A line that is neither blank nor a comment, from its first to its last visible character. */
function scanStatement(scan: Scan, at: Line, first: number, last: number): void {
  const { text, entry } = scan;
  const { line, start, end } = at;
  const depth = columns(text, start, first);
  if (entry !== undefined && depth > scan.indent) {
    continueEntry(scan, entry, first, last, end);
    return;
  }
  scan.indent = depth;
  const isBracket = text.charCodeAt(first) === BRACKET;
  const close = isBracket ? first + text.slice(first, last).lastIndexOf("]") : -1;
  if (close > first + 1) {
    const header = text.slice(first + 1, close);
    openSection(scan, header, parseHeader(scan.decoded(header)), line, start, end);
    return;
  }
  const delimiter = delimiterIn(text, first, last);
  if (isBracket && delimiter === undefined) {
    problem(scan, "unterminated-header", line, first, last);
    // What follows belongs to no one: not to the section above.
    openSection(scan, `\n${line}`, { type: "other", name: "" }, line, start, end);
  } else if (scan.section === undefined) {
    if (delimiter === undefined) scan.problems.push({ kind: "key-before-section", line, what: NO_KEY });
    else problem(scan, "key-before-section", line, first, delimiter);
  } else if (delimiter === undefined) {
    scan.problems.push({ kind: "no-delimiter", line, what: NO_KEY });
    closeEntry(scan);
  } else {
    openEntry(scan, scan.section, at, first, last, delimiter);
  }
}

function openSection(scan: Scan, header: string, name: SectionName, line: number, start: number, bodyStart: number): void {
  closeSection(scan, start);
  const isDefaults = header === "DEFAULT";
  if (scan.headers.has(header) && !isDefaults) scan.problems.push({ kind: "duplicate-section", line, what: scan.decoded(header) });
  scan.headers.add(header);
  scan.section = { name, line, entries: [], header, start, bodyStart, keys: isDefaults ? new Set(scan.defaults.map(({ key }) => key)) : undefined };
}

function closeSection(scan: Scan, end: number): void {
  closeEntry(scan);
  if (scan.section === undefined) return;
  const { name, line, entries, header, start, bodyStart } = scan.section;
  if (header === "DEFAULT") scan.defaults.push(...entries);
  scan.sections.push({ type: name.type, name: name.name, line, entries, place: { header, start, bodyStart, end } });
}

function openEntry(scan: Scan, section: OpenSection, { line, start, contentEnd, end }: Line, first: number, last: number, delimiter: number): void {
  closeEntry(scan);
  const { text } = scan;
  const keyEnd = lastVisible(text, first, delimiter);
  const key = scan.decoded(text.slice(first, keyEnd)).toLowerCase();
  if (isRepeated(section, key)) scan.problems.push({ kind: "duplicate-key", line, what: key });
  const valueStart = delimiter + 1 < last ? firstVisible(text, delimiter + 1, last) : contentEnd;
  const place = { start, keyStart: first, keyEnd, delimiter, valueStart, valueEnd: Math.max(valueStart, last), end };
  scan.entry = { key, value: scan.decoded(text.slice(valueStart, last)), line, place };
  scan.blanks = 0;
  section.entries.push(scan.entry);
}

const MANY_KEYS = 16;

function isRepeated(section: OpenSection, key: string): boolean {
  if (section.keys === undefined && section.entries.length < MANY_KEYS) return section.entries.some((entry) => entry.key === key);
  section.keys ??= new Set(section.entries.map((entry) => entry.key));
  if (section.keys.has(key)) return true;
  section.keys.add(key);
  return false;
}

/** Each part is trimmed; blank lines before it are empty parts. */
function continueEntry(scan: Scan, entry: OpenEntry, first: number, last: number, end: number): void {
  entry.value += `${"\n".repeat(scan.blanks + 1)}${scan.decoded(scan.text.slice(first, last))}`;
  scan.blanks = 0;
  entry.place.valueEnd = last;
  entry.place.end = end;
}

function closeEntry(scan: Scan): void {
  if (scan.entry === undefined) return;
  const { key, value, line } = scan.entry;
  if (value.charCodeAt(0) === 0x0a && !isNestedBlock(value)) scan.problems.push({ kind: "nested-no-delimiter", line, what: key });
  scan.entry = undefined;
}

/** Every line of the block has a key; most blocks show that without being taken apart as Python does. */
function isNestedBlock(value: string): boolean {
  const isPlain = value.split("\n").every((part) => part === "" || part.includes("="));
  return isPlain && !/[\r\v\f\u001c-\u001e\u0085\u2028\u2029]/.test(value) ? true : nestedLines(value).every((part) => part.includes("="));
}

function problem(scan: Scan, kind: ProblemKind, line: number, from: number, to: number): void {
  scan.problems.push({ kind, line, what: decode(scan.text.slice(from, Math.min(to, from + 40))) });
}

/** The first `=` or `:` that has a key before it. */
function delimiterIn(text: string, first: number, last: number): number | undefined {
  for (let index = first; index < last; index += 1) {
    const character = text.charCodeAt(index);
    if (character === 0x3d || character === 0x3a) return index > first ? index : undefined;
  }
  return undefined;
}
