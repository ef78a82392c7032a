import { parseHeader, type SectionName, type SectionType } from "./header.ts";
import { countBlanks, decodeBytes, splitLines, splitNestedLines, strip, stripEnd } from "./text.ts";

/**
 * `~/.aws/config` as a list of lines, and what botocore reads in them (Python's RawConfigParser without inline comments).
 * Bytes in, the same bytes out. A document never changes: an edit (edit.ts) replaces lines and parses anew.
 */
export interface ConfigDocument {
  /** As they are in the file; not to be changed. */
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The text's lines with their line breaks, without `mark`. */
  readonly lines: readonly string[];
  /** The byte order mark before the first line, or nothing. */
  readonly mark: string;
  readonly sections: readonly ConfigSection[];
  readonly problems: readonly ConfigProblem[];
  readonly byName: SectionsByName;
}

/** By type and name; those of one name in the file's order. */
type SectionsByName = Readonly<Record<SectionType, ReadonlyMap<string, readonly ConfigSection[]>>>;

export interface ConfigSection extends SectionName {
  /** The number of the header's line, from 1. */
  readonly line: number;
  readonly entries: readonly ConfigEntry[];
  readonly place: SectionPlace;
}

interface SectionPlace {
  /** The text between the brackets: two headers are the same to the AWS CLI if these are. */
  readonly header: string;
  /** The number of the last line before the next header. */
  readonly lastLine: number;
}

export interface ConfigEntry {
  /** Lower-cased, as botocore looks it up. */
  readonly key: string;
  /** The value; continuation lines are joined by a newline, so a nested block starts with one. */
  readonly value: string;
  readonly line: number;
  /** The number of the last line that the value goes on in. */
  readonly lastLine: number;
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
  /** The header or the key, or what is wrong; values, and lines without a key, are left out, since they can be secrets. */
  readonly what: string;
}

const BYTE_ORDER_MARK = "\ufeff";

/** @param bytes must not be changed any more. */
export function parseConfig(bytes: Uint8Array): ConfigDocument {
  const text = decodeBytes(bytes);
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : "";
  const lines = splitLines(text.slice(mark.length));
  const { sections, problems, byName } = readLines(lines);
  const byteProblems = findByteProblems(mark, text, lines);
  return { bytes, text, lines, mark, sections, problems: [...byteProblems, ...problems], byName };
}

