import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ProgramConfig, type Package } from "../../src/oclif/config.ts";
import LatchkeyHelp from "../../src/oclif/help.ts";
import { SETTING_KEYS } from "../../src/settings/settings.ts";
import { CHECKOUT } from "../support/checkout.ts";
import { listHelpExamples } from "../support/examples.ts";

const readJson = (file: string): unknown => JSON.parse(readFileSync(join(CHECKOUT, file), "utf8"));

const PROGRAM: Package = {
  packageJson: readJson("package.json") as Package["packageJson"],
  manifest: readJson("oclif.manifest.json") as Package["manifest"],
  root: CHECKOUT,
};
const COMMANDS = Object.entries(PROGRAM.manifest.commands);

const COLUMNS = 80;
const LINES = 40;

/** Commands with more flags than a screen has lines. */
const BIG: ReadonlySet<string> = new Set(["configure", "profiles:sync", "federation:check"]);

const VERBS = new Set(
  (
    "Ask Check Explain Find Grant List Mark Open Print Remove Rename Run Show Sign Switch Try " +
    "Undo Write"
  ).split(" "),
);

async function readHelp(words: readonly string[]): Promise<string> {
  const shown: string[] = [];
  class KeptHelp extends LatchkeyHelp {
    protected override log(...lines: string[]): void {
      shown.push(`${lines.join(" ")}\n`);
    }
  }
  const options = { maxWidth: COLUMNS, stripAnsi: true };
  await new KeptHelp(new ProgramConfig(PROGRAM), options).showHelp([...words]);
  return shown.join("");
}

/** The lines that a terminal needs: a line that is to be copied may be longer than the terminal is wide. */
function splitScreenLines(text: string): string[] {
  return text
    .trimEnd()
    .split("\n")
    .flatMap((line) => line.match(/.{1,80}/gu) ?? [""]);
}

describe.each(COMMANDS)("the help of %s", (id, { summary = "", flags }) => {
  test("has a summary of less than 60 characters that begins with a verb", () => {
    expect(summary.length).toBeLessThan(60);
    expect(VERBS).toContain(summary.split(" ")[0]);
    expect(summary).not.toMatch(/\.$/);
  });

  test("fits a screen, or shows the usage, the examples and the common flags on the first one", async () => {
    const lines = splitScreenLines(await readHelp(id.split(":")));
    if (!BIG.has(id)) return expect(lines.length).toBeLessThanOrEqual(LINES);
    const screen = lines.slice(0, LINES).join("\n");
    const common = Object.values(flags).filter(
      ({ hidden, helpGroup }) => hidden !== true && helpGroup === undefined,
    );
    expect(screen).toMatch(/^USAGE$[^]*^EXAMPLES$[^]*^FLAGS$/m);
    expect(common.length).toBeGreaterThan(5);
    for (const { name } of common)
      expect(screen).toMatch(new RegExp(`^ +(-\\w, )?--${name}\\b`, "m"));
  });

  test("has its sections in the order of use, and a line of the description no wider than the screen", async () => {
    const help = await readHelp(id.split(":"));
    const headers = [...help.matchAll(/^(USAGE|EXAMPLES|ARGUMENTS|FLAGS|DESCRIPTION)$/gm)];
    const order = ["USAGE", "EXAMPLES", "ARGUMENTS", "FLAGS", "DESCRIPTION"];
    const found = headers.map(([header]) => header);
    expect(found).toEqual(order.filter((header) => found.includes(header)));
    const toCopy = /^ {4}\w+, [~$]/;
    for (const line of help.split("\n").filter((one) => !toCopy.test(one)))
      expect(line).toMatch(/^.{0,80}$/u);
  });

  test("breaks examples as a shell joins them", async () => {
    const help = await readHelp(id.split(":"));
    const joined = help.replaceAll(/ [\\`]\n +/g, " ");
    for (const { line } of listHelpExamples().filter(({ of }) => of === id.replaceAll(":", " ")))
      expect(joined).toContain(`  $ ${line}\n`);
  });
});

describe("the help of the program", () => {
  test("fits a screen and names every command, or its group", async () => {
    const help = await readHelp(["--help"]);
    expect(splitScreenLines(help).length).toBeLessThanOrEqual(LINES);
    for (const [id] of COMMANDS)
      expect(help).toMatch(new RegExp(`^ {2}${id.split(":")[0]} +[A-Z]`, "m"));
    for (const line of help.split("\n")) expect(line).toMatch(/^.{0,80}$/u);
  });

  test("explains the global flags, which the help of a command only names", async () => {
    expect(await readHelp(["--help"])).toMatch(/^GLOBAL FLAGS\n {2}--json +print one JSON value/m);
    expect(await readHelp(["status"])).toMatch(
      /^GLOBAL FLAGS\n {2}--debug, --json, --no-color, --timeout=SECONDS {2}see latchkey --help$/m,
    );
  });

  test("settings --help names every setting", async () => {
    const help = await readHelp(["settings"]);
    for (const key of SETTING_KEYS) expect(help).toMatch(new RegExp(`^ +${key} {2,}\\S`, "m"));
  });

  test("a variable that sets a flag is named below the flags that have one", async () => {
    expect(await readHelp(["login"])).toContain(
      "[env]: a variable sets it too, such as LATCHKEY_PROFILE for --profile.",
    );
    expect(await readHelp(["status"])).not.toContain("[env]");
  });
});
