import { matchSorterWithRankInfo } from "match-sorter";

/** Which rows fit what was typed, best first, and where: every word fits somewhere in the row, in any order. */

interface SearchedRow {
  readonly index: number;
  readonly text: string;
  readonly cells: readonly string[];
}

/** More than any rank of the library: who types a whole cell means that cell. */
const WHOLE_CELL = 8;

/** @returns finds the indexes of the rows that fit a text; remembers the last, since who types on only narrows. */
export function createMatcher(
  rows: ReadonlyArray<readonly string[]>,
): (typed: string) => readonly number[] {
  const all = rows.map((row, index): SearchedRow => {
    const cells = row.map(fold);
    return { index, text: cells.join(" "), cells };
  });
  let last: Found = { text: "", rows: all };
  return (typed) => {
    const text = fold(typed.trimStart());
    const base = text.startsWith(last.text) ? last.rows : all;
    last = { text, rows: rankRows(base, splitWords(text), rows.length) };
    return last.rows.map(({ index }) => index);
  };
}

interface Found {
  readonly text: string;
  readonly rows: readonly SearchedRow[];
}

/** Rows that rank alike keep the order in which they were given. */
function rankRows(
  base: readonly SearchedRow[],
  words: readonly string[],
  count: number,
): readonly SearchedRow[] {
  const ranks = new Float64Array(count);
  let found = base;
  for (const word of words) {
    found = matchSorterWithRankInfo(found, word, MATCHING).map(({ item, rank }) => {
      ranks[item.index] =
        (ranks[item.index] ?? 0) + rank + (item.cells.includes(word) ? WHOLE_CELL : 0);
      return item;
    });
  }
  const rankOf = ({ index }: SearchedRow): number => ranks[index] ?? 0;
  return [...found].sort((a, b) => rankOf(b) - rankOf(a) || a.index - b.index);
}

const MATCHING: Parameters<typeof matchSorterWithRankInfo<SearchedRow>>[2] = {
  keys: [({ text }) => text],
  // Folded already, once for all keys that will be typed.
  keepDiacritics: true,
  sorter: (items) => items,
};

function splitWords(folded: string): string[] {
  return folded.split(/\s+/).filter((word) => word !== "");
}

/** Without case and accents. */
function fold(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .normalize("NFC");
}

/** For each cell, which of its characters (UTF-16 units) what was typed fits. */
export function findMarks(
  cells: readonly string[],
  typed: string,
): ReadonlyArray<readonly boolean[]> {
  const text = cells.join(" ");
  const isMarked = Array.from({ length: text.length }, () => false);
  const folded = fold(text);
  // Folded text can be of another length than what it was of: then no place in it says anything.
  if (folded.length === text.length)
    for (const word of splitWords(fold(typed))) markWord(folded, word, isMarked);
  let start = 0;
  return cells.map((cell) => {
    const marks = isMarked.slice(start, start + cell.length);
    start += cell.length + 1;
    return marks;
  });
}

/** Wherever it stands as it is, else its characters one by one. */
function markWord(text: string, word: string, isMarked: boolean[]): void {
  let at = text.indexOf(word);
  if (at !== -1) {
    for (; at !== -1; at = text.indexOf(word, at + 1)) isMarked.fill(true, at, at + word.length);
    return;
  }
  for (const character of word) {
    at = text.indexOf(character, at + 1);
    if (at === -1) return;
    isMarked.fill(true, at, at + character.length);
  }
}
