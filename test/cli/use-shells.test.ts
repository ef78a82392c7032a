/** @module-tag long */
import { chmodSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { testWithProgram } from "../support/on-node-only.ts";
import { createSignedInHome, runProgram } from "../support/home.ts";
import { installProgram, runInBash } from "../support/shell.ts";
import { leaveOutOnWindows } from "../support/windows.ts";

/** Each shell with its hook, and a line that switches and prints the result. */
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
  [
    "nu",
    ["nu", "-n", "-c"],
    "latchkey use okta; print $'($env.LAST_EXIT_CODE) ($env.AWS_PROFILE)'",
  ],
] as const;

describe.each(HOOKED)("use in %s", (_, [program, ...args], script) => {
  testWithProgram(
    program,
    "takes /tmp if TMPDIR does not exist, or is not a directory",
    async () => {
      const home = await createSignedInHome();
      const PATH = installProgram(home);
      for (const TMPDIR of ["/nowhere/at/all", home.write("file", ""), ""]) {
        const env = { ...home.env, PATH, TMPDIR };
        const hook = program === "nu" ? (await home.run(["shell-init", "nushell"])).stdout : "";
        const { stdout, stderr } = await runProgram([program, ...args, hook + script], env);
        expect(stdout, TMPDIR).toBe("0 okta\n");
        // PowerShell prints a warning about such a TMPDIR at its start.
        const said = "This shell uses okta in eu-west-1 now.\n";
        expect(program === "pwsh" ? stderr.slice(-said.length) : stderr, TMPDIR).toBe(said);
      }
    },
  );
});

test.each(["bash", "fish"])(
  "use in %s reports that no temporary file can be made, in two lines of latchkey's own",
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

testWithProgram(
  "nu",
  "Nushell switches there and back, unsets, passes exit codes and arguments through, and loads the output of export",
  async () => {
    const home = await createSignedInHome();
    const hook = (await home.run(["shell-init", "nushell"])).stdout;
    const run = (script: string, env: Readonly<Record<string, string>> = {}) =>
      runProgram(["nu", "-n", "-c", `${hook}${script}`], {
        ...home.env,
        PATH: installProgram(home),
        ...env,
      });
    const show =
      "print $'($env.AWS_PROFILE? | default none) ($env.AWS_REGION? | default none) ($env.AWS_DEFAULT_PROFILE? | default none)'";
    const { stdout, stderr } = await run(
      `latchkey assume okta; ${show}; latchkey use --unset; ${show}; latchkey use -; ${show}; try { latchkey use nope } catch {|failure| print $failure.exit_code }`,
      { AWS_DEFAULT_PROFILE: "old" },
    );
    expect(stdout, stderr).toBe("okta eu-west-1 none\nnone none none\nokta eu-west-1 none\n7\n");
    const loaded = await run(
      "latchkey export okta --format nushell | from json | load-env; print ($env.AWS_ACCESS_KEY_ID | str substring 0..3) (latchkey_prompt)",
      { NO_COLOR: "1" },
    );
    expect(loaded.stdout, loaded.stderr).toMatch(/^ASIA\naws:keys \S+m\n$/);
  },
);

test.each([
  ["latchkey use --region us-west-2", "none us-west-2 us-west-2"],
  ["latchkey use okta --region us-west-2", "okta us-west-2 us-west-2"],
  ["latchkey use okta --region us-west-2; latchkey use okta", "okta eu-west-1 eu-west-1"],
  ["latchkey use okta; latchkey use --region us-west-2", "okta us-west-2 us-west-2"],
  [
    "latchkey use okta; latchkey use --region us-west-2; latchkey use -u",
    "none us-west-2 us-west-2",
  ],
  ["latchkey use okta --region us-west-2; latchkey use -u", "none none none"],
  ["latchkey use okta; latchkey use --region eu-wst-1", "okta eu-west-1 eu-west-1"],
])("%s leaves %s", { tags: ["long"] }, async (script, shown) => {
  const home = await createSignedInHome();
  const show = 'echo "${AWS_PROFILE-none} ${AWS_REGION-none} ${AWS_DEFAULT_REGION-none}"';
  const { stdout, stderr } = await runInBash(home, `${script}; ${show}`);
  expect(stdout, stderr).toBe(`${shown}\n`);
});

test(
  "use -c opens the console of the profile, without the hook, and changes nothing in the shell",
  { tags: ["long"] },
  async () => {
    leaveOutOnWindows("a browser that is a script of sh");
    const home = await createSignedInHome();
    const browser = home.write("browser", '#!/bin/sh\necho "$1" > "$HOME/opened"\n');
    chmodSync(browser, 0o755);
    const result = await home.run(["use", "okta", "-c", "-s", "s3"], { env: { BROWSER: browser } });
    expect(result, result.stderr).toMatchObject({ exitCode: 0, stdout: "" });
    expect(result.stderr).toContain("Opening the console as okta in your browser.");
    expect(await home.runJson(["use", "okta", "--console"])).toEqual({
      url: expect.stringContaining("SigninToken="),
    });
    expect((await home.run(["use", "okta", "-s", "s3"])).exitCode).toBe(2);
  },
);
