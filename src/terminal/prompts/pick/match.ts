/** Which rows fit what was typed, best first, and where: every word fits somewhere in the row, in any order. */

/** More than any other rank: who types a whole cell means that cell. */
const WHOLE_CELL = 8;

/** For each row how well a word fits it, 0 where it does not. */
type Ranks = Float32Array;

/** @returns finds the indexes of the rows that fit a text; what it has learnt of a word is kept for the next key. */
export function createMatcher(
  rows: ReadonlyArray<readonly string[]>,
): (typed: string) => readonly number[] {
  const cells = rows.map((row) => row.map(fold));
  const texts = cells.map((row) => ` ${row.join(" ")}`);
  const known = new Map<string, Ranks>();
  const rankWord = (word: string): Ranks => {
    const ranks = known.get(word) ?? rankRows(texts, word, known.get(word.slice(0, -1)));
    if (!known.has(word))
      for (const [index, row] of cells.entries())
        if (row.includes(word)) ranks[index] = (ranks[index] ?? 0) + WHOLE_CELL;
    known.set(word, ranks);
    return ranks;
  };
  return (typed) => sortByRank(splitWords(fold(typed)).map(rankWord), rows.length);
}

/** @param shorter the ranks of a shorter word: what did not fit that does not fit this one. */
function rankRows(texts: readonly string[], word: string, shorter: Ranks | undefined): Ranks {
  return Float32Array.from(texts, (text, index) =>
    shorter?.[index] === 0 ? 0 : rankText(text, word),
  );
}

/**
 * @param text begins with a blank, as every cell in it does.
 * @returns how well a word fits it: 4 where it begins a word, 3 where it is a part of one, 0 where it does not fit.
 */
function rankText(text: string, word: string): number {
  if (text.includes(` ${word}`)) return 4;
  if (text.includes(word)) return 3;
  return word.length === 1 ? 0 : rankSpread(text, word);
}

/** Up to 2 where its characters stand in the text one after the other, the nearer to each other the better. */
function rankSpread(text: string, word: string): number {
  const first = text.indexOf(word.charAt(0));
  let at = first;
  for (let next = 1; at !== -1 && next < word.length; next += 1)
    at = text.indexOf(word.charAt(next), at + 1);
  return at === -1 ? 0 : 1 + 1 / (at + 1 - first);
}

/** What fits every word, best first; rows that rank alike keep the order in which they were given. */
function sortByRank(words: readonly Ranks[], count: number): number[] {
  const keys = new Float64Array(count);
  let found = 0;
  for (let index = 0; index < count; index += 1) {
    if (words.some((ranks) => ranks[index] === 0)) continue;
    const rank = words.reduce((sum, ranks) => sum + (ranks[index] ?? 0), 0);
    // Rank and place in one number: numbers alone are sorted without a function.
    keys[found] = index - Math.round(rank * 1000) * count;
    found += 1;
  }
  return Array.from(keys.subarray(0, found).sort(), (key) => ((key % count) + count) % count);
}

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