function findByteProblems(mark: string, text: string, lines: readonly string[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const addProblem = (kind: ProblemKind, what: string, isAt: (line: string) => boolean): void =>
    void problems.push({ kind, line: lines.findIndex(isAt) + 1, what });
  if (mark !== "") problems.push({ kind: "byte-order-mark", line: 1, what: "byte order mark" });
  if (text.includes("\u0000")) addProblem("nul-byte", "NUL", (line) => line.includes("\u0000"));
  if (!text.isWellFormed())
    addProblem("not-utf-8", "a byte that is not UTF-8", (line) => !line.isWellFormed());
  return problems;
}

/** What is read so far. */
interface Reading {
  readonly sections: ConfigSection[];
  readonly problems: ConfigProblem[];
  readonly byName: Record<SectionType, Map<string, ConfigSection[]>>;
  readonly headers: Set<string>;
  /** Those of the section. */
  keys: Set<string>;
  /** Python's [DEFAULT] may come more than once: its keys are one collection. */
  readonly defaultKeys: Set<string>;
  section: OpenSection | undefined;
  entry: OpenEntry | undefined;
  /** Blank lines since the last line of the entry. */
  blanks: number;
  /** How deep the last key or header was indented. */
  indent: number;
}

/** As long as the last line of it is not known. */
interface OpenSection extends ConfigSection {
  readonly entries: OpenEntry[];
  readonly place: Writable<SectionPlace>;
}

type OpenEntry = Writable<ConfigEntry>;
type Writable<Type> = { -readonly [Member in keyof Type]: Type[Member] };

function readLines(lines: readonly string[]): Reading {
  const reading: Reading = {
    sections: [],
    problems: [],
    byName: { profile: new Map(), "sso-session": new Map(), services: new Map(), other: new Map() },
    headers: new Set(),
    keys: new Set(),
    defaultKeys: new Set(),
    section: undefined,
    entry: undefined,
    blanks: 0,
    indent: 0,
  };
  for (const [index, line] of lines.entries()) {
    const statement = strip(line);
    // A blank line inside a value belongs to it if more of the value follows; botocore keeps it as an empty part.
    if (statement === "") reading.blanks += 1;
    else if (!/^[#;]/.test(statement))
      readStatement(reading, index + 1, statement, countBlanks(line));
  }
  closeSection(reading, lines.length);
  return reading;
}

/** Not the line itself: a secret that was pasted or wrapped stands in such a line. */
const NO_KEY = "a line without =";

/** A line that is neither blank nor a comment. */
function readStatement(reading: Reading, line: number, statement: string, depth: number): void {
  const { entry, section } = reading;
  if (entry !== undefined && depth > reading.indent) {
    // Each part is trimmed; blank lines before it are empty parts.
    entry.value += "\n".repeat(reading.blanks + 1) + statement.toWellFormed();
    entry.lastLine = line;
    reading.blanks = 0;
    return;
  }
  reading.indent = depth;
  const isBracket = statement.startsWith("[");
  const close = isBracket ? statement.lastIndexOf("]") : -1;
  if (close > 1) {
    openSection(reading, statement.slice(1, close), line);
    return;
  }
  const delimiter = findDelimiter(statement);
  if (isBracket && delimiter === undefined) {
    addProblem(reading, "unterminated-header", line, statement);
    // What follows belongs to no one: not to the section above.
    openSection(reading, undefined, line);
  } else if (section === undefined) {
    const what = delimiter === undefined ? NO_KEY : statement.slice(0, delimiter);
    addProblem(reading, "key-before-section", line, what);
  } else if (delimiter === undefined) {
    addProblem(reading, "no-delimiter", line, NO_KEY);
    closeEntry(reading);
  } else {
    openEntry(reading, section, line, [
      stripEnd(statement.slice(0, delimiter)),
      strip(statement.slice(delimiter + 1)),
    ]);
  }
}

/** The first `=` or `:`, where it has a key before it. */
export function findDelimiter(statement: string): number | undefined {
  const delimiter = statement.search(/[=:]/);
  return delimiter > 0 ? delimiter : undefined;
}

function addProblem({ problems }: Reading, kind: ProblemKind, line: number, what: string): void {
  problems.push({ kind, line, what: what.slice(0, 40).toWellFormed() });
}

/** @param header undefined for one without its ]: what is below it has no name, and is found under none. */
function openSection(reading: Reading, header: string | undefined, line: number): void {
  closeSection(reading, line - 1);
  const { type, name } =
    header === undefined
      ? ({ type: "other", name: "" } as const)
      : parseHeader(header.toWellFormed());
  const section: OpenSection = {
    type,
    name,
    line,
    entries: [],
    place: { header: header ?? "", lastLine: line },
  };
  reading.section = section;
  reading.keys = header === "DEFAULT" ? reading.defaultKeys : new Set();
  if (header === undefined) return;
  const same = reading.byName[type].get(name);
  if (same === undefined) reading.byName[type].set(name, [section]);
  else same.push(section);
  if (reading.headers.has(header) && header !== "DEFAULT")
    reading.problems.push({ kind: "duplicate-section", line, what: header.toWellFormed() });
  reading.headers.add(header);
}

function closeSection(reading: Reading, lastLine: number): void {
  closeEntry(reading);
  const { section, sections } = reading;
  if (section === undefined) return;
  section.place.lastLine = lastLine;
  sections.push(section);
}

function openEntry(
  reading: Reading,
  { entries }: OpenSection,
  line: number,
  [name, value]: readonly [name: string, value: string],
): void {
  closeEntry(reading);
  const key = name.toWellFormed().toLowerCase();
  if (reading.keys.has(key)) reading.problems.push({ kind: "duplicate-key", line, what: key });
  reading.keys.add(key);
  reading.entry = { key, value: value.toWellFormed(), line, lastLine: line };
  reading.blanks = 0;
  entries.push(reading.entry);
}

function closeEntry(reading: Reading): void {
  const { entry, problems } = reading;
  reading.entry = undefined;
  if (entry === undefined || !entry.value.startsWith("\n")) return;
  if (splitNestedLines(entry.value).some((line) => !line.includes("=")))
    problems.push({ kind: "nested-no-delimiter", line: entry.line, what: entry.key });
}

/** Every section that means this name, in the file's order, however its header is written. */
export function findSections(
  { byName }: ConfigDocument,
  type: SectionType,
  name: string,
): readonly ConfigSection[] {
  return byName[type].get(name) ?? [];
}

/**
 * The effective section, including keys inherited from `[DEFAULT]`. Written with another spelling, the later replaces the
 * earlier; written twice the same way, which the AWS CLI refuses, they are read as one, the last value of a key first.
 */
export function findSection(
  document: ConfigDocument,
  type: Exclude<SectionType, "other">,
  name: string,
): ConfigSection | undefined {
  const named = findSections(document, type, name);
  const last = named.at(-1);
  if (last === undefined) return undefined;
  const effective = [
    ...findSections(document, "other", "DEFAULT"),
    ...named.filter(({ place }) => place.header === last.place.header),
  ];
  const entries = new Map<string, ConfigEntry>();
  for (const section of effective)
    for (const entry of section.entries) entries.set(entry.key, entry);
  return { ...last, entries: [...entries.values()] };
}

/** Each name once, in the order of the first. */
export function listProfileNames({ byName }: ConfigDocument): string[] {
  return [...byName.profile.keys()];
}

export function listSessionNames({ byName }: ConfigDocument): string[] {
  return [...byName["sso-session"].keys()];
}

/** The keys of a nested block (`s3 =` and indented lines), or undefined where the value is a plain one. */
export function parseNestedValues(
  entry: ConfigEntry,
): Readonly<Record<string, string>> | undefined {
  if (!entry.value.startsWith("\n")) return undefined;
  const pairs = splitNestedLines(entry.value).map((line): [key: string, value: string] => {
    const equals = line.indexOf("=");
    return equals === -1
      ? [line, ""]
      : [strip(line.slice(0, equals)), strip(line.slice(equals + 1))];
  });
  return Object.fromEntries(pairs);
}
