import { join } from "node:path";
import type { EmulatedHome } from "./emulated-home.ts";

/** What must never appear: a file that hostile text would make, were any of it run. */
export const CANARY = "canary-sings";

/** Names and values that are an attack in one shell or another, each of them legal somewhere. */
export function listHostileTexts(home: EmulatedHome): readonly string[] {
  const path = join(home.path, CANARY);
  return HOSTILE_TEXTS.map((text) =>
    text.replace(/TOUCH|PATH/g, (word) => (word === "PATH" ? path : `touch ${path}`)),
  );
}

/** TOUCH is the command that would make the canary, PATH is where it would be. */
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
