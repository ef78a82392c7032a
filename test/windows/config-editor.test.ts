import { expect, test } from "vitest";
import { createSignedInHome, SESSION_CONFIG } from "../support/home.ts";

/** A config as Notepad writes it: a byte order mark, and CRLF at the end of each line. */

const toNotepad = (text: string): string => `\ufeff${text.replaceAll("\n", "\r\n")}`;
const FORM = ["--sso-session", "corp", "--account-id", "100000000001"];
const ROLE = ["--role-name", "ViewOnlyAccess", "--region", "eu-west-1"];

test("configure, profiles sync and undo keep every byte of it, and new lines have the same line ends", async () => {
  const home = await createSignedInHome();
  const before = toNotepad(`# mine\n${SESSION_CONFIG}`);
  home.write(".aws/config", before);
  const steps = [
    ["configure", "--profile", "mine", ...FORM, ...ROLE, "--yes"],
    ["configure", "--profile", "line", "--form", "credential-process", ...FORM, ...ROLE, "--yes"],
    ["profiles", "sync", "--sso-session", "corp", "--yes"],
  ];
  for (const argv of steps) {
    expect(await home.run(argv), argv.join(" ")).toMatchObject({ exitCode: 0 });
    const after = home.read(".aws/config");
    expect(after.startsWith(before)).toBe(true);
    expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
  }
  for (const _ of steps)
    expect(await home.run(["profiles", "undo", "--yes"])).toMatchObject({ exitCode: 0 });
  expect(home.read(".aws/config")).toBe(before);
});

test("doctor finds nothing wrong with what configure --form credential-process wrote", async () => {
  const home = await createSignedInHome();
  const argv = ["configure", "--profile", "line", "--form", "credential-process"];
  expect(await home.run([...argv, ...FORM, ...ROLE, "--yes"])).toMatchObject({ exitCode: 0 });
  const { stdout, exitCode } = await home.run(["doctor", "--offline", "--json"]);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ findings: [] });
});

test("NUL is an empty config for reading, and is refused for writing", async () => {
  const home = await createSignedInHome();
  for (const AWS_CONFIG_FILE of ["NUL", "nul:", "\\\\.\\NUL"]) {
    expect(await home.run(["profiles"], { env: { AWS_CONFIG_FILE } })).toMatchObject({
      exitCode: 0,
    });
    const argv = ["configure", "--profile", "new", "--start-url", "https://emu.awsapps.com/start"];
    const answers = [...FORM, ...ROLE, "--sso-region", "us-east-1", "--yes"];
    expect(
      await home.run([...argv, ...answers], { env: { AWS_CONFIG_FILE } }),
      AWS_CONFIG_FILE,
    ).toMatchObject({
      exitCode: 7,
      stderr: expect.stringMatching(/ is not a regular file\.\n.*hint: Unset the variable/i),
    });
  }
});
