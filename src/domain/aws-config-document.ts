import type { SectionType } from "./aws-config-header.ts";
import { BYTE_ORDER_MARK, scanConfig, type ConfigEntry, type ConfigProblem, type ConfigSection } from "./aws-config-lines.ts";

/**
 * `~/.aws/config` without loss: bytes in, the same bytes out; what is read, is read as botocore reads it.
 * Editing is in aws-config-edit.ts. A document never changes: an edit makes a new one.
 */
export interface ConfigDocument {
  /** Latin-1: one character a byte. */
  readonly text: string;
  readonly sections: readonly ConfigSection[];
  readonly problems: readonly ConfigProblem[];
}

export type { ConfigEntry, ConfigProblem, ConfigSection } from "./aws-config-lines.ts";

export function parseConfig(bytes: Uint8Array): ConfigDocument {
  return documentOf(toLatin1(bytes), bytes);
}

/** A document from its text, after an edit. */
export function parseConfigText(text: string): ConfigDocument {
  return documentOf(text, toBytes(text));
}

function documentOf(text: string, bytes: Uint8Array): ConfigDocument {
  const { sections, problems } = scanConfig(text);
  return { text, sections, problems: [...byteProblems(text, bytes), ...problems] };
}

export function printConfig(document: ConfigDocument): Uint8Array {
  return toBytes(document.text);
}

/** TextDecoder's "latin1" is windows-1252, which has other characters for 0x80 to 0x9f: so by hand, in large steps. */
function toLatin1(bytes: Uint8Array): string {
  const chunks: string[] = [];
  for (let start = 0; start < bytes.length; start += 8192) chunks.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  return chunks.join("");
}

function toBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let index = 0; index < text.length; index += 1) bytes[index] = text.charCodeAt(index);
  return bytes;
}

function byteProblems(text: string, bytes: Uint8Array): ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  if (text.startsWith(BYTE_ORDER_MARK)) problems.push({ kind: "byte-order-mark", line: 1, what: "byte order mark" });
  const nul = text.indexOf("\u0000");
  if (nul !== -1) problems.push({ kind: "nul-byte", line: lineAt(text, nul), what: "NUL" });
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    const line = text.split("\n").findIndex((candidate) => !isUtf8(candidate)) + 1;
    problems.push({ kind: "not-utf-8", line: Math.max(line, 1), what: "a byte that is not UTF-8" });
  }
  return problems;
}

function isUtf8(latin1: string): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(toBytes(latin1));
    return true;
  } catch {
    return false;
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}

/** Every section that means this name, in the file's order, however its header is written. */
export function sectionsNamed(document: ConfigDocument, type: Exclude<SectionType, "other">, name: string): ConfigSection[] {
  return document.sections.filter((section) => section.type === type && section.name === name);
}

/**
 * The section that counts, with what `[DEFAULT]` lends it. Written with another spelling, the later replaces the
 * earlier; written twice the same way, which the AWS CLI refuses, they are read as one, the last value of a key first.
 */
export function findSection(document: ConfigDocument, type: Exclude<SectionType, "other">, name: string): ConfigSection | undefined {
  const named = sectionsNamed(document, type, name);
  const last = named.at(-1);
  if (last === undefined) return undefined;
  const same = named.filter(({ place }) => place.header === last.place.header);
  const lent = document.sections.filter((section) => section.type === "other" && section.name === "DEFAULT");
  const entries = lastOfEachKey([...lent, ...same].flatMap((section) => section.entries));
  return { ...last, entries };
}

function lastOfEachKey(entries: readonly ConfigEntry[]): ConfigEntry[] {
  return [...new Map(entries.map((entry) => [entry.key, entry])).values()];
}

export function profileNames(document: ConfigDocument): string[] {
  return namesOf(document, "profile");
}

export function sessionNames(document: ConfigDocument): string[] {
  return namesOf(document, "sso-session");
}

function namesOf(document: ConfigDocument, type: SectionType): string[] {
  return [...new Set(document.sections.filter((section) => section.type === type).map(({ name }) => name))];
}

/** The keys of a nested block (`s3 =` and indented lines), or undefined where the value is a plain one. */
export function nestedValues(entry: ConfigEntry): Readonly<Record<string, string>> | undefined {
  if (!entry.value.startsWith("\n")) return undefined;
  const lines = entry.value.split("\n").filter((line) => line.includes("="));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf("=")).trim(), line.slice(line.indexOf("=") + 1).trim()]));
}
