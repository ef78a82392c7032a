import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { PROGRAM, type Home } from "./home.ts";

/** Makes `latchkey` a program on the PATH, as an installation does; returns the PATH that finds it first. */
export function installed(home: Home): string {
  const program = home.write(
    "bin/latchkey",
    `#!/bin/sh\nexec ${PROGRAM.map((word) => `'${word}'`).join(" ")} "$@"\n`,
  );
  chmodSync(program, 0o755);
  return `${dirname(program)}:${home.env["PATH"]}`;
}

/** What must never appear: a file that hostile text would make, were any of it run. */
export const CANARY = "canary-sings";

/** Names and values that are an attack in one shell or another, each of them legal somewhere. */
export function hostileTexts(home: Home): readonly string[] {
  const touch = `touch ${join(home.path, CANARY)}`;
  return [
    `$(${touch})`,
    `\`${touch}\``,
    `';${touch};'`,
    `";${touch};"`,
    `\\';${touch};#`,
    `'\\'';${touch};'`,
    `''';${touch};'''`,
    `\\`,
    `\\\\'`,
    `x\\`,
    `'`,
    `''`,
    `'''`,
    `it's`,
    `a;${touch}`,
    `a&&${touch}`,
    `a|${touch}`,
    `a&${touch}`,
    `>${join(home.path, CANARY)}`,
    `(${touch})`,
    `;${touch}`,
    `$HOME`,
    `\${IFS}`,
    `~`,
    `*`,
    `!!`,
    `#`,
    `-n`,
    `--help`,
    `%{${touch}%}`,
    `\u2018;${touch};\u2019`,
    `\u201b\u201a`,
    `name with blanks`,
    `tab\there`,
    `é\u{1f511}`,
    `line\n${touch}`,
    `line\r\n${touch}`,
  ];
}
