import { describe, expect, test } from "vitest";
import {
  callsItself,
  isReadDifferently,
  needsShell,
  parseProgram,
} from "../../src/doctor/rules/processes.ts";

/** How the rules for `credential_process` judge a line, by platform. */

describe("the program of a line is its first word, unless only a shell can find it", () => {
  test.each([
    ["linux", "/usr/bin/x --a", "/usr/bin/x"],
    ["linux", "x --a", "x"],
    ["linux", `/h/"o'brien"/x --a`, "/h/o'brien/x"],
    ["linux", "/h/'with space'/x", "/h/with space/x"],
    ["linux", "/h/o'brien/x --a", undefined],
    ["linux", "~/x", undefined],
    ["linux", "$HOME/x", undefined],
    ["linux", "Z:\\w\\latchkey.exe --a", "Z:wlatchkey.exe"],
    ["win32", "Z:\\w\\latchkey.exe --a", "Z:\\w\\latchkey.exe"],
    ["win32", '"C:\\with space\\latchkey.exe" --a', "C:\\with space\\latchkey.exe"],
    ["win32", "C:\\o'brien\\latchkey.exe --a", "C:\\o'brien\\latchkey.exe"],
    ["win32", "%USERPROFILE%\\x.exe", undefined],
    ["win32", '"C:\\x.exe', undefined],
  ])("on %s: %s", (platform, line, program) => {
    expect(parseProgram(line, platform)).toBe(program);
  });
});

describe("whether a shell does more than split the words", () => {
  test.each([
    ["linux", "/bin/x a b", false],
    ["linux", "/bin/'a(b)'/x '$HOME' \"a;b\"", false],
    ["linux", `/h/"o'brien"/x 'a | b'`, false],
    ["linux", `/h/"o'brien"/x a | b`, true],
    ["linux", "/bin/a\\(b\\)/x", false],
    ["linux", "/bin/a(b)/x", true],
    ["linux", "~/x", true],
    ["linux", "/bin/x a~b", false],
    ["linux", '/bin/x "$HOME"', true],
    ["linux", '/bin/x "\\$HOME"', true],
    ["linux", "/bin/x `id`", true],
    ["linux", "/bin/x 100%", false],
    ["win32", "C:\\a(b)\\x.exe ~ $HOME `id`", false],
    ["win32", "C:\\x.exe a & b", true],
    ["win32", 'C:\\x.exe "a & b"', false],
    ["win32", 'C:\\x.exe "%USERNAME%"', true],
    ["win32", "C:\\x.exe 100%", false],
  ])("on %s: %s: %s", (platform, line, expected) => {
    expect(needsShell(line, platform)).toBe(expected);
  });
});

describe("whether clients read the line differently", () => {
  test.each([
    ["linux", "/with' 'space/x a", false],
    ["linux", '"/with space/x" a', true],
    ["linux", "/with\\ space/x a", true],
    ["win32", "C:\\PROGRA~1\\x.exe a", false],
    ["win32", '"C:\\with space\\x.exe" a', true],
    ["win32", 'C:\\x.exe "a b"', true],
  ])("on %s: %s: %s", (platform, line, expected) => {
    expect(isReadDifferently(line, platform)).toBe(expected);
  });
});

describe("whether a line asks for the profile itself, with a flag or as latchkey's argument", () => {
  test.each([
    ["aws configure export-credentials --profile b", true],
    ["/opt/latchkey credential-process --profile=b", true],
    ["/opt/latchkey credential-process b", true],
    ["latchkey export --format process b", true],
    ["latchkey credential-process okta", false],
    ["latchkey credential-process --sso-session b --account-id 1 --role-name b", false],
    ["aws configure export-credentials b", false],
    ["/opt/b credential-process b", false],
  ])("%s: %s", (line, expected) => {
    expect(callsItself(line.split(" "), "b")).toBe(expected);
  });
});
