/**
 * White space as Python's `str.strip` and `str.isspace` know it, in text that is UTF-8 with one character a byte:
 * a no-break space that came along with a copied value is trimmed by the AWS CLI, so it is no part of the value here.
 */

/** Blanks beyond ASCII, as their UTF-8 bytes: U+0085, U+00A0, U+1680, U+2000 to U+200A, U+2028, U+2029, U+202F, U+205F, U+3000. */
const WIDE = new Set(
  [
    0x85,
    0xa0,
    0x1680,
    0x2028,
    0x2029,
    0x202f,
    0x205f,
    0x3000,
    ...Array.from({ length: 11 }, (_, index) => 0x2000 + index),
  ].map((code) => encodeCharacter(code)),
);

function encodeCharacter(code: number): string {
  return String.fromCharCode(...new TextEncoder().encode(String.fromCharCode(code)));
}

function isAsciiBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0x1c && code <= 0x1f);
}

/** The offset of the first character that is no blank, or `to`. */
export function findFirstVisible(text: string, from: number, to: number): number {
  let index = from;
  while (index < to) {
    const code = text.charCodeAt(index);
    if (isAsciiBlank(code)) index += 1;
    else if (code < 0x80) break;
    else if (index + 2 <= to && WIDE.has(text.slice(index, index + 2))) index += 2;
    else if (index + 3 <= to && WIDE.has(text.slice(index, index + 3))) index += 3;
    else break;
  }
  return index;
}

/** The offset after the last character that is no blank, or `from`. */
export function findLastVisible(text: string, from: number, to: number): number {
  let index = to;
  while (index > from) {
    const code = text.charCodeAt(index - 1);
    if (isAsciiBlank(code)) index -= 1;
    else if (code < 0x80) break;
    else if (index - 2 >= from && WIDE.has(text.slice(index - 2, index))) index -= 2;
    else if (index - 3 >= from && WIDE.has(text.slice(index - 3, index))) index -= 3;
    else break;
  }
  return index;
}

/** Characters, not bytes: how deep Python finds a line indented. */
export function countColumns(text: string, from: number, to: number): number {
  let count = 0;
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code < 0x80 || code >= 0xc0) count += 1;
  }
  return count;
}

/** The length of the line break that ends at an offset: 0, 1 or 2. */
export function lineBreakLength(text: string, at: number): number {
  const last = at > 0 ? text.charAt(at - 1) : "";
  if (last === "\n") return text.charAt(at - 2) === "\r" && at > 1 ? 2 : 1;
  return last === "\r" ? 1 : 0;
}

/** Whether the line that ends at an offset, with or without its line break, holds nothing but blanks. */
export function isBlankLineBefore(text: string, at: number): boolean {
  let index = at - lineBreakLength(text, at);
  while (index > 0 && (text.charAt(index - 1) === " " || text.charAt(index - 1) === "\t"))
    index -= 1;
  return index === 0 ? at > 0 : lineBreakLength(text, index) > 0;
}
