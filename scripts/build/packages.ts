// Lists the packages whose modules are in a bundle.
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { isRecord, parseJson } from "../../src/text/json.ts";
import { CHECKOUT } from "../../test/support/program.ts";

export interface BundledPackage {
  /** The absolute path of the package's folder. */
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  /** An SPDX expression from the package's package.json. */
  readonly license: string;
}

const PACKAGE = /^(.*(?:node_modules\/(?:@[^/]+\/)?|\/standalone-parts\/)[^/]+)\//;

/**
 * Returns each package once, identified by its folder.
 * @param inputs paths of modules as a bundler lists them, relative to the checkout
 */
export function listPackages(inputs: Iterable<string>): BundledPackage[] {
  const folders = [...inputs].flatMap((path) => PACKAGE.exec(path)?.[1] ?? []);
  return [...new Set(folders)]
    .toSorted()
    .map((folder) => readPackage(isAbsolute(folder) ? folder : join(CHECKOUT, folder)));
}

export function readPackage(folder: string): BundledPackage {
  const manifest = parseJson(readFileSync(join(folder, "package.json"), "utf8"));
  if (!isRecord(manifest)) throw new Error(`${folder} has no package.json`);
  const { name, version, license } = manifest;
  return { folder, name: String(name), version: String(version), license: String(license) };
}
