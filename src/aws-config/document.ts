import { parseHeader, type SectionName, type SectionType } from "./header.ts";
import { countBlanks, decodeBytes, splitLines, splitNestedLines, strip, stripEnd } from "./text.ts";

/**
 * The lines and sections of `~/.aws/config`, parsed as botocore does: Python's RawConfigParser, which treats a `#` inside
 * a line as part of the value.
 * Writing the document gives the same bytes. A document never changes: an edit (edit.ts) replaces lines and parses again.
 */
export interface ConfigDocument {
  /** The bytes of the file. Do not change them. */
  readonly bytes: Uint8Array;
  readonly text: string;
  /** The text's lines with their line breaks, without `mark`. */
  readonly lines: readonly string[];
  /** The byte order mark before the first line, or an empty string. */
  readonly mark: string;
  readonly sections: readonly ConfigSection[];
  readonly problems: readonly ConfigProblem[];
  /** By type and name; sections of the same name in file order. */
  readonly byName: ReadonlyMap<string, readonly ConfigSection[]>;
}

export interface ConfigSection extends SectionName {
  /** The line number of the header, from 1. */
  readonly line: number;
  readonly entries: readonly ConfigEntry[];
  /** The text between the brackets. For the AWS CLI two headers are equal if these texts are. */
  readonly place: { readonly header: string };
}

