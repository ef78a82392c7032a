import { chmodSync } from "node:fs";
import { dirname, join } from "node:path";
import { leaveOutOnWindows, PROGRAM, runProgram, type Home, type RunResult } from "./home.ts";

/** Makes `latchkey` a program on the PATH, as an installation does; returns the PATH that finds it first. */
export function installProgram(home: Home): string {
  leaveOutOnWindows("a shell of POSIX");
  const program = home.write(
    "bin/latchkey",
    `#!/bin/sh\nexec ${PROGRAM.map((word) => `'${word}'`).join(" ")} "$@"\n`,
  );
  chmodSync(program, 0o755);
  return `${dirname(program)}:${home.env["PATH"]}`;
}

/** bash with the hook, and a script after it; nobody at the terminal. */
export function runInBash(
  home: Home,
  script: string,
  env: Readonly<Record<string, string>> = {},
  shell = "bash",
): Promise<RunResult> {
  return runProgram([shell, "-c", `eval "$(latchkey shell-init bash)"\n${script}`], {
    ...home.env,
    PATH: installProgram(home),
    TMPDIR: home.path,
    ...env,
  });
}

/** What must never appear: a file that hostile text would make, were any of it run. */
export const CANARY = "canary-sings";

/** Names and values that are an attack in one shell or another, each of them legal somewhere. */
export function listHostileTexts(home: Home): readonly string[] {
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
