import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runScript } from "../support/commands.ts";
import { createSignedInHome, PROGRAM, runProgram, SESSION_CONFIG } from "../support/home.ts";
import { CHECKOUT } from "../support/program.ts";
import { PYTHON_VARIABLES, WINDOWS_PYTHON } from "../support/windows-clients.ts";

/** exec and export with cmd.exe: its quoting, its scripts and its format. */

const EXEC = ["exec", "okta", "--"];

const HOSTILE_WORDS = [
  "",
  "a b",
  'q"uote',
  '"',
  "100%",
  "%USERPROFILE%",
  "a&b",
  "a^b",
  "!USERPROFILE!",
  "(p)",
  "a|b>c<d",
  "tail\\",
  'tail\\"',
  "it's",
  "é\u{1f511}",
  "--json",
];

test("a program gets its words unchanged, even if cmd.exe would change them", async () => {
  const home = await createSignedInHome();
  const command = runScript("console.log(JSON.stringify(words));", ...HOSTILE_WORDS);
  const { stdout, stderr } = await home.run([...EXEC, ...command]);
  expect(JSON.parse(stdout), stderr).toEqual(HOSTILE_WORDS);
});

test.each(["cmd", "bat"])(
  "a .%s gets its words unchanged, also in a folder with a blank and by its bare name",
  async (kind) => {
    const home = await createSignedInHome();
    const script = home.write("show.mjs", "console.log(JSON.stringify(process.argv.slice(2)));");
    const folder = home.write(`my tools/show.${kind}`, `@"${process.execPath}" "${script}" %*\r\n`);
    const path = folder.replace(/[\\/][^\\/]+$/, "");
    const env = { PATH: `${path};${home.env["PATH"]}` };
    // As beside npm.cmd: a sh script with the bare name.
    home.write("my tools/show", "#!/bin/sh\n");
    for (const program of [folder, "show"]) {
      const { stdout, stderr } = await home.run([...EXEC, program, ...HOSTILE_WORDS], { env });
      expect(JSON.parse(stdout), stderr).toEqual(HOSTILE_WORDS);
    }
  },
);

test("the exit code is that of the program, of cmd.exe or of the script; 127 if the command does not exist", async () => {
  const home = await createSignedInHome();
  const script = home.write("five.cmd", "@exit /b 5\r\n");
  for (const [command, exitCode] of [
    [runScript("process.exitCode = 3;"), 3],
    [["cmd", "/d", "/c", "exit 7"], 7],
    [[script], 5],
    [["no-such-program"], 127],
    [[`${home.path}\\no-such-script.cmd`], 127],
  ] as const)
    expect(await home.run([...EXEC, ...command]), command[0]).toMatchObject({ exitCode });
  const expanded = home.write("100%PATH%/five.cmd", "@exit /b 5\r\n");
  expect(await home.run([...EXEC, expanded])).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("cmd.exe would expand the % in its path"),
  });
});

test("Ctrl-C goes to the command, which ends in its own time and with its own exit code", async () => {
  const home = await createSignedInHome();
  const output = home.write("output", "");
  const command = runScript(
    'process.on("SIGINT", () => setTimeout(() => { console.log("cleaned"); process.exit(5); }, 500)); console.log("ready"); setInterval(() => undefined, 1000);',
  );
  const pressed = await runProgram(
    [
      WINDOWS_PYTHON,
      join(CHECKOUT, "test", "windows", "press_ctrl_c.py"),
      output,
      ...PROGRAM,
      ...EXEC,
      ...command,
    ],
    { ...home.env, ...PYTHON_VARIABLES },
  );
  expect(pressed, pressed.stderr).toMatchObject({ exitCode: 0, stdout: "5\r\n" });
  expect(home.read("output")).toBe("ready\ncleaned\n");
});

test("cmd.exe has the credentials in its environment", async () => {
  const home = await createSignedInHome();
  const { stdout } = await home.run([...EXEC, "cmd", "/d", "/c", "echo %AWS_ACCOUNT_ID%"]);
  expect(stdout.trimEnd()).toBe("100000000001");
});

test("without a command, cmd.exe is opened, also if SHELL is a path of Cygwin", async () => {
  const home = await createSignedInHome();
  const typed = { env: { SHELL: "/usr/bin/bash" }, input: "echo [%AWS_ACCOUNT_ID%]\r\nexit\r\n" };
  expect(await home.run(["exec", "okta"], typed)).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining("[100000000001]\r\n"),
  });
});

test("the output of export --format windows-cmd sets exactly these values in a script of cmd.exe", async () => {
  const home = await createSignedInHome();
  const { stdout, exitCode } = await home.run(["export", "okta", "--format", "windows-cmd"]);
  expect(exitCode).toBe(0);
  const show = home.write(
    "show.mjs",
    'console.log(JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("AWS_") && !/ENDPOINT/.test(name)))));',
  );
  const script = home.write(
    "set.cmd",
    `@echo off\r\n${stdout}\r\n"${process.execPath}" "${show}"\r\n`,
  );
  const shown = spawnSync("cmd.exe", ["/d", "/c", script], { env: home.env, encoding: "utf8" });
  const json = await home.runJson<Record<string, string>>(["export", "okta"]);
  expect(JSON.parse(shown.stdout), shown.stderr).toMatchObject({
    AWS_ACCESS_KEY_ID: json["AccessKeyId"],
    AWS_SECRET_ACCESS_KEY: json["SecretAccessKey"],
    AWS_SESSION_TOKEN: json["SessionToken"],
  });
});

test.each([
  "a&echo canary>canary",
  "a|echo canary>canary",
  "%USERPROFILE%",
  "a^b",
  'q"&echo canary>canary',
])(
  "the key %j is either refused for cmd.exe or set unchanged, and no part of it is run",
  async (key) => {
    const home = await createSignedInHome();
    home.write(
      ".aws/config",
      `${SESSION_CONFIG}[profile hostile]\naws_access_key_id = AKIAEXAMPLE000000000\naws_secret_access_key = ${key}\n`,
    );
    const result = await home.run(["export", "hostile", "--format", "windows-cmd"]);
    const script = home.write(
      "set.cmd",
      `@echo off\r\n${result.stdout}\r\n"${process.execPath}" -p process.env.AWS_SECRET_ACCESS_KEY\r\n`,
    );
    const options = { env: home.env, encoding: "utf8", cwd: home.path } as const;
    const shown = spawnSync("cmd.exe", ["/d", "/c", script], options);
    expect(home.exists("canary")).toBe(false);
    if (result.exitCode === 0) expect(shown.stdout.trimEnd()).toBe(key);
    else expect(result.stdout).toBe("");
  },
);
