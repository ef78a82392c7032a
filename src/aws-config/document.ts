import { isAscii, isUtf8 } from "node:buffer";
import type { SectionType } from "./header.ts";
import { findAllSections, listNames, type SectionIndex } from "./names.ts";
import {
  BYTE_ORDER_MARK,
  cursorAtStart,
  lineNumberAt,
  stepToNextLine,
  type ConfigEntry,
  type ConfigProblem,
  type ConfigSection,
} from "./lines.ts";
import { scanConfig, type ScannedConfig } from "./scan.ts";
import { decode, encode, toLatin1, splitNestedLines, strip, toBytes } from "./text.ts";

/**
 * `~/.aws/config` without loss: bytes in, the same bytes out; what is read, is read as botocore reads it.
 * Editing is in aws-config-edit.ts. A document never changes: an edit makes a new one.
 */
export interface ConfigDocument {
  /** As they are in the file; not to be changed. */
  readonly bytes: Uint8Array;
  /** Latin-1: one character a byte. */
  readonly text: string;
  readonly sections: readonly ConfigSection[];
  readonly problems: readonly ConfigProblem[];
  /** The sections by their names. */
  readonly index: SectionIndex;
}

export type { ConfigEntry, ConfigProblem, ConfigSection } from "./lines.ts";

/**
 * Read when it is asked for its text or its sections: of what an edit makes, mostly the bytes alone are wanted.
 * @param bytes must not be changed any more.
 */
export function parseConfig(bytes: Uint8Array): ConfigDocument {
  let knownText: string | undefined;
  let known: ScannedConfig | undefined;
  const text = (): string => (knownText ??= toLatin1(bytes));
  const scan = (): ScannedConfig => (known ??= scanText(text(), bytes));
  return {
    bytes,
    get text() {
      return text();
    },
    get sections() {
      return scan().sections;
    },
    get problems() {
      return scan().problems;
    },
    get index() {
      return scan().index;
    },
  };
}

function scanText(text: string, bytes: Uint8Array): ScannedConfig {
  const { sections, problems, index } = scanConfig(text, isAscii(bytes));
  return { sections, problems: [...findByteProblems(text, bytes), ...problems], index };
}

function findByteProblems(text: string, bytes: Uint8Array): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (text.startsWith(BYTE_ORDER_MARK))
    problems.push({ kind: "byte-order-mark", line: 1, what: "byte order mark" });
  const nul = text.indexOf("\u0000");
  if (nul !== -1) problems.push({ kind: "nul-byte", line: lineNumberAt(text, nul), what: "NUL" });
  if (!isUtf8(bytes))
    problems.push({
      kind: "not-utf-8",
      line: findFirstLineNotUtf8(text),
      what: "a byte that is not UTF-8",
    });
  return problems;
}

function findFirstLineNotUtf8(text: string): number {
  const line = cursorAtStart(text);
  while (stepToNextLine(text, line))
    if (!isUtf8(toBytes(text.slice(line.start, line.contentEnd)))) return line.line;
  return 1;
}

/** Every section that means this name, in the file's order, however its header is written. */
export function findSections(
  document: ConfigDocument,
  type: Exclude<SectionType, "other">,
  name: string,
): readonly ConfigSection[] {
  return findAllSections(document.index, type, name);
}

/**
 * The section that counts, with what `[DEFAULT]` lends it. Written with another spelling, the later replaces the
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
  const lent = findAllSections(document.index, "other", "DEFAULT");
  const same =
    named.length === 1 ? named : named.filter(({ place }) => place.header === last.place.header);
  if (
    lent.length === 0 &&
    same.length === 1 &&
    last.entries.length <= FEW_KEYS &&
    last.entries.every(isOnlyOne)
  )
    return last;
  return { ...last, entries: keepLastOfEachKey([...lent, ...same]) };
}

/** Up to here it is quicker to compare each with each. */
const FEW_KEYS = 16;

function isOnlyOne({ key }: ConfigEntry, index: number, entries: readonly ConfigEntry[]): boolean {
  for (let before = 0; before < index; before += 1) if (entries[before]?.key === key) return false;
  return true;
}

function keepLastOfEachKey(sections: readonly ConfigSection[]): ConfigEntry[] {
  const lasting = new Map<string, ConfigEntry>();
  for (const { entries } of sections) for (const entry of entries) lasting.set(entry.key, entry);
  return [...lasting.values()];
}

export function listProfileNames(document: ConfigDocument): string[] {
  return listNames(document.index, "profile");
}

export function listSessionNames(document: ConfigDocument): string[] {
  return listNames(document.index, "sso-session");
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
      : [stripBlanks(line.slice(0, equals)), stripBlanks(line.slice(equals + 1))];
  });
  return Object.fromEntries(pairs);
}

function stripBlanks(text: string): string {
  return decode(strip(encode(text)));
}
