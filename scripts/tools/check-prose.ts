// Refuses old words in src, docs and README, and links, anchors and file names in pages that refer to nothing.
import { join } from "node:path";
import { readOptions } from "../options.ts";
import { findDeadLinks } from "./prose/links.ts";
import { OLD_WORDS } from "./prose/old-words.ts";
import { listProseFiles, readProse } from "./prose/read.ts";

const { values } = readOptions({
  help: `
Usage: node scripts/tools/check-prose.ts [--root FOLDER]

Refuses words that make texts hard to read in the comments and texts of src, in
docs and in the pages beside README, and prints better ones. Also refuses links,
anchors and file names in pages that do not exist.

  --root FOLDER  the checkout to check; the default is this one
  -h, --help     print this help
`,
  options: { root: { type: "string" } },
});
const root = values.root ?? join(import.meta.dirname, "..", "..");

const { pages, modules } = listProseFiles(root);
const problems = [
  ...[...pages, ...modules].flatMap(findOldWords),
  ...pages.flatMap((page) => findDeadLinks(root, page)),
];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

function findOldWords(path: string): string[] {
  return readProse(root, path).flatMap(({ line, text }) =>
    OLD_WORDS.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(text)?.[0];
      return found === undefined ? [] : [`${path}:${line}: "${found}": write ${instead}.`];
    }),
  );
}
