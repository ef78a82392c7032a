import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { CHECKOUT } from "../support/checkout.ts";

/** Runs the check on a checkout that contains only these files. */
function check(files: Readonly<Record<string, string>>): {
  exitCode: number | null;
  said: string[];
} {
  const root = mkdtempSync(join(tmpdir(), "latchkey-prose-"));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries({ "src/a.ts": "", "docs/a.md": "", ...files })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const argv = [join(CHECKOUT, "scripts/tools/check-prose.ts"), "--root", root];
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: "utf8" });
  return { exitCode: status, said: stderr.trimEnd().split("\n").filter(Boolean) };
}

describe("the check of the prose", () => {
  test.each([
    ["docs/a.md", "The token stands in the cache.", "stands in"],
    ["README.md", "Whoever can write there decides what runs.", "Whoever"],
    ["docs/decisions/0001-a.md", "The proxy has a say in it.", "has a say"],
    ["src/a.ts", "/** The section that counts, with what the file lends it. */", "lends"],
    ["src/a.ts", 'const HINT = "Write the line anew.";', "anew"],
    ["src/a.ts", "const HINT = `Mend line ${line} in an editor.`;", "Mend"],
    ["src/a.ts", "run(); // the file says so", "file says"],
  ])("refuses an old sentence in %s: %s", (path, sentence, words) => {
    const { exitCode, said } = check({ [path]: `\n${sentence}\n` });
    expect(exitCode).toBe(1);
    expect(said).toEqual([expect.stringContaining(`${path}:2: "${words}": write `)]);
  });

  test("ignores code, identifiers, and messages of other programs", () => {
    const page = "Run `stand in`.\n\n```sh\necho anew\n```\n";
    const module = "const mend = anew(whoever);\nconst KEY = 'anew';\n";
    const { exitCode, said } = check({
      "docs/a.md": page,
      "src/a.ts": module,
      "src/explain/messages/go.ts": 'export const TEXT = "the file says anew";',
    });
    expect(said).toEqual([]);
    expect(exitCode).toBe(0);
  });

  test("refuses a link, an anchor and a file name that do not exist", () => {
    const page = [
      "[b](b.md) [b](b.md#the-second-part) [a](#here) [far](https://example.com/x) `src/a.ts`",
      "[gone](gone.md)",
      "[no part](b.md#third) [none here](#there)",
      "`src/gone.ts` `src/` `elsewhere/gone.ts`",
      "# Here",
    ].join("\n");
    const { exitCode, said } = check({
      "docs/a.md": page,
      "docs/b.md": "# B\n\n## The second part\n",
    });
    expect(exitCode).toBe(1);
    expect(said).toEqual([
      "docs/a.md:2: gone.md does not exist.",
      "docs/a.md:3: b.md#third does not exist.",
      "docs/a.md:3: #there does not exist.",
      "docs/a.md:4: src/gone.ts does not exist.",
    ]);
  });
});
