import { squeezeText, type PastedText } from "./pasted.ts";

/** A message's pattern, and where it is in a text. Linear in the text. */

export interface Pattern {
  readonly parts: readonly Part[];
  /** The index of the longest part, which is looked for first. */
  readonly anchor: number;
  /** The placeholders between the parts, by their names. */
  readonly slots: readonly string[];
  /** Characters of fixed text. */
  readonly weight: number;
}

/** Fixed text, squeezed. */
interface Part {
  readonly text: string;
  /** Whether a word begins, or ends, where the part does: the "in" of `{profile} in` is not that of "admin". */
  readonly isWordAtStart: boolean;
  readonly isWordAtEnd: boolean;
}

/** Start and end are of the squeezed text. */
export interface Place {
  readonly start: number;
  readonly end: number;
  /** What stands in the placeholders. */
  readonly slots: ReadonlyArray<readonly [name: string, text: string]>;
}

/** Characters that a placeholder stands for, at most. */
const LONGEST_SLOT = 300;
/** Of one part's places in a text that are tried. */
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

/** Looks for the longest part from the end, and for the others around it. */
export function findLast(pasted: PastedText, pattern: Pattern): Place | undefined {
  const { parts, anchor, slots } = pattern;
  const longest = parts[anchor];
  // The search from the start is the quick one, and most patterns are not there.
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

/** Start and end of each part. */
type Bounds = ReadonlyArray<readonly [start: number, end: number]>;

/** Each of the other parts as near as it comes. */
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

/** `ExpiredToken` is not in `ExpiredTokenException`. */
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

/** What stands behind the part of that index; behind the last one, as much as a placeholder may stand for. */
function readSlot({ clean, squeezed, places }: PastedText, bounds: Bounds, index: number): string {
  const [, before = 0] = bounds[index] ?? [];
  const [next = before] = bounds[index + 1] ?? [];
  const end = next === before ? Math.min(before + LONGEST_SLOT, squeezed.length) : next;
  return clean.slice((places[before - 1] ?? -1) + 1, places[end] ?? clean.length);
}
