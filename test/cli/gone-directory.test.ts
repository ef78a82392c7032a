import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import {
  createSignedInHome,
  isStandalone,
  PROGRAM,
  runProgram,
  testOnPosixOnly,
  type Home,
  type RunOptions,
  type RunResult,
} from "../support/home.ts";
import { createPlainHome, NOBODY, testAsRoot } from "../support/places.ts";
import { OKTA_ROLE } from "../support/session-config.ts";

/** A working directory without a path, like that of a removed git worktree, and one that its user may not enter. */

const testGone = testOnPosixOnly("Windows does not remove the working directory of a program");

/** Runs the command in a directory that is removed before the command starts. */
const IN_A_GONE_DIRECTORY = ["/bin/sh", "-c", 'cd "$0" && rmdir "$0" && exec "$@"'] as const;

function runGone(home: Home, argv: readonly string[], options?: RunOptions): Promise<RunResult> {
  const gone = join(home.path, "worktree");
  mkdirSync(gone, { mode: 0o700 });
  return runProgram([...IN_A_GONE_DIRECTORY, gone, ...PROGRAM, ...argv], home.env, options);
}

testGone("in a removed directory everything works except files in that directory", async () => {
  const home = await createSignedInHome();
  expect(await runGone(home, ["--version"])).toMatchObject({ exitCode: 0, stderr: "" });
  const profiles = await runGone(home, ["profiles", "--json"]);
  expect(profiles).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('"profile": "okta"'),
  });
  const cold = await runGone(home, ["credential-process", ...OKTA_ROLE]);
  expect(cold).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("ASIA") });
  const hot = await runGone(home, ["credential-process", ...OKTA_ROLE]);
  expect(hot).toEqual({ ...cold, stderr: "" });
  expect(home.emulator.journal.count("GetRoleCredentials")).toBe(1);
});

testGone("exec starts its command in the removed directory, as a shell does", async () => {
  const home = await createSignedInHome();
  // The directory is empty, and no file can be created in it.
  const look = 'test -n "$AWS_SESSION_TOKEN" && ls -A . && ! touch made && ls -d .';
  const where = process.platform === "linux" ? "readlink /proc/self/cwd" : 'echo "$0 (deleted)"';
  const gone = join(home.path, "worktree");
  const words = ["/bin/sh", "-c", `${look} && ${where}`, gone];
  const { exitCode, stdout } = await runGone(home, ["exec", "okta", "--", ...words]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `.\n${gone} (deleted)\n` });
});

testGone(
  "a relative path is refused there, and not resolved against another directory",
  async () => {
    const home = await createSignedInHome();
    const call = ["credential-process", "--profile", "okta"];
    expect(await runGone(home, call, { env: { AWS_CONFIG_FILE: "etc/hosts" } })).toMatchObject({
      exitCode: 7,
      stdout: "",
      stderr: expect.stringContaining(
        "latchkey: error: etc/hosts is a relative path, and the current directory is gone.\n" +
          "latchkey: hint: Use an absolute path, or cd to a directory that exists.\n",
      ),
    });
  },
);

testAsRoot(
  "a directory that its user may not enter works like any other, until it is removed",
  async () => {
    const home = await createPlainHome();
    const locked = join(home.path, "locked");
    const change = ["/usr/bin/setpriv", "--reuid", `${NOBODY}`, "--regid", `${NOBODY}`];
    const words = [...change, "--clear-groups", ...PROGRAM];
    mkdirSync(locked, { mode: 0o700 });
    const run = (argv: readonly string[]): Promise<RunResult> =>
      runProgram([...words, ...argv], home.env, { cwd: locked });
    expect(await run(["login", "--no-browser"])).toMatchObject({ exitCode: 0 });
    expect(await run(["exec", "okta", "--", "/bin/sh", "-c", "pwd"])).toMatchObject({
      exitCode: 0,
      stdout: `${locked}\n`,
    });
    const gone = await runProgram(
      [...IN_A_GONE_DIRECTORY, locked, ...words, "exec", "okta", "--", "true"],
      home.env,
    );
    // Node has never left the directory. A process that leaves it can't go back.
    expect(gone).toMatchObject(
      isStandalone
        ? {
            exitCode: 8,
            stderr:
              "latchkey: error: A command can't be started here: the current directory has been deleted.\n" +
              "latchkey: hint: cd to a directory that exists and run the command again.\n",
          }
        : { exitCode: 0 },
    );
  },
);
