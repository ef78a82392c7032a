import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  createExampleHome,
  listHelpExamples,
  listReadmeLines,
  runLine,
  expectExitCode,
  type ExampleLine,
  type RanLine,
} from "../support/examples.ts";
import { patience } from "../support/patience.ts";

/** What the page of messages quotes, without placeholders: the text between the `…`. */
function listQuotedMessages(): string[] {
  const page = readFileSync(new URL("../../docs/troubleshooting.md", import.meta.url), "utf8");
  // The table of proxies has settings in its first column; test/aws/proxy.test.ts covers them.
  const messages = page.replace(/^## Proxies$[^]*?(?=^## )/m, "");
  return [...messages.matchAll(/^\| `([^`]+)` \|/gm)].map((match) => match[1] ?? "");
}

/** The lines of one command, run in order in a home of their own. */
async function runInOrder(lines: readonly ExampleLine[]): Promise<RanLine[]> {
  const of = lines[0]?.of;
  const home = await createExampleHome(of !== "login" && of !== "README");
  // A reader of the README starts with an empty home.
  if (of === "README") home.write(".aws/config", "");
  const ran: RanLine[] = [];
  for (const line of lines) ran.push(await runLine(home, line));
  return ran;
}

/** Three homes at a time: most of a line's time is the start of the program. */
async function runAll(lines: readonly ExampleLine[]): Promise<RanLine[]> {
  const waiting = [...Map.groupBy(lines, ({ of }) => of).values()];
  const ran: RanLine[] = [];
  const runWorker = async (): Promise<void> => {
    for (let group = waiting.shift(); group !== undefined; group = waiting.shift())
      ran.push(...(await runInOrder(group)));
  };
  await Promise.all([runWorker(), runWorker(), runWorker()]);
  return ran;
}

const listUnexpected = (ran: readonly RanLine[]): unknown[] =>
  ran.filter(
    ({ line, exitCode, output }) => exitCode !== expectExitCode(line) || output.trim() === "",
  );

describe("examples match the program", () => {
  test(
    "every example in --help ends in sh with the documented exit code, and prints something",
    { tags: ["long"], timeout: patience(300_000) },
    async () => {
      const examples = listHelpExamples();
      const ran = await runAll(examples);
      expect(listUnexpected(ran)).toEqual([]);
      expect(ran).toHaveLength(examples.length);
    },
  );

  test("every command has an example, of its own", () => {
    const { commands } = JSON.parse(
      readFileSync(new URL("../../oclif.manifest.json", import.meta.url), "utf8"),
    ) as { commands: Record<string, { id: string }> };
    const lines = listHelpExamples();
    expect([...new Set(lines.map(({ of }) => of))].toSorted()).toEqual(
      Object.values(commands)
        .map(({ id }) => id.replaceAll(":", " "))
        .toSorted(),
    );
    for (const { of, line } of lines) expect(line).toContain(`latchkey ${of}`);
  });

  test("the page of messages quotes only messages that the program has", () => {
    const folder = new URL("../../src/", import.meta.url);
    const source = readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => readFileSync(new URL(file, folder), "utf8"))
      .join("\n");
    const messages = listQuotedMessages();
    expect(messages.length).toBeGreaterThan(30);
    const pieces = messages.flatMap((message) =>
      message
        .split("…")
        .map((piece) => piece.replace(/^["\s.(]+|["\s.)]+$/g, ""))
        .filter((piece) => piece.length > 3),
    );
    expect(pieces.filter((piece) => !source.includes(piece))).toEqual([]);
  });

  test(
    "every latchkey line of the README succeeds in sh, and prints something",
    { tags: ["long"], timeout: patience(120_000) },
    async () => {
      const lines = listReadmeLines().filter(({ line }) => !line.startsWith("npm "));
      expect(lines.length).toBeGreaterThan(5);
      expect(listUnexpected(await runAll(lines))).toEqual([]);
    },
  );
});
