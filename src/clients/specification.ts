import {
  numberLines,
  refuseFile,
  type FileKind,
  type FileReading,
  type Statement,
} from "./reading.ts";

/**
 * Differences from the SDKs' common grammar of profile files: Java (2.40), Rust (aws-runtime 1.10) and Go v2 (config 1.33),
 * from their sources. In the grammar, headers and keys begin at the left edge; an indented line continues the value above.
 */
interface Dialect {
  readonly lineBreak: RegExp;
  /** An invalid line, or a continuation without a value, refuses the whole file; else it is ignored. */
  readonly isStrict: boolean;
  /** Names and keys with characters other than letters, digits and `_ - / . % @ : +` are ignored. */
  readonly isNarrow: boolean;
  /** Lines below an unknown header are not checked. */
  readonly skipsForeign: boolean;
  readonly keepsCase: boolean;
  /** Headers and comments may be indented, `key: value` is a key, and quotes around a value are removed. */
  readonly isLenient: boolean;
  /** A file with a byte that is not UTF-8 is read as empty. */
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

/**
 * Trims one character at a time: on a long line of blanks, a regular expression takes quadratic time or overflows the
 * stack.
 */
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

/** The state of reading. */
interface Progress {
  readonly dialect: Dialect;
  readonly kind: FileKind;
  readonly sections: Map<string, OpenSection>;
  /** Below an unknown header: a section that is not in `sections`, or "skipped" if its lines are not checked. */
  section: OpenSection | "skipped" | undefined;
  /** The key that an indented line continues; null for an ignored key. */
  key: string | null | undefined;
  /** Whether that key has no value: then indented lines are nested in it. */
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

/** Returns why the line can't be read; undefined if it can. */
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
    // [profile default] replaces [default], before it or after it.
    if (!progress.hasPrefixedDefault) sections.delete(id);
    progress.hasPrefixedDefault = true;
  }
  const section = sections.get(id) ?? { line, keys: new Map<string, Statement>() };
  sections.set(id, section);
  progress.section = section;
}

/** Returns the section's id; undefined if the header is not recognised. */
function identify(
  { dialect, kind, hasPrefixedDefault }: Progress,
  type: string | undefined,
  name: string,
): string | undefined {
  if (dialect.isNarrow && !isIdentifier(name)) return undefined;
  if (kind === "credentials") {
    if (type === undefined) return `profile ${name}`;
    if (dialect.isNarrow || type === "profile") return undefined;
    // Go also reads sessions in the credentials file.
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
  // A block itself has no value.
  section.keys.delete(key);
  section.keys.set(`${key}.${parts.key}`, { value: parts.value, line });
  return undefined;
}

/**
 * Reads a file like the SDK for Go v1 (1.55, from its source), which has its own grammar. In both files, a header with or
 * without the word profile is a profile. Of two sections with one name, the last is used. Keys may be indented.
 */
export function readAsGoV1(text: string): FileReading {
  const read = new Map<string, OpenSection>();
  let section: OpenSection = { line: 0, keys: new Map() };
  let isPassedOver = false;
  for (const [full, line] of numberLines(text, /\r?\n/)) {
    // Indented lines below a key without a value, or below an invalid line, are ignored.
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

/** A comment, quote or bracket in a wrong place refuses the whole file. */
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
  // A quote opens after a blank, a bracket or a delimiter.
  const unquoted = kept.replace(/([\s=:[\]])"(?:\\.|[^"\\])*"/gs, "$1");
  return /(?:^|[\s=:[\]])"/.test(unquoted)
    ? { kind: "refused", why: "a quote that is not closed" }
    : { kind: "key", key, value: trimBy(/ /, kept) };
}

/** `[NAME]` takes precedence over `[profile NAME]`. */
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
