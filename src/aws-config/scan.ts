import { countColumns, findFirstVisible, findLastVisible } from "./blanks.ts";
import { findDelimiter } from "./entry.ts";
import { parseHeader, type SectionName } from "./header.ts";
import { addSection, createIndex, type SectionIndex } from "./names.ts";
import {
  cursorAtStart,
  stepToNextLine,
  type ConfigEntry,
  type ConfigProblem,
  type ConfigSection,
  type Line,
  type ProblemKind,
  type SectionPlace,
} from "./lines.ts";
import { decode, splitNestedLines } from "./text.ts";

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
  readonly index: SectionIndex;
}

/** What a scan knows between two lines. */
interface Scan extends ScannedConfig {
  readonly text: string;
  readonly isAscii: boolean;
  readonly decodeValue: (latin1: string) => string;
  /** Python's [DEFAULT] may come more than once: its keys are one collection. */
  readonly defaults: ConfigEntry[];
  section: OpenSection | undefined;
  /** Of a large section, so that a key that stands twice is found without looking at all before it. */
  keys: Set<string> | undefined;
  /** The section before, where nothing needs decoding: the keys of one profile are mostly those of the next. */
  model: readonly ConfigEntry[];
  /** The last key, as long as its value may go on; the blank lines since its last line. */
  entry: OpenEntry | undefined;
  blanks: number;
  /** Of the lines that the value goes on with: whether each has a `=`. */
  isBlock: boolean;
  /** How deep the last key or header was indented, in characters. */
  indent: number;
}

/** Becomes part of the document as it is once its end is known. */
interface OpenSection extends ConfigSection {
  readonly entries: ConfigEntry[];
  readonly place: { -readonly [P in keyof SectionPlace]: SectionPlace[P] };
}

type OpenEntry = { -readonly [K in keyof ConfigEntry]: ConfigEntry[K] };

/** @param isAscii whether every byte is its own character: then nothing needs decoding. */
export function scanConfig(text: string, isAscii: boolean): ScannedConfig {
  const decoded = isAscii ? (latin1: string) => latin1 : decode;
  const scan: Scan = {
    text,
    isAscii,
    decodeValue: decoded,
    sections: [],
    problems: [],
    index: createIndex(),
    defaults: [],
    section: undefined,
    keys: undefined,
    model: [],
    entry: undefined,
    blanks: 0,
    isBlock: true,
    indent: 0,
  };
  const line = cursorAtStart(text);
  while (stepToNextLine(text, line)) {
    const first = findFirstVisible(text, line.start, line.contentEnd);
    if (first === line.contentEnd) {
      // A blank line inside a value belongs to it if more of the value follows; botocore keeps it as an empty part.
      scan.blanks += 1;
      continue;
    }
    const character = text.charCodeAt(first);
    if (character === HASH || character === SEMICOLON) continue;
    scanStatement(scan, line, { first, last: findLastVisible(text, first, line.contentEnd) });
  }
  closeSection(scan, text.length);
  return { sections: scan.sections, problems: scan.problems, index: scan.index };
}

const LINE_FEED = 0x0a;
const HASH = 0x23;
const SEMICOLON = 0x3b;
const BRACKET = 0x5b;

/** Not the line itself: a secret that was pasted or wrapped stands in such a line. */
const NO_KEY = "a line without =";

/** Where the first visible character of a line is, and where its last one ends. */
interface Visible {
  readonly first: number;
  readonly last: number;
}

/** A line that is neither blank nor a comment. */
function scanStatement(scan: Scan, at: Line, visible: Visible): void {
  const { text, entry } = scan;
  const { line, start, end } = at;
  const { first, last } = visible;
  const depth = countColumns(text, start, first);
  if (entry !== undefined && depth > scan.indent) {
    continueEntry(scan, entry, text.slice(first, last), end);
    return;
  }
  scan.indent = depth;
  const isBracket = text.charCodeAt(first) === BRACKET;
  const close = isBracket ? first + text.slice(first, last).lastIndexOf("]") : -1;
  if (close > first + 1) {
    openSection(scan, text.slice(first + 1, close), at);
    return;
  }
  const delimiter = findDelimiter(text, first, last);
  if (isBracket && delimiter === undefined) {
    addProblem(scan, "unterminated-header", line, text.slice(first, last));
    // What follows belongs to no one: not to the section above.
    openSection(scan, `\n${line}`, at);
  } else if (scan.section === undefined) {
    if (delimiter === undefined)
      scan.problems.push({ kind: "key-before-section", line, what: NO_KEY });
    else addProblem(scan, "key-before-section", line, text.slice(first, delimiter));
  } else if (delimiter === undefined) {
    scan.problems.push({ kind: "no-delimiter", line, what: NO_KEY });
    closeEntry(scan);
  } else {
    openEntry(scan, scan.section, at, { ...visible, delimiter });
  }
}

