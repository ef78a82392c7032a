import { chmodSync } from "node:fs";
import { dirname } from "node:path";
import { leaveOutOnWindows, PROGRAM, runProgram, type Home, type RunResult } from "./home.ts";

export { CANARY, listHostileTexts } from "./hostile-texts.ts";

/** Installs `latchkey` in a folder and returns a PATH that begins with this folder. */
export function installProgram(home: Home): string {
  leaveOutOnWindows("a shell of POSIX");
  const program = home.write(
    "bin/latchkey",
    `#!/bin/sh\nexec ${PROGRAM.map((word) => `'${word}'`).join(" ")} "$@"\n`,
  );
  chmodSync(program, 0o755);
  return `${dirname(program)}:${home.env["PATH"]}`;
}

/** Runs a script in bash with the hook, and without a terminal. */
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
