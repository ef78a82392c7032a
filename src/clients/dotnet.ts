import { strip } from "../aws-config/text.ts";
import {
  refuseFile,
  type FileKind,
  type FileReading,
  type ReadSection,
  type Statement,
  type Statements,
} from "./reading.ts";

/**
 * Reads a file like the SDK for .NET (4.1, measured). Every line must be a header, a key or a comment, else the whole
 * file is refused. There are no comments after values or headers, and quotes have no meaning.
 */
export function readAsDotnet(kind: FileKind, text: string): FileReading {
  const lines = text.replace(/^\ufeff/, "").split(/\r\n|\r|\n/);
  const loose = lines.findIndex((line) => !isComment(line) && !isProperty(line) && !isHeader(line));
  if (loose !== -1) return refuseFile(loose + 1, "a line that is not a header, key or comment");
  const sections = new Map<string, ReadSection>();
  for (const { id, line } of listHeaders(kind, lines)) {
    const keys = readKeys(lines, line);
    if (keys !== undefined && !sections.has(id)) sections.set(id, { line, keys });
  }
  return { sections, refused: undefined };
}

function isComment(line: string): boolean {
  return /^(?:[#;]|$)/.test(strip(line));
}

function isHeader(line: string): boolean {
  return /^\[.*\]$/s.test(strip(line));
}

/** A header that contains `=` is also a property. */
function isProperty(line: string): boolean {
  return line.includes("=") && !isComment(line);
}

interface Header {
  readonly id: string;
  readonly line: number;
  readonly isPlain: boolean;
}

/** Returns the headers by precedence: `[default]` before `[profile default]`, the first of equal ones before the second. */
function listHeaders(kind: FileKind, lines: readonly string[]): Header[] {
  const headers = lines.flatMap((text, index): Header[] => {
    const name = isHeader(text) ? strip(strip(text).slice(1, -1)) : "";
    const [, type, rest] = /^(profile|sso-session|services)[ \t]+(.+)$/s.exec(name) ?? [];
    const line = index + 1;
    // The SDK also reads sessions in the credentials file.
    if (type !== undefined) return [{ id: `${type} ${rest}`, line, isPlain: false }];
    const isPlain = name === "default" || (kind === "credentials" && name !== "");
    return isPlain ? [{ id: `profile ${name}`, line, isPlain }] : [];
  });
  return headers.sort((a, b) => Number(b.isPlain) - Number(a.isPlain));
}

/** Returns undefined if a key occurs twice: the SDK then ignores the section without an error. */
function readKeys(lines: readonly string[], header: number): Statements | undefined {
  const keys = new Map<string, Statement>();
  let block: string | undefined;
  for (let at = header; at < lines.length; at += 1) {
    const text = lines[at] ?? "";
    if (isComment(text)) continue;
    if (!isProperty(text)) break;
    const { name, value } = splitProperty(text);
    // Indented lines below a key without a value are nested in it, even if the key itself is indented.
    if (block !== undefined && /^\s/.test(text)) {
      keys.delete(block);
      keys.set(`${block}.${name}`, { value, line: at + 1 });
      continue;
    }
    block = value === "" ? name : undefined;
    if (keys.has(name)) return undefined;
    keys.set(name, { value, line: at + 1 });
  }
  return keys;
}

function splitProperty(text: string): { readonly name: string; readonly value: string } {
  const equals = text.indexOf("=");
  return { name: strip(text.slice(0, equals)).toLowerCase(), value: strip(text.slice(equals + 1)) };
}
