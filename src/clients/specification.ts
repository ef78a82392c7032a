import {
  numberLines,
  refuseFile,
  type FileKind,
  type FileReading,
  type Statement,
} from "./reading.ts";

/**
 * The grammar of profile files that the SDKs have in common, and how each deviates from it: Java (2.40), Rust (aws-runtime
 * 1.10) and Go v2 (config 1.33), by their sources. At the left edge stand headers and keys; what is indented goes on with
 * the value above.
 */
interface Dialect {
  readonly lineBreak: RegExp;
  /** A line that is nothing, or goes on with nothing, refuses the whole file; else it is passed over. */
  readonly isStrict: boolean;
  /** Names and keys of other characters than letters, digits and `_ - / . % @ : +` are left out. */
  readonly isNarrow: boolean;
  /** Below a header that it does not take, nothing is looked at. */
  readonly skipsForeign: boolean;
  readonly keepsCase: boolean;
  /** An indented header or comment is one, `key: value` is a key, and quotes around a value go. */
  readonly isLenient: boolean;
  /** A file with a byte that is not UTF-8 counts as empty. */
  readonly needsUtf8: boolean;
  readonly trim: (text: string) => string;
}

const STRICT: Dialect = {
  lineBreak: /\r?\n/,
  isStrict: true,
  isNarrow: true,
  skipsForeign: false,
  keepsCase: false,
  isLenient: false,
  needsUtf8: false,
  trim: (text) => trimBy(/[ \t]/, text),
};

const DIALECTS: Readonly<Record<"java" | "rust" | "go-v2", Dialect>> = {
  java: { ...STRICT, lineBreak: /\r\n|\r|\n/, skipsForeign: true, keepsCase: true },
  rust: { ...STRICT, needsUtf8: true },
  "go-v2": {
    ...STRICT,
    isStrict: false,
    isNarrow: false,
    isLenient: true,
    trim: trimGo,
  },
};

/** `unicode.IsSpace`. */
function trimGo(text: string): string {
  return trimBy(/(?!\ufeff)[\s\u0085]/, text);
}

/** One character at a time: a pattern for a line of blanks takes time as its square, or the whole stack. */
function trimBy(blank: RegExp, text: string): string {
  const isBlank = (at: number): boolean => blank.test(text.charAt(at));
  let [from, to] = [0, text.length];
  while (from < to && isBlank(from)) from += 1;
  while (to > from && isBlank(to - 1)) to -= 1;
  return text.slice(from, to);
}

interface OpenSection {
  readonly line: number;
  readonly keys: Map<string, Statement>;
}

/** What is read so far. */
interface Progress {
  readonly dialect: Dialect;
  readonly kind: FileKind;
  readonly sections: Map<string, OpenSection>;
  /** One that is in no list below a header that is not taken; "skipped" where nothing there is looked at. */
  section: OpenSection | "skipped" | undefined;
  /** What an indented line goes on with; null for a key that is left out. */
  key: string | null | undefined;
  /** Whether that key has no value: what is indented is nested in it. */
  isBlock: boolean;
  hasPrefixedDefault: boolean;
}

export function readBySpecification(
  family: keyof typeof DIALECTS,
  kind: FileKind,
  text: string,
): FileReading {
  const dialect = DIALECTS[family];
  const sections = new Map<string, OpenSection>();
  if (dialect.needsUtf8 && !text.isWellFormed()) return { sections, refused: undefined };
  const progress: Progress = {
    dialect,
    kind,
    sections,
    section: undefined,
    key: undefined,
    isBlock: false,
    hasPrefixedDefault: false,
  };
  for (const [line, number] of numberLines(text, dialect.lineBreak)) {
    const why = readLine(progress, line, number);
    if (why !== undefined && dialect.isStrict) return refuseFile(number, why);
  }
  return { sections, refused: undefined };
}