export interface ConfigEntry {
  /** In lower case, as botocore looks it up. */
  readonly key: string;
  /** The value. Continuation lines are joined by a newline, so a nested block starts with one. */
  readonly value: string;
  readonly line: number;
  /** The number of the last line of the value. */
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

/** Why the AWS CLI rejects the whole file (except for a NUL, which it accepts). latchkey still reads the other lines. */
export interface ConfigProblem {
  readonly kind: ProblemKind;
  readonly line: number;
  /** The header or key, or a description. Values and lines without a key are left out, because they can be secrets. */
  readonly what: string;
}

/** Returns the parsed document. @param bytes must not be changed afterwards. */
export function parseConfig(bytes: Uint8Array): ConfigDocument {
  const text = decodeBytes(bytes);
  const mark = text.startsWith("\ufeff") ? "\ufeff" : "";
  const lines = splitLines(text.slice(mark.length));
  const { sections, problems: read } = readLines(lines);
  const inLines = [...read, ...findSectionProblems(sections)].sort((a, b) => a.line - b.line);
  const problems = [...findByteProblems(mark, lines), ...inLines];
  return { bytes, text, lines, mark, sections, problems, byName: Map.groupBy(sections, identify) };
}

/** Returns the same text for all sections of one type and name, however their headers are written. */
function identify({ type, name }: SectionName): string {
  return `${type} ${name}`;
}

function findByteProblems(mark: string, lines: readonly string[]): ConfigProblem[] {
  const nul = lines.findIndex((line) => line.includes("\u0000"));
  const foreign = lines.findIndex((line) => !line.isWellFormed());
  const problems: ConfigProblem[] = [
    { kind: "byte-order-mark", line: mark === "" ? 0 : 1, what: "byte order mark" },
    { kind: "nul-byte", line: nul + 1, what: "NUL" },
    { kind: "not-utf-8", line: foreign + 1, what: "a byte that is not UTF-8" },
  ];
  return problems.filter(({ line }) => line > 0);
}

/** The state of the parser. */
interface Reading {
  /** Lines are read into the last section. */
  readonly sections: OpenSection[];
  readonly problems: ConfigProblem[];
  entry: OpenEntry | undefined;
  /** Whether the entry began without a value, so that indented lines are nested in it. */
  isBlock: boolean;
  /** Blank lines since the last line of the entry. */
  blanks: number;
  /** The indentation of the last key or header. */
  indent: number;
  /** The entry whose nested block was last found invalid. Only its first invalid line is reported. */
  broken: OpenEntry | undefined;
}

/** An entry that can still get more lines. */
type OpenEntry = { -readonly [Member in keyof ConfigEntry]: ConfigEntry[Member] };
type OpenSection = ConfigSection & { readonly entries: ConfigEntry[] };

function readLines(lines: readonly string[]): Reading {
  const reading: Reading = {
    sections: [],
    problems: [],
    entry: undefined,
    isBlock: false,
    blanks: 0,
    indent: 0,
    broken: undefined,
  };
  for (const [index, line] of lines.entries()) {
    const statement = strip(line);
    // botocore keeps a blank line inside a value as an empty part if the value continues after it.
    if (statement === "") reading.blanks += 1;
    else if (!/^[#;]/.test(statement))
      readStatement(reading, index + 1, statement, countBlanks(line));
  }
  return reading;
}

/** Shown instead of the line, which can contain a pasted or wrapped secret. */
const NO_KEY = "a line without =";

/** Reads a line that is neither blank nor a comment. */
function readStatement(reading: Reading, line: number, statement: string, depth: number): void {
  const { entry, sections } = reading;
  const section = sections.at(-1);
  if (entry !== undefined && depth > reading.indent) {
    continueEntry(reading, entry, line, statement);
    return;
  }
  reading.indent = depth;
  reading.entry = undefined;
  const isBracket = statement.startsWith("[");
  const close = isBracket ? statement.lastIndexOf("]") : -1;
  const delimiter = findDelimiter(statement);
  if (close > 1) openSection(reading, statement.slice(1, close), line);
  else if (isBracket && delimiter === undefined) {
    addProblem(reading, "unterminated-header", line, statement);
    // The lines below belong to no section, not even to the one above.
    openSection(reading, "", line);
  } else if (section === undefined) {
    const what = delimiter === undefined ? NO_KEY : statement.slice(0, delimiter);
    addProblem(reading, "key-before-section", line, what);
  } else if (delimiter === undefined) addProblem(reading, "no-delimiter", line, NO_KEY);
  else {
    const key = stripEnd(statement.slice(0, delimiter)).toWellFormed().toLowerCase();
    const value = strip(statement.slice(delimiter + 1)).toWellFormed();
    reading.entry = { key, value, line, lastLine: line };
    reading.isBlock = value === "";
    reading.blanks = 0;
    section.entries.push(reading.entry);
  }
}

/** Adds a continuation line to the entry's value. The line is trimmed; each blank line before it adds an empty part. */
function continueEntry(reading: Reading, entry: OpenEntry, line: number, statement: string): void {
  const isBroken =
    reading.isBlock && splitNestedLines(statement).some((part) => !part.includes("="));
  if (isBroken && reading.broken !== entry) {
    addProblem(reading, "nested-no-delimiter", line, entry.key);
    reading.broken = entry;
  }
  entry.value += "\n".repeat(reading.blanks + 1) + statement.toWellFormed();
  entry.lastLine = line;
  reading.blanks = 0;
}

/** Returns the index of the first `=` or `:`; undefined if there is none or no key before it. */
export function findDelimiter(statement: string): number | undefined {
  const delimiter = statement.search(/[=:]/);
  return delimiter > 0 ? delimiter : undefined;
}

function addProblem({ problems }: Reading, kind: ProblemKind, line: number, what: string): void {
  problems.push({ kind, line, what: what.slice(0, 40).toWellFormed() });
}

/** @param header empty for a header without its ]; the lines below it then have no name. */
function openSection({ sections }: Reading, header: string, line: number): void {
  const name = parseHeader(header.toWellFormed());
  sections.push({ ...name, line, entries: [], place: { header } });
}

/** Finds duplicate sections and keys. Python allows several [DEFAULT] sections and treats them as one. */
function findSectionProblems(sections: readonly ConfigSection[]): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const headers = new Set<string>();
  const defaultKeys = new Set<string>();
  for (const { place, line, entries } of sections) {
    const { header } = place;
    const isDefault = header === "DEFAULT";
    if (headers.has(header) && header !== "" && !isDefault)
      problems.push({ kind: "duplicate-section", line, what: header.toWellFormed() });
    headers.add(header);
    const keys = isDefault ? defaultKeys : new Set<string>();
    for (const entry of entries) {
      if (keys.has(entry.key))
        problems.push({ kind: "duplicate-key", line: entry.line, what: entry.key });
      keys.add(entry.key);
    }
  }
  return problems;
}

/** Returns all sections of this type and name in file order, however their headers are written. */
export function findSections(
  { byName }: ConfigDocument,
  type: SectionType,
  name: string,
): readonly ConfigSection[] {
  return byName.get(identify({ type, name })) ?? [];
}

/**
 * Returns the effective section, including keys inherited from `[DEFAULT]`. If the headers are spelled differently, the
 * later section replaces the earlier. If they are the same, which the AWS CLI rejects, the sections are merged and the
 * last value of a key wins.
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

/** Returns each profile name once, in file order. */
export function listProfileNames(document: ConfigDocument): string[] {
  return listNames(document, "profile");
}

export function listSessionNames(document: ConfigDocument): string[] {
  return listNames(document, "sso-session");
}

function listNames({ sections }: ConfigDocument, type: SectionType): string[] {
  return [...new Set(sections.filter((one) => one.type === type).map(({ name }) => name))];
}

/** Returns the keys of a nested block (`s3 =` and indented lines), or undefined for a plain value. */
export function parseNestedValues(
  entry: ConfigEntry,
): Readonly<Record<string, string>> | undefined {
  if (!entry.value.startsWith("\n")) return undefined;
  const pairs = splitNestedLines(entry.value).map((line) => {
    const [key = "", ...value] = line.split("=");
    return [strip(key), strip(value.join("="))] as const;
  });
  return Object.fromEntries(pairs);
}
