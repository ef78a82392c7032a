import stringWidth from "fast-string-width";

/** ASCII, and the letters and dashes of Europe: each character is one, and one column wide. */
const SINGLE = /^[\x20-\x7e\u00c0-\u017f\u2010-\u2027]*$/;

export function isSingleWidth(text: string): boolean {
  return SINGLE.test(text);
}

const COLOURS = /\u001b\[[0-9;]*m/g;
const ESCAPES = /[\u001b\u009b]/g;

/** Columns of a terminal. Most texts get by without the library, whose first look at another one takes 10 ms. */
export function displayWidth(text: string): number {
  return isSingleWidth(text) ? text.length : stringWidth(dropEscapes(text));
}

/** The library looks from each escape for its end, which takes the square of what has none. */
function dropEscapes(text: string): string {
  return text.includes("\u001b") ? text.replace(COLOURS, "").replace(ESCAPES, "") : text;
}
