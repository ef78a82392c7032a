// Checks the source tree by the rules of house-rules.ts: allowed imports, and the number of files in a folder. A folder
// that had too many files when the limit was introduced is in offenders.json, which may only get shorter.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { cruise, type ICruiseResult } from "dependency-cruiser";
import { readOptions } from "../options.ts";
import { FOLDERS_OF_ANY_SIZE, makeRules, MOST_FILES_IN_A_FOLDER } from "./house-rules.ts";

/**
 * The minimum number of modules. A parser that can't read the newest version of the language would skip modules and
 * find no faults.
 */
const LEAST_MODULES = 200;

const { values } = readOptions({
  help: `
Usage: node scripts/tools/check-house.ts [--root FOLDER]

Checks the source tree against house-rules.ts: allowed imports, and the number of files in a folder.

  --root FOLDER  the checkout to check; the default is this one
  -h, --help     print this help
`,
  options: { root: { type: "string" } },
});
const root = values.root ?? join(import.meta.dirname, "..", "..");

interface Offenders {
  readonly folders: Readonly<Record<string, number>>;
}

const problems = [...(await checkImports()), ...checkFolders(readOffenders())];
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;

async function checkImports(): Promise<string[]> {
  const { output } = await cruise(["src"], {
    baseDir: root,
    parser: "swc",
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    validate: true,
    ruleSet: { forbidden: makeRules() },
  });
  const { modules, summary } = output as ICruiseResult;
  const seen = modules.filter(({ source }) => source.startsWith("src/")).length;
  if (seen < LEAST_MODULES) return [`Only ${seen} modules were read: the parser skips some.`];
  return summary.violations.map(({ from, to, rule }) => `${from} → ${to}: ${rule.name}`);
}

function checkFolders({ folders }: Offenders): string[] {
  const crowded = new Map(
    listFolders("src")
      .map((folder) => [folder, countModules(folder)] as const)
      .filter(
        ([folder, count]) => count > MOST_FILES_IN_A_FOLDER && !FOLDERS_OF_ANY_SIZE.has(folder),
      ),
  );
  const grown = [...crowded]
    .filter(([folder, count]) => count > (folders[folder] ?? MOST_FILES_IN_A_FOLDER))
    .map(
      ([folder, count]) =>
        `${folder} has ${count} files: at most ${folders[folder] ?? MOST_FILES_IN_A_FOLDER} are allowed.`,
    );
  const shrunk = Object.entries(folders)
    .filter(([folder, count]) => (crowded.get(folder) ?? 0) < count)
    .map(
      ([folder]) =>
        `${folder} has fewer files than offenders.json says: write the new number there, or remove the entry.`,
    );
  return [...grown, ...shrunk];
}

function listFolders(folder: string): string[] {
  const below = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return [folder, ...below.flatMap(({ name }) => listFolders(`${folder}/${name}`))];
}

function countModules(folder: string): number {
  return readdirSync(join(root, folder)).filter((name) => name.endsWith(".ts")).length;
}

function readOffenders(): Offenders {
  return JSON.parse(readFileSync(join(import.meta.dirname, "offenders.json"), "utf8")) as Offenders;
}
