import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { namePage } from "../../scripts/build/man/command-page.ts";
import { formatExample, formatParagraphs, formatTitle } from "../../scripts/build/man/roff.ts";
import { formatManPages } from "../../scripts/build/man/write.ts";
import { findProgram } from "../../src/fs/programs.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { runProgram } from "../support/home.ts";
import { PROGRAM } from "../support/program.ts";

const PAGES = formatManPages("2026-11-30");
const ENV = { PATH: process.env["PATH"] ?? "" };

/** The ids of all commands, as words. */
const COMMANDS = Object.keys(
  (
    JSON.parse(readFileSync(join(CHECKOUT, "oclif.manifest.json"), "utf8")) as {
      commands: Readonly<Record<string, unknown>>;
    }
  ).commands,
).map((id) => id.replaceAll(":", " "));

/** Skipped if the tool is not installed: npm run setup:packages. */
function testWith(tool: string) {
  return test.skipIf(findProgram(tool, ENV.PATH) === undefined);
}

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "latchkey-man-"));
  mkdirSync(join(folder, "man1"));
  for (const [name, text] of PAGES) writeFileSync(join(folder, "man1", name), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Returns both streams of a program that shows pages, without wrapped lines. */
function read(program: string, argv: readonly string[], locale = "C.UTF-8"): string {
  const { stdout, stderr } = spawnSync(program, argv, {
    cwd: join(folder, "man1"),
    env: { ...ENV, LC_ALL: locale, MANWIDTH: "2000" },
    encoding: "utf8",
  });
  return stderr + stdout;
}

/** Returns the text below a heading. */
function cutSection(text: string, heading: RegExp): string {
  const [, after = ""] = text.split(heading);
  return after.split(/^\S/m)[0] ?? "";
}

/** Removes what only the help has (prompts, backquotes, continued lines), and differences in white space. */
function toPlainWords(text: string): string {
  return text
    .replaceAll(/^ *[$#] |`| \\$/gm, "")
    .replaceAll(/\s+/g, " ")
    .trim();
}

function listFlags(text: string): string[] {
  return [...text.matchAll(/^ +(?:-\w, +)?(--[\w-]+)/gm)].map(([, flag = ""]) => flag).toSorted();
}

describe("groff and mandoc find nothing wrong with any page", () => {
  testWith("man").each(["C", "C.UTF-8"])("man in the locale %s", (locale) => {
    for (const [name] of PAGES) {
      const [first, ...rest] = read("man", ["--warnings", "-l", name], locale).split("\n");
      expect(first, name).toMatch(/^(LATCHKEY[A-Z-]*\(1\)) +User Commands +\1$/);
      expect(rest.filter((line) => /troff|warning:|<standard input>/.test(line))).toEqual([]);
    }
  });

  testWith("mandoc")("mandoc's lint", () => {
    const names = PAGES.map(([name]) => name);
    expect(read("mandoc", ["-T", "lint", "-W", "warning", ...names])).toBe("");
  });
});

describe("text with a meaning in roff is printed literally", () => {
  const TYPED = [
    ".hidden 'quoted' \"twice\" \\n \\fBold -x --long-one `back` ^caret ~tilde a|b ..",
    "'leading \\(rs \\e \\",
    "latchkey export okta --format fish | source",
  ];

  test.for(TYPED)("%s", (line, { skip }) => {
    const title = formatTitle("odd", { date: "2026-11-30", source: "x" });
    const page = [title, formatParagraphs(line), ".PP", formatExample(line), ""];
    writeFileSync(join(folder, "man1", "odd.1"), page.join("\n"));
    const tools = ["man", "mandoc"].filter((tool) => findProgram(tool, ENV.PATH) !== undefined);
    if (tools.length === 0) skip("neither man nor mandoc is here");
    for (const tool of tools) {
      const text = read(tool, tool === "man" ? ["-l", "odd.1"] : ["-T", "utf8", "odd.1"]);
      // mandoc prints bold characters twice, with a backspace between them.
      const lines = text.replaceAll(/.\x08/g, "").split("\n");
      const shown = lines.map((shownLine) => shownLine.trim());
      expect(shown, tool).toContain(line);
      expect(shown, tool).toContain(line.replaceAll("`", ""));
    }
  });
});

testWith("man")("man finds the page of a command by its name", () => {
  const page = read("man", ["-M", folder, "latchkey-login"]);
  expect(cutSection(page, /^NAME$/m).trim()).toBe("latchkey-login - Sign in to an SSO session");
});

testWith("man")("the program's page names the page of every command", () => {
  const page = read("man", ["-M", folder, "latchkey"]);
  for (const command of COMMANDS)
    expect(page).toMatch(new RegExp(`^ +${namePage(command)}\\(1\\)$`, "m"));
  expect(cutSection(page, /^EXIT STATUS$/m)).toMatch(/^ +4 +SIGN_IN_REQUIRED: no usable token/m);
  expect(cutSection(page, /^FILES$/m)).toMatch(/^ +~\/\.aws\/latchkey\/locks\/$/m);
});

testWith("man").each(COMMANDS)(
  "%s: the page has the flags and examples of --help literally",
  async (command) => {
    const words = command.split(" ");
    const { stdout: help } = await runProgram([...PROGRAM, ...words, "--help"], ENV);
    const page = read("man", ["-l", `${namePage(command)}.1`]);
    const examples = toPlainWords(cutSection(help, /^EXAMPLES$/m));
    expect(examples).toMatch(/latchkey/);
    expect(toPlainWords(cutSection(page, /^EXAMPLES$/m))).toBe(examples);
    const sections = ["FLAGS", "MORE FLAGS", "SIGN-IN FLAGS"].map((heading) =>
      cutSection(help, new RegExp(`^${heading}$`, "m")),
    );
    const [globals = ""] = cutSection(help, /^GLOBAL FLAGS$/m).split(" see ");
    const flags = [
      ...listFlags(sections.join("\n")),
      ...[...globals.matchAll(/--[\w-]+/g)].map(([flag]) => flag),
    ].toSorted();
    expect(flags).toContain("--debug");
    expect(listFlags(page)).toEqual(flags);
  },
);
