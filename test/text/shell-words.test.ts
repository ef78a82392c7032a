import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  formatChanges,
  installationLine,
  isProcessWord,
  isShell,
  isWindowsLine,
  guessShell,
  joinProcessWords,
  quote,
  quoteShellWord,
  SHELLS,
  splitProcessWords,
  splitShellWords,
  type Shell,
} from "../../src/text/shell-words.ts";
import { shellHook } from "../../src/shell/hook.ts";
import { CANARY, listHostileTexts } from "../support/hostile-texts.ts";
import { createEmulatedHome } from "../support/emulated-home.ts";
import { NO_SHELL, testOnPosixOnly } from "../support/windows.ts";

/** Runs a script in a shell that reads no start file. */
function run(shell: string, script: string): string {
  return execFileSync(shell, ["-c", script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] },
  });
}

describe.each(["bash", "dash", "sh"])("output for bash, in a real %s", (shell) => {
  testOnPosixOnly(NO_SHELL)("returns hostile text unchanged, and runs none of it", async () => {
    const home = await createEmulatedHome();
    const texts = listHostileTexts(home);
    const script = texts
      .map(
        (text) => `${formatChanges("bash", new Map([["VALUE", text]]))}printf '%s\\0' "$VALUE"\n`,
      )
      .join("");
    expect(run(shell, script).split("\0").slice(0, -1)).toEqual(texts);
    expect(home.exists(CANARY)).toBe(false);
  });

  testOnPosixOnly(NO_SHELL)("removes a variable", () => {
    expect(
      run(
        shell,
        `export VALUE=1\n${formatChanges("bash", new Map([["VALUE", undefined]]))}echo "\${VALUE-gone}"`,
      ),
    ).toBe("gone\n");
  });
});

/** Parsers of each shell's literals, written from its manual. They return the text between the quotes. */
const READERS: Readonly<Record<Shell, (literal: string) => string | undefined>> = {
  bash: runPosix,
  zsh: runPosix,
  fish: (literal) =>
    /^'(?:[^'\\]|\\[\\'])*'$/.test(literal)
      ? literal.slice(1, -1).replace(/\\([\\'])/g, "$1")
      : undefined,
  powershell: (literal) =>
    /^'(?:[^'\u2018-\u201b]|'{2}|\u2018{2}|\u2019{2}|\u201a{2}|\u201b{2})*'$/.test(literal)
      ? literal.slice(1, -1).replace(/(['\u2018-\u201b])\1/g, "$1")
      : undefined,
  nushell: (literal) => JSON.parse(literal) as string,
};

function runPosix(literal: string): string | undefined {
  return /^(?:'[^']*'|\\')+$/.test(literal)
    ? literal.replace(
        /'([^']*)'|\\(')/g,
        (_, inside: string | undefined, quote: string | undefined) => inside ?? quote ?? "",
      )
    : undefined;
}

test.each(SHELLS)("any text quoted for %s is one literal with that value", (shell) => {
  fc.assert(
    fc.property(
      fc.string({
        unit: fc.constantFrom(
          "'",
          "\\",
          "\u2018",
          "\u2019",
          "\u201a",
          "\u201b",
          "\n",
          "$",
          "`",
          '"',
          "a",
          " ",
          "é",
          "\u{1f511}",
        ),
      }),
      (text) => {
        expect(READERS[shell](quote(shell, text))).toBe(text);
      },
    ),
  );
});

test("a NUL or an invalid name is a bug, and never reaches a shell", () => {
  expect(() => quote("bash", "a\0b")).toThrow(RangeError);
  expect(() => formatChanges("bash", new Map([["A;touch x", "1"]]))).toThrow(RangeError);
});

test("each shell has its own syntax to set and unset variables", () => {
  const changes = new Map([
    ["AWS_PROFILE", "okta"],
    ["AWS_REGION", undefined],
  ]);
  expect(Object.fromEntries(SHELLS.map((shell) => [shell, formatChanges(shell, changes)]))).toEqual(
    {
      bash: "export AWS_PROFILE='okta'\nunset AWS_REGION\n",
      zsh: "export AWS_PROFILE='okta'\nunset AWS_REGION\n",
      fish: "set -gx AWS_PROFILE 'okta'\nset -e AWS_REGION\n",
      powershell: "$Env:AWS_PROFILE = 'okta'\n$Env:AWS_REGION = $null\n",
      nushell: '{"AWS_PROFILE":"okta","AWS_REGION":null}\n',
    },
  );
});

test("the hint names the shell in SHELL, or PowerShell for its children, and the start file", () => {
  expect([
    guessShell({ SHELL: "/usr/bin/fish" }, "linux"),
    guessShell({ SHELL: "/bin/zsh" }, "darwin"),
    guessShell({ SHELL: "/bin/ksh" }, "linux"),
    guessShell({}, "win32"),
    guessShell({ SHELL: "C:\\Program Files\\Git\\usr\\bin\\bash.exe" }, "win32"),
    guessShell({ SHELL: "/bin/bash", PSModulePath: "/usr/share" }, "linux"),
  ]).toEqual(["fish", "zsh", "bash", "powershell", "bash", "powershell"]);
  for (const shell of SHELLS) expect(installationLine(shell).line).toContain(`shell-init ${shell}`);
  expect(isShell("tcsh")).toBe(false);
});

testOnPosixOnly(NO_SHELL)(
  "the hooks work with strict shell options, and dash can parse the one for bash",
  () => {
    run("bash", `set -euo pipefail\n${shellHook("bash")}\nlatchkey_prompt`);
    execFileSync("dash", ["-n"], { input: shellHook("bash") });
    for (const shell of SHELLS) expect(shellHook(shell)).not.toContain("undefined");
  },
);

describe.each(["linux", "win32"])("the words of a credential_process line on %s", (platform) => {
  const unit = fc.constantFrom(...Array.from("aZ0-./\\:' \u00a0é()&;#=~*"));
  const word = fc.string({ minLength: 1, unit }).filter((text) => isProcessWord(text, platform));

  test("are the same after joining them and splitting them like botocore", () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (all) => {
        expect(splitProcessWords(joinProcessWords(all, platform), platform)).toEqual(all);
      }),
    );
  });

  test.each(['a"b', "$HOME", "`id`", "%PATH%", "a\nb"])("never include %j", (text) => {
    expect(isProcessWord(text, platform)).toBe(false);
  });
});

