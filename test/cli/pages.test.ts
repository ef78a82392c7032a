import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  createExampleHome,
  expectExitCode,
  listShellBlocks,
  runLine,
  type RanLine,
} from "../support/examples.ts";
import type { Home } from "../support/home.ts";
import { patience } from "../support/patience.ts";
import { writeSignIn } from "../support/sign-in-files.ts";

/** The commands in the pages of docs/, run by `sh` exactly as printed. */

const readPage = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");

interface Row {
  readonly old: string;
  readonly ours: string;
}

function listRows(): Row[] {
  return [...readPage("moving-over.md").matchAll(/^\| `([^`]+)` \| `(latchkey[^`]*)` \|/gm)].map(
    ([, old = "", ours = ""]) => ({ old, ours }),
  );
}

/** Without a terminal, these commands need answers or --yes. */
const ASKING: ReadonlySet<string> = new Set([
  "latchkey configure",
  "latchkey configure session",
  "latchkey configure okta",
  "latchkey use",
  "latchkey profiles sync",
  "latchkey import granted",
  "latchkey import aws-sso",
  "latchkey import aws-sso-util",
]);

/** The errors that they print then. */
const ASKED = /Answers are missing|Which profile\?|Add --yes/;

/** The old tool's line with latchkey in front; undefined if it is not a line of a tool with its own commands. */
function toOurProgram(old: string): string | undefined {
  if (old.startsWith("assume")) return `latchkey ${old}`;
  if (old.startsWith("awsume")) return old.replace("awsume", "latchkey use");
  const [, words] =
    /^(?:aws|aws-vault|granted|aws-sso|aws-sso-util|saml2aws)(?: (.+))?$/.exec(old) ?? [];
  return words === undefined ? undefined : `latchkey ${words}`;
}

const fill = (line: string): string =>
  line.replaceAll("NAME", "okta").replaceAll('"COMMAND"', '"true"').replaceAll("COMMAND", "true");

/** Runs the lines in order, each signed in. */
async function runEach(home: Home, lines: readonly string[]): Promise<RanLine[]> {
  const ran: RanLine[] = [];
  for (const line of lines) {
    writeSignIn(home);
    ran.push(await runLine(home, { of: "page", line: fill(line) }));
  }
  return ran;
}

async function runLines(lines: readonly string[]): Promise<RanLine[]> {
  const half = Math.ceil(lines.length / 2);
  const homes = [await createExampleHome(true), await createExampleHome(true)] as const;
  const ran = await Promise.all([
    runEach(homes[0], lines.slice(0, half)),
    runEach(homes[1], lines.slice(half)),
  ]);
  return ran.flat();
}

describe("docs/moving-over.md", () => {
  test(
    "every latchkey command succeeds, or reports which answer is missing",
    { tags: ["long"], timeout: patience(120_000) },
    async () => {
      const lines = [...new Set(listRows().map(({ ours }) => ours))];
      expect(lines.length).toBeGreaterThan(30);
      const ran = await runLines(lines);
      const wrong = ran.filter(({ line, exitCode }) => exitCode !== (ASKING.has(line) ? 2 : 0));
      expect(wrong).toEqual([]);
    },
  );

  test(
    "every command of another tool, typed after latchkey, runs or is answered with the command in its row",
    { tags: ["long"], timeout: patience(120_000) },
    async () => {
      const rows = listRows().flatMap(({ old, ours }) => {
        const line = toOurProgram(old);
        return line === undefined ? [] : [{ line, command: ours.split(" ").slice(0, 2).join(" ") }];
      });
      expect(rows.length).toBeGreaterThan(45);
      const ran = await runLines(rows.map(({ line }) => line));
      const wrong = ran.filter(({ exitCode, output }, index) => {
        const isAnswered = output.includes(rows[index]?.command ?? "") || ASKED.test(output);
        return exitCode !== 0 && !(exitCode === 2 && isAnswered);
      });
      expect(wrong).toEqual([]);
    },
  );
});

const PAGES = readdirSync(new URL("../../docs/", import.meta.url))
  .filter((name) => name.endsWith(".md"))
  .map((name) => ({
    name,
    blocks: listShellBlocks(`docs/${name}`),
    fences: readPage(name).match(/^[ \t]*```sh$/gm)?.length ?? 0,
  }))
  .filter(({ fences }) => fences > 0);

describe("the sh blocks of docs/", () => {
  test("are all read, and each skipped block has a reason", () => {
    expect(PAGES.length).toBeGreaterThan(10);
    for (const { name, blocks, fences } of PAGES) {
      expect({ name, blocks: blocks.length }).toEqual({ name, blocks: fences });
      expect({ name, marks: readPage(name).match(/<!-- not run/g)?.length ?? 0 }).toEqual({
        name,
        marks: blocks.filter(({ notRun = "" }) => notRun.length > 10).length,
      });
    }
  });

  test.for(PAGES.filter(({ blocks }) => blocks.some(({ notRun }) => notRun === undefined)))(
    "of docs/$name succeed in sh, or report which answer is missing",
    { tags: ["long"], timeout: patience(120_000) },
    async ({ blocks }) => {
      const lines = blocks
        .filter(({ notRun }) => notRun === undefined)
        .flatMap((block) => block.lines);
      const home = await createExampleHome(true);
      const ran: RanLine[] = [];
      for (const line of lines) ran.push(await runLine(home, { of: "page", line: fill(line) }));
      const wrong = ran.filter(
        ({ line, exitCode, output }) =>
          exitCode !== expectExitCode(line) && !(exitCode === 2 && ASKED.test(output)),
      );
      expect(wrong).toEqual([]);
    },
  );
});

test("no page of docs/ has more than 250 lines, except the reference", () => {
  const long = readdirSync(new URL("../../docs/", import.meta.url))
    .filter((name) => name.endsWith(".md"))
    .filter((name) => readPage(name).trimEnd().split("\n").length > 250);
  expect(long.filter((name) => !["commands.md", "errors.md"].includes(name))).toEqual([]);
});

test("docs/agents.md names the same exit codes as the page of exit codes", () => {
  const codes = readPage("exit-codes.md");
  for (const [, code = ""] of readPage("agents.md").matchAll(/^\| (\d) \|/gm))
    expect(codes).toContain(`| ${code} |`);
});
