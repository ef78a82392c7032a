import fc from "fast-check";
import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import {
  formatChanges,
  installationLine,
  isProcessWord,
  isShell,
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
import { CANARY, listHostileTexts } from "../support/shell.ts";
import { createHome } from "../support/home.ts";

/** Runs a script in a shell of this machine that reads no start file. */
function run(shell: string, script: string): string {
  return execFileSync(shell, ["-c", script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env["PATH"] },
  });
}

describe.each(["bash", "dash", "sh"])("what is written for bash, in a real %s", (shell) => {
  test("gives hostile text back as it was, and runs none of it", async () => {
    const home = await createHome();
    const texts = listHostileTexts(home);
    const script = texts
      .map(
        (text) => `${formatChanges("bash", new Map([["VALUE", text]]))}printf '%s\\0' "$VALUE"\n`,
      )
      .join("");
    expect(run(shell, script).split("\0").slice(0, -1)).toEqual(texts);
    expect(home.exists(CANARY)).toBe(false);
  });

  test("takes a variable away", () => {
    expect(
      run(
        shell,
        `export VALUE=1\n${formatChanges("bash", new Map([["VALUE", undefined]]))}echo "\${VALUE-gone}"`,
      ),
    ).toBe("gone\n");
  });
});

/** Readers of each shell's own literals, written from its manual: what the text between the quotes means. */
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
};

function runPosix(literal: string): string | undefined {
  return /^(?:'[^']*'|\\')+$/.test(literal)
    ? literal.replace(
        /'([^']*)'|\\(')/g,
        (_, inside: string | undefined, quote: string | undefined) => inside ?? quote ?? "",
      )
    : undefined;
}

test.each(SHELLS)("any text quoted for %s is one literal that means that text", (shell) => {
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

test("a NUL and a name that is none are bugs, and reach no shell", () => {
  expect(() => quote("bash", "a\0b")).toThrow(RangeError);
  expect(() => formatChanges("bash", new Map([["A;touch x", "1"]]))).toThrow(RangeError);
});

test("each shell has its own forms of setting and unsetting", () => {
  const changes = new Map([
    ["AWS_PROFILE", "okta"],
    ["AWS_REGION", undefined],
  ]);
  expect(Object.fromEntries(SHELLS.map((shell) => [shell, formatChanges(shell, changes)]))).toEqual(
    {
      bash: "export AWS_PROFILE='okta'\nunset AWS_REGION\n",
      zsh: "export AWS_PROFILE='okta'\nunset AWS_REGION\n",
      fish: "set -gx AWS_PROFILE 'okta'\nset -e AWS_REGION\n",
      powershell:
        "$Env:AWS_PROFILE = 'okta'\nRemove-Item -ErrorAction SilentlyContinue Env:AWS_REGION\n",
    },
  );
});

test("the hint names the shell that SHELL names, and that shell's own start file", () => {
  expect([
    guessShell("/usr/bin/fish", "linux"),
    guessShell("/bin/zsh", "darwin"),
    guessShell("/bin/ksh", "linux"),
    guessShell(undefined, "win32"),
  ]).toEqual(["fish", "zsh", "bash", "powershell"]);
  for (const shell of SHELLS) expect(installationLine(shell).line).toContain(`shell-init ${shell}`);
  expect(isShell("tcsh")).toBe(false);
});

test("the hooks keep shells with strict settings, and dash can read bash's", () => {
  run("bash", `set -euo pipefail\n${shellHook("bash")}\nlatchkey_prompt`);
  execFileSync("dash", ["-n"], { input: shellHook("bash") });
  for (const shell of SHELLS) expect(shellHook(shell)).not.toContain("undefined");
});

describe("the words of a credential_process line", () => {
  const words = fc.array(
    fc.string({ minLength: 1, unit: fc.constantFrom(...Array.from("aZ0-./\\:' \u00a0é()")) }),
    { minLength: 1, maxLength: 5 },
  );

  test("come back as they were joined, a Windows path and an apostrophe, too", () => {
    fc.assert(
      fc.property(words, (all) => {
        expect(all.every(isProcessWord)).toBe(true);
        expect(splitProcessWords(joinProcessWords(all))).toEqual(all);
      }),
    );
  });

  test("are what a POSIX splitter makes of the line, where none has a backslash or an apostrophe", () => {
    fc.assert(
      fc.property(words, (all) => {
        fc.pre(all.every((word) => !/[\\']/.test(word)));
        expect(splitShellWords(joinProcessWords(all))).toEqual(all);
      }),
    );
  });

  test.each(['a"b', "$HOME", "`id`", "%PATH%", "a\nb"])("are never like %j", (word) => {
    expect(isProcessWord(word)).toBe(false);
  });
});

test("a word for people to copy is the same word to a POSIX splitter", () => {
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
