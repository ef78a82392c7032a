import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { findProgram } from "../../src/fs/programs.ts";
import { createSignedInHome, runProgram } from "../support/home.ts";
import { installProgram } from "../support/shell.ts";

/** Each shell with its hook, and a line that switches and shows. */
const HOOKED = [
  [
    "bash",
    ["bash", "-c"],
    'eval "$(latchkey shell-init bash)"; latchkey use okta; echo "$? $AWS_PROFILE"',
  ],
  [
    "dash",
    ["dash", "-c"],
    'eval "$(latchkey shell-init bash)"; latchkey use okta; echo "$? $AWS_PROFILE"',
  ],
  [
    "zsh",
    ["zsh", "-fc"],
    'eval "$(latchkey shell-init zsh)"; latchkey use okta; echo "$? $AWS_PROFILE"',
  ],
  [
    "fish",
    ["fish", "--no-config", "-c"],
    'latchkey shell-init fish | source; latchkey use okta; echo "$status $AWS_PROFILE"',
  ],
  [
    "pwsh",
    ["pwsh", "-NoProfile", "-Command"],
    'latchkey shell-init powershell | Out-String | Invoke-Expression; latchkey use okta; "$LASTEXITCODE $Env:AWS_PROFILE"',
  ],
] as const;

describe.each(HOOKED)("use in %s", (_, [program, ...args], script) => {
  const isInstalled = findProgram(program, process.env["PATH"]) !== undefined;

  test.runIf(isInstalled)("takes /tmp where TMPDIR is not there, or not a directory", async () => {
    const home = await createSignedInHome();
    const PATH = installProgram(home);
    for (const TMPDIR of ["/nowhere/at/all", home.write("file", ""), ""]) {
      const env = { ...home.env, PATH, TMPDIR };
      const { stdout, stderr } = await runProgram([program, ...args, script], env);
      expect(stdout, TMPDIR).toBe("0 okta\n");
      // PowerShell says at its start what it thinks of such a TMPDIR.
      const said = "This shell uses okta in eu-west-1 now.\n";
      expect(program === "pwsh" ? stderr.slice(-said.length) : stderr, TMPDIR).toBe(said);
    }
  });
});

test.each(["bash", "fish"])(
  "use in %s says it where no temporary file can be made, in two lines of ours",
  async (shell) => {
    const home = await createSignedInHome();
    const PATH = installProgram(home);
    const failing = home.write("bin/mktemp", "#!/bin/sh\necho mktemp: no >&2\nexit 1\n");
    chmodSync(failing, 0o755);
    const [, [program, ...args], script] = HOOKED.find(([name]) => name === shell) ?? HOOKED[0];
    const { stdout, stderr } = await runProgram([program, ...args, script], { ...home.env, PATH });
    expect(stdout).toBe("8 \n");
    expect(stderr).toBe(
      "latchkey: error: No temporary file could be made, neither in TMPDIR nor in /tmp.\nlatchkey: hint: Set TMPDIR to a directory that you can write to.\n",
    );
  },
);
