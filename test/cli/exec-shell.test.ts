/** @module-tag long */
import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { findProgram } from "../../src/fs/programs.ts";
import { createSignedInHome } from "../support/home.ts";
import { testWithProgram } from "../support/on-node-only.ts";
import { patience } from "../support/patience.ts";
import { ENTER, startSession } from "../support/pty.ts";
import { leaveOutOnWindows, NO_SHELL } from "../support/windows.ts";

/** In the last hour of a day the credentials end tomorrow, and the date is shown too. */
const SAID =
  /This shell has the credentials of okta until (?:\d{4}-\d\d-\d\d )?\d\d:\d\d; exit ends it\./;

/** A shell, its start file with a prompt, and commands that print the key id and a variable of the start file. */
const SHELLS = [
  {
    name: "bash",
    file: ".bashrc",
    text: "PS1='READY> '\nexport MARK=mine\n",
    show: 'echo "=$MARK=${AWS_ACCESS_KEY_ID:0:4}="',
  },
  {
    name: "zsh",
    file: ".zshrc",
    text: "PROMPT='READY> '\nexport MARK=mine$ZDOTDIR\n",
    show: 'echo "=$MARK=${AWS_ACCESS_KEY_ID:0:4}="',
  },
  {
    name: "fish",
    file: ".config/fish/config.fish",
    text: "set -gx MARK mine\nfunction fish_prompt\n    printf 'READY> '\nend\n",
    show: 'echo "=$MARK="(string sub -l 4 $AWS_ACCESS_KEY_ID)"="',
  },
].filter(({ name }) => isInstalled(name));

function isInstalled(program: string): boolean {
  const isThere = findProgram(program, process.env["PATH"]) !== undefined;
  if (!isThere) console.log(`skipped: no ${program} on PATH`);
  return isThere;
}

describe("exec without --", () => {
  test(
    "the command starts at the first word that is neither a latchkey flag nor the profile",
    { tags: ["long"] },
    async () => {
      leaveOutOnWindows(NO_SHELL);
      const home = await createSignedInHome();
      const show = ["sh", "-c", 'echo "$LATCHKEY_EXEC $AWS_REGION <$*>"', "sh"];
      for (const [own, shown] of [
        [["okta"], "okta eu-west-1"],
        [["-p", "okta"], "okta eu-west-1"],
        [["okta", "--region", "us-west-2"], "okta us-west-2"],
        [["--region=us-west-2", "okta", "--server"], "okta us-west-2"],
      ] as const)
        expect(
          await home.run(["exec", ...own, ...show, "--json", "-h", "--help", "--debug", "--", "x"]),
          own.join(" "),
        ).toEqual({
          exitCode: 0,
          stderr: "",
          stdout: `${shown} <--json -h --help --debug -- x>\n`,
        });
      expect(await home.run(["exec", "okta", "no-such-program", "--json"])).toMatchObject({
        exitCode: 127,
        stdout: "",
        stderr: expect.stringContaining("no-such-program was not found."),
      });
      expect((await home.run(["exec", "okta", "--help"])).stdout).toContain("USAGE");
      expect((await home.run(["exec", "okta", "--help", "sh"])).stdout).toContain("USAGE");
    },
  );

  test("an unknown flag before the command, and a -- without a command, exit 2 with a hint", async () => {
    const home = await createSignedInHome();
    expect(await home.run(["exec", "okta", "--recursive", "aws", "s3", "ls"])).toEqual({
      exitCode: 2,
      stdout: "",
      stderr:
        "latchkey: error: latchkey exec has no flag --recursive.\nlatchkey: hint: Flags of the command come after its name, or after --: latchkey exec okta -- COMMAND\n",
    });
    expect(await home.run(["exec", "okta", "--json", "--"])).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('"USAGE"'),
    });
  });
});

test(
  "a program in the profile's place is refused with a hint, and never read as a part of a name",
  { tags: ["long"] },
  async () => {
    leaveOutOnWindows(NO_SHELL);
    const home = await createSignedInHome();
    home.write(
      ".aws/config",
      home.read(".aws/config").replace("[profile okta]", "[profile sh-prod]"),
    );
    const sh = ["sh", "-c", 'echo "$LATCHKEY_EXEC"'];
    const formatRefusal = (line: string): string =>
      `latchkey: error: "sh" is a program, and no profile has this name: the profile is missing.\nlatchkey: hint: latchkey exec ${line}\n`;
    expect(await home.run(["exec", ...sh])).toMatchObject({
      exitCode: 2,
      stdout: "",
      stderr: formatRefusal(`PROFILE sh -c 'echo "$LATCHKEY_EXEC"'`),
    });
    const env = { AWS_PROFILE: "sh-prod" };
    expect((await home.run(["exec", "sh", "--login"], { env })).stderr).toBe(
      formatRefusal("-- sh --login"),
    );
    expect((await home.run(["exec", "--", ...sh], { env })).stdout).toBe("sh-prod\n");
    expect((await home.run(["exec", "sh", "--", ...sh])).stdout).toBe("sh-prod\n");
    home.write(
      ".aws/config",
      home.read(".aws/config").replace("[profile sh-prod]", "[profile sh]"),
    );
    expect((await home.run(["exec", ...sh.slice(0, 1), ...sh])).stdout).toBe("sh\n");
  },
);

