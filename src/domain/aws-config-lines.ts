import type { SectionName } from "./aws-config-header.ts";

/** What an AWS config is made of, with the place of everything in its text. The grammar is in aws-config-scan.ts. */

export interface ConfigEntry {
  /** Lower-cased, as botocore looks it up. */
  readonly key: string;
  /** The value; continuation lines are joined by a newline, so a nested block starts with one. */
  readonly value: string;
  readonly line: number;
  readonly place: EntryPlace;
}

/** Offsets into the text. */
export interface EntryPlace {
  readonly start: number;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly delimiter: number;
  /** Where the first line has no value: after its blanks. */
  readonly valueStart: number;
  /** After the value's last character, on its last continuation line. */
  readonly valueEnd: number;
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

interface Line {
  readonly line: number;
  readonly start: number;
  /** Before the line break. */
  readonly contentEnd: number;
  readonly end: number;
}

/** Lines end with LF, CRLF or a lone CR, as Python's text files do; a byte order mark is no part of the first. */
export function* linesOf(text: string): Generator<Line> {
  let start = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let feed = text.indexOf("\n", start);
  let carriage = text.indexOf("\r", start);
  for (let line = 1; start < text.length; line += 1) {
    if (feed !== -1 && feed < start) feed = text.indexOf("\n", start);
    if (carriage !== -1 && carriage < start) carriage = text.indexOf("\r", start);
    const contentEnd = Math.min(feed === -1 ? text.length : feed, carriage === -1 ? text.length : carriage);
    const end = contentEnd === text.length ? contentEnd : contentEnd + (contentEnd === carriage && feed === carriage + 1 ? 2 : 1);
    yield { line, start, contentEnd, end };
    start = end;
  }
}