/** Returns why the line can't be read. */
function readLine(progress: Progress, text: string, line: number): string | undefined {
  const { trim, isLenient } = progress.dialect;
  if (trim(text) === "" || /^[#;]/.test(isLenient ? trim(text) : text)) return undefined;
  const header = trim(text.replace(/[#;].*/s, ""));
  const isClosed = header.length > 1 && header.endsWith("]");
  if (isLenient ? isClosed && header.startsWith("[") : text.startsWith("[")) {
    if (!isClosed) return "a section header without its ]";
    openSection(progress, trim(header.slice(1, -1)), line);
    return undefined;
  }
  return readStatement(progress, { text, line });
}

function readStatement(progress: Progress, line: Line): string | undefined {
  const { section } = progress;
  if (section === "skipped") return undefined;
  if (section === undefined) return "a line before the first section";
  const read = /^[ \t]/.test(line.text) ? readIndented : readKey;
  return read(progress, section, line);
}

interface Line {
  readonly text: string;
  readonly line: number;
}

function openSection(progress: Progress, header: string, line: number): void {
  const { dialect, kind, sections } = progress;
  const [, type, name = header] = /^([^ \t]*)[ \t]+(.*)$/s.exec(header) ?? [];
  const id = identify(progress, type, name);
  progress.key = undefined;
  if (id === undefined) {
    progress.section = dialect.skipsForeign ? "skipped" : { line, keys: new Map() };
    return;
  }
  if (kind === "config" && type === "profile" && name === "default") {
    // [profile default] takes the place of what [default] says, above it and below.
    if (!progress.hasPrefixedDefault) sections.delete(id);
    progress.hasPrefixedDefault = true;
  }
  const section = sections.get(id) ?? { line, keys: new Map<string, Statement>() };
  sections.set(id, section);
  progress.section = section;
}

/** What a header opens; undefined where it is not taken. */
function identify(
  { dialect, kind, hasPrefixedDefault }: Progress,
  type: string | undefined,
  name: string,
): string | undefined {
  if (dialect.isNarrow && !isIdentifier(name)) return undefined;
  if (kind === "credentials") {
    if (type === undefined) return `profile ${name}`;
    if (dialect.isNarrow || type === "profile") return undefined;
    // Go reads sessions there, too.
    return type === "sso-session" ? `${type} ${name}` : `profile ${type} ${name}`;
  }
  if (type === undefined)
    return name === "default" && !hasPrefixedDefault ? "profile default" : undefined;
  return ["profile", "sso-session", "services"].includes(type) ? `${type} ${name}` : undefined;
}

function isIdentifier(text: string): boolean {
  return /^[\w\-/.%@:+]*$/.test(text);
}

function readKey(
  progress: Progress,
  { keys }: OpenSection,
  { text, line }: Line,
): string | undefined {
  const { dialect } = progress;
  const parts = splitKey(dialect, text.replace(/[ \t][#;].*/s, ""));
  if (parts === undefined) return "a line without =";
  const { key, value } = parts;
  if (key === "") return "a line without a key";
  progress.key = dialect.isNarrow && !isIdentifier(key) ? null : key;
  progress.isBlock = value === "";
  if (progress.key !== null) keys.set(key, { value, line });
  return undefined;
}

function splitKey(
  { isLenient, keepsCase, trim }: Dialect,
  text: string,
): { readonly key: string; readonly value: string } | undefined {
  const at = text.search(isLenient ? /[=:]/ : /=/);
  if (at === -1) return undefined;
  const [key, value] = [trim(text.slice(0, at)), trim(text.slice(at + 1))];
  const unquoted = isLenient ? value.replace(/^(["'])(.*)\1$/s, "$2") : value;
  return { key: keepsCase ? key : key.toLowerCase(), value: unquoted };
}

function readIndented(
  progress: Progress,
  section: OpenSection,
  { text, line }: Line,
): string | undefined {
  const { dialect, key, isBlock } = progress;
  const parts = splitKey(dialect, text);
  if (key === null) return undefined;
  const isKeyAlone = key === undefined || !isBlock;
  if (!dialect.isStrict && parts !== undefined && isKeyAlone)
    return readKey(progress, section, { text, line });
  if (key === undefined) return "the first key of a section is indented";
  const above = section.keys.get(key);
  if (!isBlock) {
    const value = `${above?.value ?? ""}\n${dialect.trim(text)}`;
    section.keys.set(key, { line, ...above, value });
    return undefined;
  }
  if (parts === undefined || parts.key === "") return "a nested line without =";
  // A block has no value of its own.
  section.keys.delete(key);
  section.keys.set(`${key}.${parts.key}`, { value: parts.value, line });
  return undefined;
}

/**
 * A file as the SDK for Go v1 reads it (1.55, by its source), which has a grammar of its own. A profile is a header, in
 * either file, with the word profile or without; of two sections of one name the last counts; an indented key is a key.
 */
export function readAsGoV1(text: string): FileReading {
  const read = new Map<string, OpenSection>();
  let section: OpenSection = { line: 0, keys: new Map() };
  let isPassedOver = false;
  for (const [full, line] of numberLines(text, /\r?\n/)) {
    // Below a key without a value, or a line that is none.
    if (isPassedOver && /^\s/.test(full)) continue;
    const [, header, below] = /^\[([^\]]*)\](.*)$/s.exec(trimGo(full)) ?? [];
    if (header !== undefined) {
      if (trimGo(header) === "" || /\[|(?<=[ =:]\s*)[#;]|^[#;]/.test(header))
        return refuseFile(line, "a header without a name, or with a comment in it");
      section = { line, keys: new Map() };
      read.set(trimGo(header), section);
    }
    const statement = readGoV1Statement(trimGo(below ?? full));
    if (statement.kind === "refused") return refuseFile(line, statement.why);
    if (statement.kind === "key") section.keys.set(statement.key, { value: statement.value, line });
    isPassedOver = statement.kind === "passed-over";
  }
  return { sections: selectProfiles(read), refused: undefined };
}

type GoStatement =
  | { readonly kind: "nothing" }
  | { readonly kind: "passed-over" }
  | { readonly kind: "key"; readonly key: string; readonly value: string }
  | { readonly kind: "refused"; readonly why: string };

/** A comment, a quote or a bracket where the grammar has none refuses the whole file. */
function readGoV1Statement(text: string): GoStatement {
  if (text === "" || /^[#;]/.test(text)) return { kind: "nothing" };
  const at = text.search(/[=:]/);
  const key = at === -1 ? text : text.slice(0, at);
  if (key === "") return { kind: "refused", why: "a line without a key" };
  if (/[[\]]|(?<= \s*)[#;,]/.test(key))
    return { kind: "refused", why: "a bracket or a comment where a key is expected" };
  const value = at === -1 ? "" : trimGo(text.slice(at + 1));
  return value === "" ? { kind: "passed-over" } : readGoV1Value(trimGo(key), value);
}

function readGoV1Value(key: string, value: string): GoStatement {
  if (/^[#;,]/.test(value)) return { kind: "refused", why: "a comment where a value is expected" };
  const [, quoted] = /^"((?:\\.|[^"\\])*)"/s.exec(value) ?? [];
  if (quoted !== undefined) return { kind: "key", key, value: quoted };
  const kept = value.replace(/(?<=[=:[\]]| \s*)[#;].*/s, "");
  // A quote opens where a piece begins: behind a blank, a bracket or a delimiter.
  const unquoted = kept.replace(/([\s=:[\]])"(?:\\.|[^"\\])*"/gs, "$1");
  return /(?:^|[\s=:[\]])"/.test(unquoted)
    ? { kind: "refused", why: "a quote that is not closed" }
    : { kind: "key", key, value: trimBy(/ /, kept) };
}

/** `[NAME]` before `[profile NAME]`. */
function selectProfiles(read: ReadonlyMap<string, OpenSection>): Map<string, OpenSection> {
  const seen = new Map<string, OpenSection>();
  for (const [header, section] of read) {
    const isSession = header.startsWith("sso-session ");
    const name = header.replace(/^profile /, "");
    if (name === header || !read.has(name))
      seen.set(isSession ? header : `profile ${name}`, section);
  }
  return seen;
}