test.each([
  ["linux", "/opt/plain-1.0/latchkey", "/opt/plain-1.0/latchkey"],
  ["linux", "/home/josé/latchkey", "/home/josé/latchkey"],
  ["linux", "/with space/latchkey", "/'with space'/latchkey"],
  ["linux", "/o'brien/x", `/"o'brien"/x`],
  ["linux", "/it's a b/c d/x", `/"it's a b"/'c d'/x`],
  ["linux", "/amp&x;y/a(b)/x", "/'amp&x;y'/'a(b)'/x"],
  ["linux", "/a #b/x", "/'a ''#b'/x"],
  ["linux", "b;id>x", "'b;id>x'"],
  ["darwin", "/Applications/My App/x", "/Applications/'My App'/x"],
  ["win32", "C:\\w\\latchkey.exe", "C:\\w\\latchkey.exe"],
  ["win32", "C:\\PROGRA~1\\x.exe", "C:\\PROGRA~1\\x.exe"],
  ["win32", "C:\\o'brien (b)\\x.exe", `"C:\\o'brien (b)\\x.exe"`],
  ["win32", "a b\\", '"a b\\\\"'],
])("on %s, %s is written as %s", (platform, word, written) => {
  expect(joinProcessWords([word], platform)).toBe(written);
});

test.each([
  ["linux", "a\\b", false],
  ["win32", "a\\b", true],
  ["linux", "a #b", true],
  ["win32", "a #b", false],
])("on %s, every client reads %s in the same way: %s", (platform, word, expected) => {
  expect(isProcessWord(word, platform)).toBe(expected);
});

test.each([
  ["C:\\w\\x.exe -a b", ["C:\\w\\x.exe", "-a", "b"]],
  ['"C:\\with space\\x.exe" -a', ["C:\\with space\\x.exe", "-a"]],
  ['C:\\with" "space\\x.exe', ["C:\\with space\\x.exe"]],
  ["'a b'", ["'a", "b'"]],
  ['"a\\\\" b', ["a\\", "b"]],
  ['"a\\"b" c', ['a"b', "c"]],
  ['a\\\\\\"b', ['a\\"b']],
  ['a "" b', ["a", "", "b"]],
  ["  a\tb  ", ["a", "b"]],
  ['"a b', undefined],
])("%s is split like botocore does on Windows", (line, expected) => {
  expect(splitProcessWords(line, "win32")).toEqual(expected);
});

test.each([
  ["C:\\x.exe", true],
  ['"c:/a b/x.exe" y', true],
  ["\\\\server\\x.exe", true],
  ["/usr/bin/x", false],
  ["latchkey.exe", false],
])("%s is a line for Windows: %s", (line, expected) => {
  expect(isWindowsLine(line)).toBe(expected);
});

test("a word quoted for people is the same word for a POSIX splitter", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), (word) => {
      expect(splitShellWords(quoteShellWord(word))).toEqual([word]);
    }),
  );
});

test.each([
  ["a 'b c' \"d e\"", ["a", "b c", "d e"]],
  ["a\\ b", ["a b"]],
  ['"a\\"b\\\\c\\d"', ['a"b\\c\\d']],
  ["a'b'c", ["abc"]],
  ["''", [""]],
  ["  ", []],
  ["'a", undefined],
  ['"a', undefined],
  ["a\\", undefined],
])("%j is split as Python's shlex does", (line, expected) => {
  expect(splitShellWords(line)).toEqual(expected);
});
