import type { SectionName } from "./header.ts";

/** What an AWS config is made of, with the place of everything in its text. The grammar is in aws-config-scan.ts. */

export interface ConfigEntry {
  /** Lower-cased, as botocore looks it up. */
  readonly key: string;
  /** The value; continuation lines are joined by a newline, so a nested block starts with one. */
  readonly value: string;
  readonly line: number;
  /** Offset into the text, of its first line. What is where inside the entry: aws-config-entry.ts. */
  readonly start: number;
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
  /** The header or the key, or what is wrong; values, and lines without a key, are left out, since they can be secrets. */
  readonly what: string;
}

export const BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";

/** A line of a text, and where the next line breaks are. One is stepped from line to line: a large file has very many. */
export interface Line {
  line: number;
  start: number;
  /** Before the line break. */
  contentEnd: number;
  end: number;
  feed: number;
  carriage: number;
}

/** Before the first line; a byte order mark is no part of that. */
export function cursorAtStart(text: string): Line {
  return cursorBeforeLine(text, text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0);
}

/** @param start where a line begins */
export function cursorBeforeLine(text: string, start: number): Line {
  return {
    line: 0,
    start,
    contentEnd: start,
    end: start,
    feed: text.indexOf("\n", start),
    carriage: text.indexOf("\r", start),
  };
}

/** Steps to the next line, if there is one. Lines end with LF, CRLF or a lone CR, as Python's text files do. */
export function stepToNextLine(text: string, line: Line): boolean {
  const start = line.end;
  if (start >= text.length) return false;
  if (line.feed !== -1 && line.feed < start) line.feed = text.indexOf("\n", start);
  if (line.carriage !== -1 && line.carriage < start) line.carriage = text.indexOf("\r", start);
  const { feed, carriage } = line;
  const contentEnd = Math.min(
    feed === -1 ? text.length : feed,
    carriage === -1 ? text.length : carriage,
  );
  line.line += 1;
  line.start = start;
  line.contentEnd = contentEnd;
  line.end =
    contentEnd === text.length
      ? contentEnd
      : contentEnd + (contentEnd === carriage && feed === carriage + 1 ? 2 : 1);
  return true;
}

/** The number of the line that an offset is in. */
export function lineNumberAt(text: string, offset: number): number {
  const line = cursorAtStart(text);
  while (stepToNextLine(text, line)) if (offset < line.end) return line.line;
  return 1;
}
