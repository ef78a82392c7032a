// The licences of the packages that a bundle has taken in: their texts must go where their code goes.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * @param inputs paths of modules inside root, as a bundler lists them
 * @returns one text: each licence's words once, below the packages that are under it
 */
export function noticesFor(root, inputs) {
  const folders = inputs
    .map((path) => /^(.*node_modules\/(?:\.standalone-parts\/|@[^/]+\/)?[^/]+)\//.exec(path)?.[1])
    .filter((folder) => folder !== undefined);
  const namesByText = new Map();
  for (const folder of [...new Set(folders)].toSorted()) {
    const { name, text } = noticeOf(join(root, folder));
    namesByText.set(text, (namesByText.get(text) ?? new Set()).add(name));
  }
  return [...namesByText]
    .map(([text, names]) => `${[...names].join("\n")}\n\n${text}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function noticeOf(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  return {
    name: `${name} ${version} (${license})`,
    text: files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n"),
  };
}
