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

/** The window of each text; before it and after it both texts are the same, character by character. */
export function changedWindows(before: string, after: string): [before: Window, after: Window] {
  const [shorter, longer] = before.length < after.length ? [before, after] : [after, before];
  const start = headerBefore(shorter, commonStart(before, after));
  // What stands after the window in both texts must not reach into what stands before it.
  const rest = commonEnd(before, after, shorter.length - start);
  const tail = longer.length - headerAfter(longer, longer.length - rest);
  return [{ start, end: before.length - tail }, { start, end: after.length - tail }];
}

/** How many characters two texts have in common at their start: halving, since a whole stretch is compared fastest. */
function commonStart(some: string, other: string): number {
  let [same, most] = [0, Math.min(some.length, other.length)];
  while (same < most) {
    const middle = Math.ceil((same + most) / 2);
    if (some.slice(same, middle) === other.slice(same, middle)) same = middle;
    else most = middle - 1;
  }
  return same;
}

/** The same at their end. */
function commonEnd(some: string, other: string, atMost: number): number {
  let [same, most] = [0, atMost];
  while (same < most) {
    const middle = Math.ceil((same + most) / 2);
    if (some.slice(some.length - middle, some.length - same) === other.slice(other.length - middle, other.length - same)) same = middle;
    else most = middle - 1;
  }
  return same;
}

/** Where the last header line begins that ends before `limit`; 0 where there is none. */
function headerBefore(text: string, limit: number): number {
  for (let at = text.lastIndexOf("\n[", limit); at !== -1; at = at === 0 ? -1 : text.lastIndexOf("\n[", at - 1)) {
    const end = text.indexOf("\n", at + 1);
    if (end !== -1 && end < limit && isHeader(text.slice(at + 1, end))) return at + 1;
  }
  return 0;
}

/** Where the first header line begins whose line break before it is at `from` or later; the text's end where there is none. */
function headerAfter(text: string, from: number): number {
  for (let at = text.indexOf("\n[", from); at !== -1; at = text.indexOf("\n[", at + 1)) {
    const end = text.indexOf("\n", at + 1);
    if (isHeader(text.slice(at + 1, end === -1 ? text.length : end))) return at + 1;
  }
  return text.length;
}

function isHeader(line: string): boolean {
  return /^\[[^\r\n]+\]/.test(line);
}
