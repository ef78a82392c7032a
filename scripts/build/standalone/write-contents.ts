// Writes a list of contents next to each executable, from the modules that were bundled.
import { readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { parseJson, readText, toRecord } from "../../../src/text/json.ts";
import { CHECKOUT } from "../../../test/support/program.ts";
import { listPackages, readPackage } from "../packages.ts";
import { formatContents, type Content } from "./contents.ts";
import { pinRuntime } from "./parts.ts";
import { BUN_VERSION, locateContents, type Target } from "./targets.ts";

/** From the list of licences in Bun's own sources. */
export const BUN_LICENCE =
  "MIT; inside it JavaScriptCore, LGPL-2.1, and others, as the LICENSE.md of its sources lists them";

/** @param modules the paths of all bundled modules, relative to the checkout */
export function writeContents(target: Target, modules: Iterable<string>): void {
  const { spec, integrity } = pinRuntime(target);
  const name = spec.slice(0, spec.lastIndexOf("@"));
  const runtime = { name, version: BUN_VERSION, license: BUN_LICENCE, integrity, isRuntime: true };
  const sums = readSums();
  const contents: Content[] = listPackages(modules).map(({ folder, ...bundled }) => ({
    ...bundled,
    integrity: sums(folder) ?? sums(join(CHECKOUT, "node_modules", bundled.name)),
  }));
  const text = formatContents(readPackage(CHECKOUT), target.name, [runtime, ...contents]);
  writeFileSync(join(CHECKOUT, locateContents(target.name)), text);
}

/** Returns a function that looks up a package's checksum in package-lock.json by its folder. */
function readSums(): (folder: string) => string | undefined {
  const lock = parseJson(readFileSync(join(CHECKOUT, "package-lock.json"), "utf8"));
  const packages = toRecord(toRecord(lock)["packages"]);
  return (folder) => {
    const key = relative(CHECKOUT, folder).replaceAll(sep, "/");
    return readText(toRecord(packages[key])["integrity"]);
  };
}
