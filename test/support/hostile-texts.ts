import { join } from "node:path";
import type { EmulatedHome } from "./emulated-home.ts";

/** A file that must never appear: a hostile text would create it if a shell ran it. */
export const CANARY = "canary-sings";

/** Returns names and values that attack one shell or another. Each of them is legal somewhere. */
export function listHostileTexts(home: EmulatedHome): readonly string[] {
  const path = join(home.path, CANARY);
  return HOSTILE_TEXTS.map((text) =>
    text.replace(/TOUCH|PATH/g, (word) => (word === "PATH" ? path : `touch ${path}`)),
  );
}

/** TOUCH is the command that would create the canary, and PATH is its path. */
const HOSTILE_TEXTS = [
  `$(TOUCH)`,
  `\`TOUCH\``,
  `';TOUCH;'`,
  `";TOUCH;"`,
  `\\';TOUCH;#`,
  `'\\'';TOUCH;'`,
  `''';TOUCH;'''`,
  `\\`,
  `\\\\'`,
  `x\\`,
  `'`,
  `''`,
  `'''`,
  `it's`,
  `a;TOUCH`,
  `a&&TOUCH`,
  `a|TOUCH`,
  `a&TOUCH`,
  `>PATH`,
  `(TOUCH)`,
  `;TOUCH`,
  `$HOME`,
  `\${IFS}`,
  `~`,
  `*`,
  `!!`,
  `#`,
  `-n`,
  `--help`,
  `%{TOUCH%}`,
  `\u2018;TOUCH;\u2019`,
  `\u201b\u201a`,
  `name with blanks`,
  `tab\there`,
  `é\u{1f511}`,
  `line\nTOUCH`,
  `line\r\nTOUCH`,
];

/** One character of each kind that controls a terminal, is invisible, or reverses the text direction. */
export const HIDDEN =
  "\u001b]52;c;eA==\u0007\u001b[2J\u009b31m\u009d0;x\u007f\r\nforged\t\u202e\u2066\u200f\u2028\u200b\u2060\ufeff\u00ad\u3164\u2800\u00a0\ufe0f\u{e0041}";

/** Returns forbidden characters in an output: all such characters except line breaks and the tabs between columns. */
export function findRaw(output: string): string[] {
  const raw =
    /(?!\n|\r\n|\t)[\p{Cc}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2028\u2029\u2800\u00a0]/gu;
  const found = [...(output.match(raw) ?? []), ...(output.match(/^forged.*/gm) ?? [])];
  return found.map((text) =>
    JSON.stringify(text).replace(
      /[^ -~]/gu,
      (one) => `U+${one.codePointAt(0)?.toString(16) ?? ""}`,
    ),
  );
}
