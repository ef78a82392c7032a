import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProgramConfig, type Package } from "../../../src/oclif/config.ts";
import { CHECKOUT } from "../../../test/support/checkout.ts";
import { formatCommandPage, namePage } from "./command-page.ts";
import { formatMainPage } from "./main-page.ts";

export const MAN_FOLDER = join(CHECKOUT, "dist", "man");

/**
 * Writes all pages into an empty dist/man: `latchkey.1`, and one page for each command.
 * @param date as YYYY-MM-DD, for the foot of each page; empty for no date
 * @returns the names of the files
 */
export function writeManPages(date: string): string[] {
  const pages = formatManPages(date);
  rmSync(MAN_FOLDER, { recursive: true, force: true });
  mkdirSync(MAN_FOLDER, { recursive: true });
  for (const [name, text] of pages) writeFileSync(join(MAN_FOLDER, name), text);
  return pages.map(([name]) => name);
}

/** Returns each page in roff, by its file name. @param date as for `writeManPages` */
export function formatManPages(date: string): ReadonlyArray<readonly [name: string, text: string]> {
  const packageJson = readJson("package.json") as Package["packageJson"] & { description: string };
  const manifest = readJson("oclif.manifest.json") as Package["manifest"];
  const config = new ProgramConfig({ packageJson, manifest, root: CHECKOUT });
  const facts = { date, source: `latchkey ${packageJson.version}` };
  const sources = {
    description: packageJson.description,
    exitCodes: readText("docs/exit-codes.md"),
    security: readText("docs/security.md"),
  };
  return [
    ["latchkey.1", formatMainPage(config, sources, facts)],
    ...Object.keys(manifest.commands).map(
      (id) =>
        [
          `${namePage(id)}.1`,
          formatCommandPage(config.findCommand(id, { must: true }), config, facts),
        ] as const,
    ),
  ];
}

/** Returns the day in SOURCE_DATE_EPOCH, else the day of this version in the changelog. Before the release it is empty. */
export function findDate(env: NodeJS.ProcessEnv): string {
  const { SOURCE_DATE_EPOCH: seconds } = env;
  if (seconds !== undefined && seconds !== "")
    return new Date(Number(seconds) * 1000).toISOString().slice(0, 10);
  const { version } = readJson("package.json") as { version: string };
  const headings = readText("CHANGELOG.md").matchAll(/^## (\S+).*?(\d{4}-\d\d-\d\d)/gm);
  return [...headings].find(([, name]) => name === version)?.[2] ?? "";
}

function readText(path: string): string {
  return readFileSync(join(CHECKOUT, path), "utf8");
}

function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}
