// Collects the licences of bundled packages, because each licence's text must be shipped together with the package's code.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listPackages, type BundledPackage } from "./packages.ts";

/**
 * Returns a text that contains each licence once, below the names of the packages that use it.
 * @param inputs paths of modules as a bundler lists them, relative to the checkout
 */
export function formatNotices(inputs: readonly string[]): string {
  const namesByText = new Map<string, Set<string>>();
  for (const bundled of listPackages(inputs)) {
    const { name, version, license } = bundled;
    const text = readLicence(bundled);
    const line = `${name} ${version} (${license})`;
    namesByText.set(text, (namesByText.get(text) ?? new Set()).add(line));
  }
  return [...namesByText]
    .map(([text, names]) => `${[...names].join("\n")}\n\n${text}\n`)
    .join(`\n${"-".repeat(80)}\n\n`);
}

function readLicence({ folder }: BundledPackage): string {
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  return files.map((file) => readFileSync(join(folder, file), "utf8").trim()).join("\n\n");
}
