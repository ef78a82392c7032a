import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { CHECKOUT } from "./checkout.ts";

/** Assigns test files to the suites. Paths are relative to the checkout, with slashes. */

/** The files that `npm test` and `npm run test:long` run. */
export const SUITE = {
  include: ["test/**/*.test.ts"],
  exclude: [
    "test/faults/**",
    "test/hostile/**",
    "test/interop/**",
    "test/packages/**",
    "test/platforms/**",
    "test/windows/**",
    "test/clients/real.test.ts",
    "test/clients/situations/**",
  ],
};

/** `npm test` skips these, so that it takes little more than a minute. `npm run test:long` runs only these. */
const LONG = "long";
export const TAGS = [
  { name: LONG, description: "takes about a second or more: waits, or starts the program often" },
];

/** Every test that starts the built program imports this module. */
const PROGRAM_MODULE = "test/support/program.ts";

/** Returns the unit tests: the files of these two commands whose imports do not lead to the built program. */
export function listUnitFiles(): string[] {
  return globSync(SUITE.include, { cwd: CHECKOUT, exclude: SUITE.exclude })
    .map(toSlashes)
    .filter((file) => !listReached(file).has(PROGRAM_MODULE))
    .toSorted();
}

/** Returns the test modules that a file imports, directly or not. Type-only imports do not count. */
function listReached(file: string, reached = new Set<string>()): Set<string> {
  const text = readFileSync(resolve(CHECKOUT, file), "utf8");
  for (const [, path = ""] of text.matchAll(IMPORT)) {
    const imported = toSlashes(relative(CHECKOUT, resolve(CHECKOUT, dirname(file), path)));
    if (!imported.startsWith("test/") || reached.has(imported)) continue;
    reached.add(imported);
    listReached(imported, reached);
  }
  return reached;
}

/** A static or dynamic import, or an export, from a file of this project, in Prettier's format. */
const IMPORT = /(?:^(?:import|export) (?!type )[^;]*?from |\bimport\()"(\.[^"]*\.ts)"/gm;

function toSlashes(path: string): string {
  return path.replaceAll(sep, "/");
}
