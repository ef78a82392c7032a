/** Characters that a value has picked up on its way, and that nobody sees. */

const ODD: ReadonlyArray<readonly [RegExp, string]> = [
  [/\r/, "a carriage return"],
  [/\n/, "a line break"],
  [/\t/, "a tab"],
  [/\u00a0|\u202f/, "a no-break space"],
  [/[\u200b-\u200f\u2060]/, "a zero-width character"],
  [/\ufeff/, "a byte order mark"],
  [/[\u0000-\u001f\u007f-\u009f]/, "a control character"],
  [/^ | $/, "a blank at one end"],
  [/^(["'])[^]*\1$/, "quotes around it"],
];

/** What is odd about a value, the first of it: "a carriage return"; undefined where nothing is. */
export function findOddCharacter(value: string): string | undefined {
  return ODD.find(([pattern]) => pattern.test(value))?.[1];
}
