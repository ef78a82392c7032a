import { isUtf8 } from "node:buffer";

/** Converts bytes to text and back without loss, splits lines, and handles white space like Python. */

/**
 * Returns bytes as text. A byte that is not UTF-8 becomes a lone surrogate, as in Python's `surrogateescape` (PEP 383),
 * so an edit keeps it. Text that is shown or compared must be made well-formed first.
 */
export function decodeBytes(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (isUtf8(buffer)) return buffer.toString("utf8");
  const latin1 = buffer.toString("latin1");
  return latin1.replace(UTF8_OR_BYTE, (piece) =>
    piece.length === 1
      ? String.fromCharCode(0xdc00 + piece.charCodeAt(0))
      : Buffer.from(piece, "latin1").toString("utf8"),
  );
}

/** In Latin-1: a well-formed sequence of several bytes (Unicode 16, table 3-7), or a byte that does not start one. */
const UTF8_OR_BYTE =
  /[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|\xed[\x80-\x9f][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}|[\x80-\xff]/g;

export function encodeText(text: string): Uint8Array {
  if (text.isWellFormed()) return Buffer.from(text, "utf8");
  const pieces = text.split(/([\udc80-\udcff])/u);
  return Buffer.concat(
    pieces.map((piece, index) =>
      index % 2 === 0 ? Buffer.from(piece, "utf8") : Buffer.of(piece.charCodeAt(0) - 0xdc00),
    ),
  );
}

/**
 * Returns lines with their line breaks: LF, CRLF or a single CR, as in Python's text files. Only the last line may have
 * no line break.
 */
export function splitLines(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}

/** Returns the line break at the end of a line; empty for a last line without one. */
export function findLineBreak(line: string): string {
  if (line.endsWith("\r\n")) return "\r\n";
  return line.endsWith("\n") || line.endsWith("\r") ? line.slice(-1) : "";
}

export function removeLineBreak(line: string): string {
  return line.slice(0, line.length - findLineBreak(line).length);
}

/**
 * The characters of Python's `str.isspace`. JavaScript's trim also removes U+FEFF, and keeps U+001C to U+001F and U+0085.
 */
const BLANKS =
  " \t\n\v\f\r\u001c\u001d\u001e\u001f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000";

/** Returns the number of blanks at the start of a text. */
export function countBlanks(text: string): number {
  let count = 0;
  while (count < text.length && BLANKS.includes(text.charAt(count))) count += 1;
  return count;
}

/** Like Python's `str.strip`. */
export function strip(text: string): string {
  return stripEnd(text).slice(countBlanks(text));
}

/** Like Python's `str.rstrip`. */
export function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && BLANKS.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** Returns the non-empty lines of a nested block, split and trimmed like Python's `splitlines` and `strip`. */
export function splitNestedLines(value: string): string[] {
  return value
    .split(/[\n\r\v\f\u001c-\u001e\u0085\u2028\u2029]/)
    .map(strip)
    .filter((line) => line !== "");
}

/** Returns whether a line looks blank in an editor: only spaces and tabs. */
export function isBlankLine(line: string): boolean {
  return /^[ \t]*[\r\n]*$/.test(line);
}

/** Returns CRLF or LF, whichever ends more lines; undefined if neither ends any. */
export function findUsualLineBreak(lines: readonly string[]): string | undefined {
  const windows = lines.filter((line) => line.endsWith("\r\n")).length;
  const feeds = lines.filter((line) => line.endsWith("\n")).length - windows;
  if (windows === 0 && feeds === 0) return undefined;
  return windows > feeds ? "\r\n" : "\n";
}

/** Lines to be replaced: those after `from` (a number of lines) up to line `to`. */
export interface LineEdit {
  readonly from: number;
  readonly to: number;
  readonly lines: readonly string[];
}

export function replaceLines(lines: readonly string[], edits: readonly LineEdit[]): string[] {
  const ordered = edits.toSorted((a, b) => a.from - b.from || a.to - b.to);
  const replaced = ordered.flatMap((edit, index) => [
    ...lines.slice(ordered[index - 1]?.to ?? 0, edit.from),
    ...edit.lines,
  ]);
  return [...replaced, ...lines.slice(ordered.at(-1)?.to ?? 0)];
}
