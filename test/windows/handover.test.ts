import { cpSync, linkSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { runScript } from "../support/commands.ts";
import { createSignedInHome, PROGRAM, runProgram, type Home } from "../support/home.ts";
import { CHECKOUT } from "../support/program.ts";

/** The npm package on Windows, where the standalone program is a child process of Node. */

const { version } = JSON.parse(readFileSync(join(CHECKOUT, "package.json"), "utf8")) as {
  version: string;
};

/** Installs both packages as npm does. @returns the words that npm's script starts */
function install(home: Home, program: (path: string) => void): readonly [string, string] {
  const modules = join(home.path, "node_modules");
  const names = ["completion.cjs", "fast-path.cjs", "handover.cjs", "bundle"];
  const files = [
    "bin",
    "package.json",
    "oclif.manifest.json",
    ...names.map((name) => `dist/${name}`),
  ];
  for (const file of files)
    cpSync(join(CHECKOUT, file), join(modules, "latchkey", file), { recursive: true });
  const path = join(modules, "latchkey-windows-x64", "bin", "latchkey.exe");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(join(modules, "latchkey-windows-x64", "package.json"), JSON.stringify({ version }));
  program(path);
  return [process.execPath, join(modules, "latchkey", "bin", "run.js")];
}

test("the program takes over: it gets the streams and words, and its exit code is returned", async () => {
  const home = await createSignedInHome();
  const start = install(home, (path) => linkSync(PROGRAM[0], path));
  const run = (argv: readonly string[], input?: string) =>
    runProgram([...start, ...argv], home.env, input === undefined ? {} : { input });
  expect((await run(["--version"])).stdout).toMatch(/ bun-\S+\n$/);
  const words = ["", "a b", 'q"uote', "100%", "a&b", "tail\\", "é"];
  const script = `process.stdin.on("data", (text) => console.log(JSON.stringify([String(text), ...words]))).on("end", () => process.exit(9));`;
  const child = await run(["exec", "okta", "--", ...runScript(script, ...words)], "in");
  expect(child, child.stderr).toMatchObject({ exitCode: 9 });
  expect(JSON.parse(child.stdout)).toEqual(["in", ...words]);
  expect(await run(["whoami", "nobody"])).toMatchObject({ exitCode: 7, stdout: "" });
});

test("if Windows can't start the program, Node goes on, and --debug reports it", async () => {
  const home = await createSignedInHome();
  const start = install(home, (path) => writeFileSync(path, "MZ and no more"));
  const version = await runProgram([...start, "--version"], home.env);
  expect(version).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/ node-\S+\n$/) });
  const { stderr } = await runProgram([...start, "profiles", "--debug"], home.env);
  expect(stderr).toMatch(/runs on Node: .*latchkey\.exe could not be started \(\w+\)/);
});
