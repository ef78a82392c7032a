/** Finds invisible characters in values. They are often there by copy and paste. */

type Kind = readonly [pattern: RegExp, words: string];

/** Characters that are unexpected at any position of a value or a line. */
const HIDDEN: readonly Kind[] = [
  [/\r/, "a carriage return"],
  [/\u00a0|\u202f/, "a no-break space"],
  [/[\u200b-\u200f\u2060]/, "a zero-width character"],
  [/\ufeff/, "a byte order mark"],
  [/[\p{Default_Ignorable_Code_Point}\p{Bidi_Control}]/u, "an invisible character"],
  [/[^\P{Space_Separator} ]/u, "a blank that is no space"],
  [/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/, "a control character"],
];

/** Characters that are unexpected in a value. */
const ODD: readonly Kind[] = [
  [/\n/, "a line break"],
  [/\t/, "a tab"],
  ...HIDDEN,
  [/^ | $/, "a blank at one end"],
  [/^(["'])[^]*\1$/, "quotes around it"],
  [/^[\u2018-\u201f]|[\u2018-\u201f]$/, "typographic quotes around it"],
];

/** Returns words for the first unexpected character in a value, such as "a carriage return"; undefined if there is none. */
export function findOddCharacter(value: string): string | undefined {
  return findWords(ODD, value);
}

/** Returns words for the first unexpected character in a line. Tabs, quotes and blanks are allowed in a line. */
export function findHiddenCharacter(line: string): string | undefined {
  return findWords(HIDDEN, line);
}

function findWords(kinds: readonly Kind[], text: string): string | undefined {
  return kinds.find(([pattern]) => pattern.test(text))?.[1];
}
