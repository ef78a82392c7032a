import stringWidth from "fast-string-width";

/** Matches ASCII, and European letters and dashes. Each of these characters is one UTF-16 unit and one column wide. */
const SINGLE = /^[\x20-\x7e\u00c0-\u017f\u2010-\u2027]*$/;

export function isSingleWidth(text: string): boolean {
  return SINGLE.test(text);
}

const COLOURS = /\u001b\[[0-9;]*m/g;
const ESCAPES = /[\u001b\u009b]/g;

/**
 * Returns the width in terminal columns. Most texts do not need the library. For the first text that does, the library
 * takes 10 ms.
 */
export function displayWidth(text: string): number {
  return isSingleWidth(text) ? text.length : stringWidth(dropEscapes(text));
}

/**
 * Removes escape sequences. The library would search for the end of each sequence, which takes quadratic time if there
 * is no end.
 */
function dropEscapes(text: string): string {
  return text.includes("\u001b") ? text.replace(COLOURS, "").replace(ESCAPES, "") : text;
}
