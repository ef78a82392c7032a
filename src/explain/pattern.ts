import { squeezeText, type PastedText } from "./pasted.ts";

/** Compiles a message's pattern and finds it in a text, in linear time. */

export interface Pattern {
  readonly parts: readonly Part[];
  /** The index of the longest part. The search starts with this part. */
  readonly anchor: number;
  /** The names of the placeholders between the parts. */
  readonly slots: readonly string[];
  /** The number of characters of fixed text. */
  readonly weight: number;
}

/** A piece of fixed text, squeezed. */
interface Part {
  readonly text: string;
  /** Whether the part must begin or end at a word boundary: the "in" of `{profile} in` must not match in "admin". */
  readonly isWordAtStart: boolean;
  readonly isWordAtEnd: boolean;
}

/** Start and end are indexes of the squeezed text. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** The placeholders with their text. */
  readonly slots: ReadonlyArray<readonly [name: string, text: string]>;
}

/** The maximum number of characters that a placeholder matches. */
const LONGEST_SLOT = 300;
/** The maximum number of positions that are tried for one part. */
const MOST_TRIES = 2_000;

export function compilePattern(pattern: string): Pattern {
  const pieces = pattern.replace(/^\{…\}/, "").split(/\{([a-zA-Z]+|…)\}/);
  const fixed = pieces.filter((_, index) => index % 2 === 0);
  const parts = fixed.map((piece, index) => ({
    text: squeezeText(piece),
    isWordAtStart: index === 0 || !/^\w/.test(piece),
    isWordAtEnd: index === fixed.length - 1 || !/\w$/.test(piece),
  }));
  const longest = Math.max(...parts.map(({ text }) => text.length));
  return {
    parts,
    anchor: parts.findIndex(({ text }) => text.length === longest),
    slots: pieces.filter((_, index) => index % 2 === 1),
    weight: parts.reduce((sum, { text }) => sum + text.length, 0),
  };
}

/** Finds the last occurrence: searches the longest part from the end, then the other parts around it. */
export function findLast(pasted: PastedText, pattern: Pattern): Place | undefined {
  const { parts, anchor, slots } = pattern;
  const longest = parts[anchor];
  // `includes` is faster than the search from the end, and most patterns do not occur in the text.
  if (longest === undefined || !pasted.squeezed.includes(longest.text)) return undefined;
  let end = pasted.squeezed.length;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const start = findBackwards(pasted, longest, { from: 0, to: end });
    if (start === undefined) return undefined;
    const bounds = fitAround(pasted, parts, { anchor, start });
    if (bounds !== undefined) return toPlace(pasted, slots, bounds);
    end = start + longest.text.length - 1;
  }
  return undefined;
}

interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** The start and end of each part. */
type Bounds = ReadonlyArray<readonly [start: number, end: number]>;

/** Finds each other part as close as possible to the anchor. */
function fitAround(
  pasted: PastedText,
  parts: readonly Part[],
  { anchor, start }: { readonly anchor: number; readonly start: number },
): Bounds | undefined {
  const bounds: Array<readonly [number, number]> = [
    [start, start + (parts[anchor]?.text.length ?? 0)],
  ];
  for (const part of parts.slice(0, anchor).toReversed()) {
    const to = bounds[0]?.[0] ?? 0;
    const from = Math.max(0, to - LONGEST_SLOT - part.text.length);
    const found = findBackwards(pasted, part, { from, to });
    if (found === undefined) return undefined;
    bounds.unshift([found, found + part.text.length]);
  }
  for (const part of parts.slice(anchor + 1)) {
    const from = bounds.at(-1)?.[1] ?? 0;
    const found = findForwards(pasted, part, { from, to: from + LONGEST_SLOT + part.text.length });
    if (found === undefined) return undefined;
    bounds.push([found, found + part.text.length]);
  }
  return bounds;
}

function findForwards(pasted: PastedText, part: Part, { from, to }: Stretch): number | undefined {
  const stretch = pasted.squeezed.slice(from, to);
  for (let at = stretch.indexOf(part.text); at !== -1; at = stretch.indexOf(part.text, at + 1))
    if (isWhole(pasted, part, from + at)) return from + at;
  return undefined;
}

function findBackwards(pasted: PastedText, part: Part, { from, to }: Stretch): number | undefined {
  const stretch = pasted.squeezed.slice(from, to);
  let at = stretch.lastIndexOf(part.text);
  for (; at !== -1; at = at === 0 ? -1 : stretch.lastIndexOf(part.text, at - 1))
    if (isWhole(pasted, part, from + at)) return from + at;
  return undefined;
}

const WORD = /\w/;

/** Whether the part is at word boundaries: `ExpiredToken` must not match in `ExpiredTokenException`. */
function isWhole({ clean, places }: PastedText, part: Part, start: number): boolean {
  const { text, isWordAtStart, isWordAtEnd } = part;
  if (text === "") return true;
  const [first = 0, last = 0] = [places[start], places[start + text.length - 1]];
  const isCut = (index: number): boolean =>
    WORD.test(clean[index] ?? "") && WORD.test(clean[index + 1] ?? "");
  return !(isWordAtStart && isCut(first - 1)) && !(isWordAtEnd && isCut(last));
}

function toPlace(pasted: PastedText, slots: readonly string[], bounds: Bounds): Place {
  return {
    start: bounds[0]?.[0] ?? 0,
    end: bounds.at(-1)?.[1] ?? 0,
    slots: slots.map((name, index) => [name, readSlot(pasted, bounds, index)] as const),
  };
}

/** Returns the text after the part with that index; after the last part, at most `LONGEST_SLOT` characters. */
function readSlot({ clean, squeezed, places }: PastedText, bounds: Bounds, index: number): string {
  const [, before = 0] = bounds[index] ?? [];
  const [next = before] = bounds[index + 1] ?? [];
  const end = next === before ? Math.min(before + LONGEST_SLOT, squeezed.length) : next;
  return clean.slice((places[before - 1] ?? -1) + 1, places[end] ?? clean.length);
}