describe("exec without a command", () => {
  test.each(SHELLS)(
    "opens $name with its own start file, the credentials, the mark in the prompt, and its exit code",
    { timeout: patience(60_000) },
    async ({ name, file, text, show }) => {
      const home = await createSignedInHome();
      home.write(file, text);
      const SHELL = findProgram(name, process.env["PATH"]) ?? name;
      const session = startSession(home, ["exec", "okta"], 120, { SHELL });
      await session.see(SAID);
      await session.see(/aws:okta@eu-west-1 [\dhm]+ READY> /);
      session.type(show + ENTER);
      await session.see("=mine=ASIA=");
      session.type(`exit 7${ENTER}`);
      expect(await session.ended).toBe(7);
    },
  );

  testWithProgram(
    "pwsh",
    "opens PowerShell with its own profile, the credentials, the mark in the prompt, and its exit code",
    async () => {
      const home = await createSignedInHome();
      home.write(
        ".config/powershell/Microsoft.PowerShell_profile.ps1",
        "function prompt { 'READY> ' }\n",
      );
      const SHELL = findProgram("pwsh", process.env["PATH"]) ?? "pwsh";
      // The first start of PowerShell on a machine reads 200 MB from the disk.
      spawnSync(SHELL, ["-NoProfile", "-Command", "1"]);
      const session = startSession(home, ["exec", "okta"], 120, { SHELL });
      await session.see(/aws:okta@eu-west-1 [\dhm]+ READY> /);
      session.type(`"=$("$Env:AWS_ACCESS_KEY_ID".Substring(0, 4))="${ENTER}`);
      await session.see("=ASIA=");
      session.type(`exit 7${ENTER}`);
      expect(await session.ended).toBe(7);
    },
    patience(60_000),
  );

  test(
    "does not change a prompt that already has the segment, and leaves no file in the temporary directory",
    { timeout: patience(60_000) },
    async () => {
      const home = await createSignedInHome();
      home.write(".bashrc", "PS1='<$(latchkey_prompt)> '\n");
      home.write("tmp/x", "");
      const env = { SHELL: "/bin/bash", TMPDIR: `${home.path}/tmp` };
      const session = startSession(home, ["exec", "okta", "--server"], 120, env);
      await session.see("This shell has the credentials of okta; exit ends it.");
      await session.see("<aws:okta@eu-west-1> ");
      expect(session.readText()).not.toContain("aws:okta@eu-west-1 <");
      session.type(`exit${ENTER}`);
      expect(await session.ended).toBe(0);
      expect(home.list("tmp")).toEqual(["x"]);
    },
  );

  test(
    "without a terminal runs the commands of stdin, with AWS_PROFILE's credentials if no profile is named",
    { tags: ["long"] },
    async () => {
      leaveOutOnWindows(NO_SHELL);
      const home = await createSignedInHome();
      const env = { SHELL: "/bin/sh", AWS_PROFILE: "okta", TMPDIR: "/nowhere" };
      const input = 'echo "$LATCHKEY_EXEC ${AWS_PROFILE-none} ${LATCHKEY_SHELL-none}"; exit 3\n';
      expect(
        await home.run(["exec"], { input, env: { ...env, LATCHKEY_SHELL: "bash" } }),
      ).toMatchObject({
        exitCode: 3,
        stdout: "okta none none\n",
        stderr: expect.stringMatching(SAID),
      });
      expect(await home.run(["exec"], { input })).toMatchObject({ exitCode: 2, stdout: "" });
    },
  );

  test("inside exec prints a notice, and uses the new profile", async () => {
    leaveOutOnWindows(NO_SHELL);
    const home = await createSignedInHome();
    const env = { SHELL: "/bin/sh", LATCHKEY_EXEC: "other" };
    const { stdout, stderr } = await home.run(["exec", "okta"], {
      input: 'echo "$LATCHKEY_EXEC"\n',
      env,
    });
    expect(stdout).toBe("okta\n");
    expect(stderr).toContain("already inside latchkey exec other");
  });
});