/** What stands below a header without its ] is nobody's: it has no name, and there may be very many. */
const NOBODYS: SectionName = { type: "other", name: "" };

/** @param header the text between the brackets; for a header without its ] a text that no other has, from a line break on. */
function openSection(scan: Scan, header: string, { line, start, end: bodyStart }: Line): void {
  closeSection(scan, start);
  // `[profile ""]` has a name, too, and is somebody's.
  const isNobodys = header.startsWith("\n");
  const { type, name } = isNobodys ? NOBODYS : parseHeader(scan.decodeValue(header));
  const section: OpenSection = {
    type,
    name,
    line,
    entries: [],
    place: { header, start, bodyStart, end: bodyStart },
  };
  const isDefaults = header === "DEFAULT";
  if (!isNobodys && addSection(scan.index, section) && !isDefaults)
    scan.problems.push({ kind: "duplicate-section", line, what: scan.decodeValue(header) });
  scan.keys = isDefaults ? new Set(scan.defaults.map(({ key }) => key)) : undefined;
  scan.section = section;
}

function closeSection(scan: Scan, end: number): void {
  closeEntry(scan);
  const { section } = scan;
  if (section === undefined) return;
  section.place.end = end;
  if (section.place.header === "DEFAULT") scan.defaults.push(...section.entries);
  if (scan.isAscii) scan.model = section.entries;
  scan.sections.push(section);
}

function openEntry(
  scan: Scan,
  { entries }: OpenSection,
  { line, start, contentEnd, end }: Line,
  { first, last, delimiter }: Visible & { readonly delimiter: number },
): void {
  closeEntry(scan);
  const { text, decodeValue } = scan;
  const model = scan.model[entries.length];
  const keyEnd = findLastVisible(text, first, delimiter);
  const key = isAt(text, model?.key, first, keyEnd)
    ? model.key
    : decodeValue(text.slice(first, keyEnd)).toLowerCase();
  if (isRepeated(scan, entries, key))
    scan.problems.push({ kind: "duplicate-key", line, what: key });
  const valueStart =
    delimiter + 1 < last ? findFirstVisible(text, delimiter + 1, last) : contentEnd;
  const value = isAt(text, model?.value, valueStart, last)
    ? model.value
    : decodeValue(text.slice(valueStart, last));
  scan.entry = { key, value, line, start, end };
  scan.blanks = 0;
  scan.isBlock = true;
  entries.push(scan.entry);
}

/** Whether just this stands there: then no copy of it is made. */
function isAt<Text extends string>(
  text: string,
  guess: Text | undefined,
  from: number,
  to: number,
): guess is Text {
  return guess !== undefined && guess.length === to - from && text.startsWith(guess, from);
}

const MANY_KEYS = 16;

function isRepeated(scan: Scan, entries: readonly ConfigEntry[], key: string): boolean {
  if (scan.keys === undefined && entries.length < MANY_KEYS) return hasKey(entries, key);
  scan.keys ??= new Set(entries.map((entry) => entry.key));
  if (scan.keys.has(key)) return true;
  scan.keys.add(key);
  return false;
}

/** A loop, and not a function that is made for each key of a large file. */
function hasKey(entries: readonly ConfigEntry[], key: string): boolean {
  for (const entry of entries) if (entry.key === key) return true;
  return false;
}

/** Each part is trimmed; blank lines before it are empty parts. */
function continueEntry(scan: Scan, entry: OpenEntry, latin1: string, end: number): void {
  const part = scan.decodeValue(latin1);
  entry.value += `${scan.blanks === 0 ? "\n" : "\n".repeat(scan.blanks + 1)}${part}`;
  scan.blanks = 0;
  entry.end = end;
  scan.isBlock &&= isBlockLine(part);
}

/** Whether a line of a nested block has a key, or each of those that Python parts it into; most have nothing that it parts at. */
function isBlockLine(line: string): boolean {
  return /[^\x20-\x7f]/.test(line)
    ? splitNestedLines(line).every((part) => part.includes("="))
    : line.includes("=");
}

function closeEntry(scan: Scan): void {
  if (scan.entry === undefined) return;
  const { key, value, line } = scan.entry;
  if (value.charCodeAt(0) === LINE_FEED && !scan.isBlock)
    scan.problems.push({ kind: "nested-no-delimiter", line, what: key });
  scan.entry = undefined;
}

function addProblem(scan: Scan, kind: ProblemKind, line: number, latin1: string): void {
  scan.problems.push({ kind, line, what: decode(latin1.slice(0, 40)) });
}
