/** Characters that a value has picked up on its way, and that nobody sees. */

type Kind = readonly [pattern: RegExp, words: string];

/** Odd wherever they are. */
const HIDDEN: readonly Kind[] = [
  [/\r/, "a carriage return"],
  [/\u00a0|\u202f/, "a no-break space"],
  [/[\u200b-\u200f\u2060]/, "a zero-width character"],
  [/\ufeff/, "a byte order mark"],
  [/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u, "an invisible character"],
  [/[^\P{Space_Separator} ]/u, "a blank that is no space"],
  [/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/, "a control character"],
];

/** Odd in a value. */
const ODD: readonly Kind[] = [
  [/\n/, "a line break"],
  [/\t/, "a tab"],
  ...HIDDEN,
  [/^ | $/, "a blank at one end"],
  [/^(["'])[^]*\1$/, "quotes around it"],
  [/^[\u2018-\u201f]|[\u2018-\u201f]$/, "typographic quotes around it"],
];

/** What is odd about a value, the first of it: "a carriage return"; undefined where nothing is. */
export function findOddCharacter(value: string): string | undefined {
  return findWords(ODD, value);
}

/** The same of a line, which may have tabs, quotes and blanks where it likes. */
export function findHiddenCharacter(line: string): string | undefined {
  return findWords(HIDDEN, line);
}

function findWords(kinds: readonly Kind[], text: string): string | undefined {
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}
