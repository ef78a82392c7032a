import stringWidth from "fast-string-width";

/** ASCII, and the letters and dashes of Europe: each character is one, and one column wide. */
const SINGLE = /^[\x20-\x7e\u00c0-\u017f\u2010-\u2027]*$/;

export function isSingleWidth(text: string): boolean {
  return SINGLE.test(text);
}

/** Columns of a terminal. Most texts get by without the library, whose first look at another one takes 10 ms. */
export function displayWidth(text: string): number {
  return isSingleWidth(text) ? text.length : stringWidth(text);
}
