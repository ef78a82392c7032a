import type { ConfigDocument } from "./document.ts";
import { countEqualAtEnd, countEqualAtStart } from "./byte-splice.ts";

/**
 * Where two versions of an AWS config differ, cut at section headers, so that the stretch in between can be read by
 * itself: a large file need not be read again to know what became of one section.
 *
 * A header at the left edge is no part of what stands above it, whatever that is, and nothing above it has a say in what
 * stands below: so the sections of a text that is cut right before such headers are those of its pieces.
 */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** The window of each version; before it and after it both are the same, byte by byte: so their headers there are, too. */
export function findChangedWindows(
  { bytes, text }: Pick<ConfigDocument, "bytes" | "text">,
  after: Uint8Array,
): [before: Window, after: Window] {
  const start = findHeaderBefore(text, countEqualAtStart(bytes, after));
  // What stands after the window in both versions must not reach into what stands before it.
  const rest = countEqualAtEnd(bytes, after, Math.min(bytes.length, after.length) - start);
  const tail = text.length - findHeaderAfter(text, text.length - rest);
  return [
    { start, end: bytes.length - tail },
    { start, end: after.length - tail },
  ];
}

/** Where the last header line begins that ends before `limit`; 0 where there is none. */
function findHeaderBefore(text: string, limit: number): number {
  for (
    let at = text.lastIndexOf("\n[", limit);
    at !== -1;
    at = at === 0 ? -1 : text.lastIndexOf("\n[", at - 1)
  ) {
    const end = text.indexOf("\n", at + 1);
    if (end !== -1 && end < limit && isHeader(text.slice(at + 1, end))) return at + 1;
  }
  return 0;
}

/** Where the first header line begins whose line break before it is at `from` or later; the text's end where there is none. */
function findHeaderAfter(text: string, from: number): number {
  for (let at = text.indexOf("\n[", from); at !== -1; at = text.indexOf("\n[", at + 1)) {
    const end = text.indexOf("\n", at + 1);
    if (isHeader(text.slice(at + 1, end === -1 ? text.length : end))) return at + 1;
  }
  return text.length;
}

function isHeader(line: string): boolean {
  return /^\[[^\r\n]+\]/.test(line);
}
