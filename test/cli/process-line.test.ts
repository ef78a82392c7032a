/** @module-tag long */
import { exec } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect } from "vitest";
import type { Diagnosis } from "../../src/doctor/findings.ts";
import { runProgram } from "../support/child.ts";
import { createSignedInHome, parseOutput, testOnNodeOnly } from "../support/home.ts";
import { NODE_PROGRAM } from "../support/program.ts";

/** The line that `configure` writes, run as the clients run it: by sh, Python's shlex, and Node's exec. */

const SHLEX = "import shlex,subprocess,sys;sys.exit(subprocess.call(shlex.split(sys.argv[1])))";
const WANTED = "--form credential-process --account-id 100000000001 --role-name ViewOnlyAccess";

/** latchkey as if it were installed in a directory of that name. */
async function installIn(name: string) {
  const home = await createSignedInHome();
  const [node, program] = NODE_PROGRAM;
  mkdirSync(join(home.path, name), { recursive: true });
  symlinkSync(join(program, "..", ".."), join(home.path, name, "latchkey"));
  const moved = [node, join(home.path, name, "latchkey", "bin", "run.js")];
  const argv = [...moved, "configure", "--profile", "p", "--sso-session", "corp", "--yes"];
  const configure = () => runProgram([...argv, ...WANTED.split(" ")], home.env);
  return { home, configure };
}

const testInDirectory = testOnNodeOnly("one executable is not moved to twelve directories");

describe("the line runs in every client, and doctor finds nothing in it, for a program in", () => {
  for (const name of [
    "plain",
    "with space",
    "o'brien",
    "amp&x;y",
    "a(b)",
    "it's a #b",
    "semi ;colon",
    "glob*[x]?",
    "tilde~",
    "<redirect>|pipe",
    "{a,b}!",
    "café",
  ])
    testInDirectory(name, async () => {
      const { home, configure } = await installIn(name);
      expect(await configure()).toMatchObject({ exitCode: 0 });
      const line = /^credential_process = (.*)$/m.exec(home.read(".aws/config"))?.[1] ?? "";
      const options = { env: home.env, encoding: "utf8" } as const;
      const outputs = [
        (await promisify(exec)(line, options)).stdout,
        await runProgram(["sh", "-c", line], home.env).then(({ stdout }) => stdout),
        await runProgram(["python3", "-c", SHLEX, line], home.env).then(({ stdout }) => stdout),
      ];
      for (const output of outputs)
        expect(JSON.parse(output)).toMatchObject({ Version: 1, AccessKeyId: expect.any(String) });
      const found = await home.run(["doctor", "--offline", "--json"]);
      expect(parseOutput<Diagnosis>(found).findings).toEqual([]);
    });
});

describe("configure refuses, and names the path, for a program in", () => {
  for (const name of ['a"b', "$HOME", "`id`", "100%", "a\nb", "a\\b"])
    testInDirectory(JSON.stringify(name), async () => {
      const { home, configure } = await installIn(name);
      const before = home.read(".aws/config");
      expect(await configure()).toMatchObject({
        exitCode: 2,
        stderr: expect.stringMatching(/can't name .*\n.*hint: Install latchkey in a directory/),
      });
      expect(home.read(".aws/config")).toBe(before);
    });
});

testInDirectory("a program in npx's cache is written with a warning and the solution", async () => {
  const { home, configure } = await installIn(".npm/_npx/0a1b");
  expect(await configure()).toMatchObject({
    exitCode: 0,
    stderr: expect.stringMatching(/notice: .*cache.*npm install --global latchkey/),
  });
  const { findings } = parseOutput<Diagnosis>(await home.run(["doctor", "--offline", "--json"]));
  expect(findings).toMatchObject([{ id: "process-in-cache", profiles: ["p"] }]);
});

testInDirectory(
  "a program in the folder of one version is written by the path that stays the same",
  async () => {
    const { home, configure } = await installIn("brew/Cellar/latchkey/0.1.0");
    const readLine = () => /^credential_process = (.*)$/m.exec(home.read(".aws/config"))?.[1] ?? "";
    const diagnose = async () =>
      parseOutput<Diagnosis>(await home.run(["doctor", "--offline", "--json"])).findings;
    expect(await configure()).toMatchObject({
      exitCode: 0,
      stderr: expect.stringMatching(/notice: .*folder that an update removes/),
    });
    expect(readLine()).toContain("/brew/Cellar/latchkey/0.1.0/latchkey/bin/run.js");
    expect(await diagnose()).toMatchObject([{ id: "process-of-one-version", profiles: ["p"] }]);
    mkdirSync(join(home.path, "brew", "opt"));
    symlinkSync("../Cellar/latchkey/0.1.0", join(home.path, "brew", "opt", "latchkey"));
    expect(await configure()).toMatchObject({
      exitCode: 0,
      stderr: expect.not.stringMatching(/notice/),
    });
    expect(readLine()).toContain("/brew/opt/latchkey/latchkey/bin/run.js");
    expect(await diagnose()).toEqual([]);
  },
);
