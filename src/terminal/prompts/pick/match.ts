/** Finds the rows that match the typed text, the best first. Every typed word must occur in the row, in any order. */

/** The rank of a word that equals a whole cell. It is higher than every other rank, because the user means that cell. */
const WHOLE_CELL = 8;

/** The rank of a word in each row; 0 if it does not match the row. */
type Ranks = Float32Array;

/**
 * @returns a function that finds the indexes of the matching rows. It stores the ranks of each word for the next key press.
 */
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

/**
 * @param shorter the ranks of the word without its last character. A row that did not match that word can't match this one.
 */
function rankRows(texts: readonly string[], word: string, shorter: Ranks | undefined): Ranks {
  return Float32Array.from(texts, (text, index) =>
    shorter?.[index] === 0 ? 0 : rankText(text, word),
  );
}

/**
 * @param text has a space at its start and before every cell
 * @returns the rank of a word: 4 at the start of a word in the text, 3 inside a word, up to 2 if only its characters
 * occur in the text in this order, 0 if it does not match
 */
function rankText(text: string, word: string): number {
  if (text.includes(` ${word}`)) return 4;
  if (text.includes(word)) return 3;
  return word.length === 1 ? 0 : rankSpread(text, word);
}

/** Returns up to 2 if the word's characters occur in the text in this order. The closer together they are, the higher. */
function rankSpread(text: string, word: string): number {
  const first = text.indexOf(word.charAt(0));
  let at = first;
  for (let next = 1; at !== -1 && next < word.length; next += 1)
    at = text.indexOf(word.charAt(next), at + 1);
  return at === -1 ? 0 : 1 + 1 / (at + 1 - first);
}

/** Returns the indexes of the rows that match every word, the best first. Rows of equal rank stay in their order. */
function sortByRank(words: readonly Ranks[], count: number): number[] {
  const keys = new Float64Array(count);
  let found = 0;
  for (let index = 0; index < count; index += 1) {
    if (words.some((ranks) => ranks[index] === 0)) continue;
    const rank = words.reduce((sum, ranks) => sum + (ranks[index] ?? 0), 0);
    // Rank and index are one number, because numbers are sorted fastest without a compare function.
    keys[found] = index - Math.round(rank * 1000) * count;
    found += 1;
  }
  return Array.from(keys.subarray(0, found).sort(), (key) => ((key % count) + count) % count);
}

function splitWords(folded: string): string[] {
  return folded.split(/\s+/).filter((word) => word !== "");
}

/** Removes upper case and accents. */
function fold(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
  return text
    .toLowerCase()
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .normalize("NFC");
}

/** Returns for each cell which of its characters (UTF-16 units) match the typed text. */
export function findMarks(
  cells: readonly string[],
  typed: string,
): ReadonlyArray<readonly boolean[]> {
  const text = cells.join(" ");
  const isMarked = Array.from({ length: text.length }, () => false);
  const folded = fold(text);
  // If `fold` changed the length, positions in the folded text are not those in the text, so nothing is marked.
  if (folded.length === text.length)
    for (const word of splitWords(fold(typed))) markWord(folded, word, isMarked);
  let start = 0;
  return cells.map((cell) => {
    const marks = isMarked.slice(start, start + cell.length);
    start += cell.length + 1;
    return marks;
  });
}

/** Marks all occurrences of the word. If there are none, marks its characters one by one. */
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
