import { chmodSync, symlinkSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  createSignedInHome,
  isStandalone,
  PROGRAM,
  runProgram,
  testOnPosixOnly,
  type Home,
  type RunResult,
} from "../support/home.ts";
import { testWithProgram } from "../support/on-node-only.ts";
import { patience } from "../support/patience.ts";
import { OKTA_ROLE } from "../support/session-config.ts";
import { installProgram } from "../support/shell.ts";
import { NO_SHELL } from "../support/windows.ts";

/** What the system refuses (a sandbox's network, a port, a program that can't be started) is no bug of latchkey. */

const FORBID = join(import.meta.dirname, "..", "support", "forbid_network.py");
const ROLE = ["credential-process", ...OKTA_ROLE];

function runForbidden(home: Home, errno: number, argv: readonly string[]): Promise<RunResult> {
  return runProgram(["python3", FORBID, `${errno}`, ...PROGRAM, ...argv], home.env);
}

const { EACCES, EAFNOSUPPORT, EPERM } = constants.errno;

testWithProgram(
  "python3",
  "in a sandbox without a network, cached credentials are served, and a command that needs it says so",
  async () => {
    const home = await createSignedInHome();
    // Bun reports all other codes as ECONNREFUSED.
    for (const errno of isStandalone ? [EACCES] : [EACCES, EPERM, EAFNOSUPPORT]) {
      for (const argv of [ROLE, ["accounts"], ["login", "--no-browser", "--force"]])
        expect(await runForbidden(home, errno, argv), argv.join(" ")).toMatchObject({
          exitCode: 6,
          stderr: expect.stringMatching(
            errno === EAFNOSUPPORT
              ? /could not be reached \(EAFNOSUPPORT\): this machine has no address of that kind/
              : /could not be reached \(E\w+\): this process may not open connections\.\n.*hint: Allow it in the sandbox/,
          ),
        });
      expect(await runForbidden(home, errno, ["status", "--verify"])).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("no answer"),
      });
      expect(await runForbidden(home, errno, ["demo"])).toMatchObject({
        exitCode: 8,
        stderr: expect.stringContaining("No port on 127.0.0.1 could be opened (E"),
      });
    }
    expect(home.emulator.journal.entries()).toEqual([]);
    const served = await home.run(ROLE);
    expect(served).toMatchObject({ exitCode: 0 });
    expect(await runForbidden(home, EACCES, ROLE)).toEqual(served);
  },
  patience(30_000),
);

testWithProgram(
  "pwsh",
  "in PowerShell's constrained language mode the hook says what to use instead, and nothing fails",
  async () => {
    const home = await createSignedInHome();
    const script = [
      "$ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'",
      "latchkey shell-init powershell | Invoke-Expression",
      "latchkey completion powershell | Invoke-Expression",
      "latchkey use okta",
      `latchkey exec okta -- sh -c 'echo "<$0>"' $Env:AWS_PROFILE a`,
      "$Env:AWS_ACCESS_KEY_ID = 'x'; $Env:AWS_CREDENTIAL_EXPIRATION = '2030-01-01T00:00:00Z'",
      '"<$(latchkey_prompt)> $($Error.Count)"',
    ];
    const file = home.write("script.ps1", script.join("\n"));
    const env = { ...home.env, PATH: installProgram(home), NO_COLOR: "1" };
    const { stdout, stderr } = await runProgram(["pwsh", "-NoProfile", "-File", file], env);
    expect(stdout).toMatch(
      /^WARNING: latchkey: .*\$Env:AWS_PROFILE .*"exec"\.\n<a>\n<aws:keys> 0\n$/,
    );
    expect(stderr).toContain("latchkey shell-init powershell | Invoke-Expression");
  },
  patience(30_000),
);

test("a port that is in use is an error of the flag that names it", async () => {
  const home = await createSignedInHome();
  const { port } = new URL(home.emulator.url);
  expect(await home.run(["emulator", "--port", port])).toMatchObject({
    exitCode: 2,
    stdout: "",
    stderr:
      `latchkey: error: latchkey can't listen on port ${port} of 127.0.0.1: another program uses it (EADDRINUSE).\n` +
      "latchkey: hint: Give another port with --port.\n",
  });
});

/** Files that a person may name as a program; "program" in each of them. */
const PROGRAMS: ReadonlyArray<readonly [what: string, text: string, RegExp, exitCode: number]> = [
  ["a script without a first line", 'echo "<$0> <$1>"; exit 3\n', /^<.*program> <a b>\n$/, 3],
  ["an empty script", "", /^$/, 0],
  ["a script of another program", "#!/nonexistent/python\n", /interpreter does not exist/, 126],
  ["a script with Windows' line ends", "#!/bin/sh\r\necho hi\r\n", /interpreter .*CRLF/, 126],
];

testOnPosixOnly(NO_SHELL)(
  "exec starts a script as shells do, and says why a program can't be started",
  async () => {
    const home = await createSignedInHome();
    const run = (program: string): Promise<RunResult> =>
      home.run(["exec", "okta", "--", program, "a b"]);
    for (const [what, text, printed, exitCode] of PROGRAMS) {
      const program = home.write("bin/program", text);
      chmodSync(program, 0o755);
      const result = await run(program);
      expect(result, what).toMatchObject({ exitCode });
      expect(result.stdout + result.stderr, what).toMatch(printed);
    }
    const bare = { PATH: `${home.path}/bin:${home.env["PATH"]}` };
    home.write("bin/program", "echo found\n");
    expect(await home.run(["exec", "okta", "program"], { env: bare })).toMatchObject({
      exitCode: 0,
      stdout: "found\n",
    });
    symlinkSync("loop", join(home.path, "loop"));
    for (const path of ["loop", ".aws/config/x", ".aws", ".aws/config"]) {
      const program = join(home.path, path);
      expect(await run(program), path).toMatchObject({
        exitCode: 126,
        stderr: expect.stringMatching(
          new RegExp(`^latchkey: error: ${program} could not be started \\(E\\w+\\)\\.\n.*hint: `),
        ),
      });
    }
  },
);

testOnPosixOnly(NO_SHELL)("exec opens sh if SHELL is not a shell of this machine", async () => {
  const home = await createSignedInHome();
  for (const SHELL of ["/nonexistent/zsh", "nosuchshell", "/usr/sbin/nologin", "/bin/false"])
    expect(
      await home.run(["exec", "okta"], { env: { SHELL }, input: 'echo "$0 $AWS_ACCOUNT_ID"\n' }),
      SHELL,
    ).toMatchObject({ exitCode: 0, stdout: "/bin/sh 100000000001\n" });
});

testOnPosixOnly(NO_SHELL)("a helper program that can't be started is as good as none", async () => {
  const home = await createSignedInHome();
  for (const text of ["\u007fELF\0", "echo 1.0\n", "#!/bin/sh\r\n"]) {
    for (const name of ["aws", "tmux"]) chmodSync(home.write(`bin/${name}`, text), 0o755);
    const env = { PATH: `${home.path}/bin:/usr/bin:/bin`, TMUX: "/tmp/none,1,1" };
    expect(await home.run(["doctor", "--offline"], { env }), text).toMatchObject({ exitCode: 0 });
    expect(await home.run(["login", "--force"], { env }), text).toMatchObject({ exitCode: 0 });
  }
});
