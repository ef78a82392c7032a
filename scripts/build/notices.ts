// Collects the licences of bundled packages, because each licence's text must be shipped together with the package's code.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson, readText, toRecord } from "../../src/text/json.ts";
import { CHECKOUT } from "../../test/support/checkout.ts";
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

function readLicence(bundled: BundledPackage): string {
  const { folder } = bundled;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file));
  const texts = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return texts.join("\n\n") || readStandardLicence(bundled);
}

const LICENCES = "scripts/build/licences";

/** Texts of licences, for packages that contain none. */
const STANDARD: Readonly<Record<string, string>> = {
  "Apache-2.0": "LICENSE",
  MIT: `${LICENCES}/MIT.txt`,
};

/** @throws Error if there is no text of the package's licence */
function readStandardLicence({ folder, name, license }: BundledPackage): string {
  const file = STANDARD[license];
  if (file === undefined) throw new Error(`${name} has no text of its licence (${license})`);
  const { author } = toRecord(parseJson(readFileSync(join(folder, "package.json"), "utf8")));
  const holder = readText(author) ?? readText(toRecord(author)["name"]);
  return `${holder === undefined ? "" : `Copyright ${holder}\n\n`}${readLines(file)}`;
}

/** Returns the licences of Bun, whose packages contain none. @param heading names its version */
export function formatRuntimeNotice(heading: string): string {
  const [own, ...texts] = ["bun.txt", "MIT.txt", "LGPL-2.1.txt"].map((file) =>
    readLines(`${LICENCES}/${file}`),
  );
  return `${[heading, own, ...texts].join("\n\n")}\n`;
}

function readLines(file: string): string {
  return readFileSync(join(CHECKOUT, file), "utf8").replace(/^\n+/, "").trimEnd();
}
