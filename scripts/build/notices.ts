// The licences of the packages that a bundle has taken in: their texts must go where their code goes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { CHECKOUT } from "../../test/support/program.ts";

const PACKAGE = /^(.*(?:node_modules\/(?:@[^/]+\/)?|\/standalone-parts\/)[^/]+)\//;

/**
 * One text: each licence's words once, below the packages that are under it.
 * @param inputs paths of modules as a bundler lists them, from the checkout on
 */
export function formatNotices(inputs: readonly string[]): string {
  const folders = inputs.flatMap((path) => PACKAGE.exec(path)?.[1] ?? []);
  const namesByText = new Map<string, Set<string>>();
  for (const folder of [...new Set(folders)].toSorted()) {
    const { name, text } = readNotice(join(CHECKOUT, folder));
    namesByText.set(text, (namesByText.get(text) ?? new Set()).add(name));
  }
  return [...namesByText]
    .map(([text, names]) => `${[...names].join("\n")}\n\n${text}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function readNotice(folder: string): { name: string; text: string } {
  const manifest = parseJson(readFileSync(join(folder, "package.json"), "utf8"));
  if (!isRecord(manifest)) throw new Error(`${folder} has no package.json`);
  const { name, version, license } = manifest;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  return {
    name: `${String(name)} ${String(version)} (${String(license)})`,
    text: files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n"),
  };
}
