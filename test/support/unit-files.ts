import { globSync, readFileSync } from "node:fs";
import { dirname, relative, resolve, sep } from "node:path";
import { CHECKOUT } from "./checkout.ts";

/** Which files of tests are which: the one place that says so. Paths are below the checkout, with slashes. */

/** What `npm test` and `npm run test:long` run. */
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

/** `npm test` leaves these out, so that it takes little more than a minute; `npm run test:long` runs them alone. */
const LONG = "long";
export const TAGS = [
  { name: LONG, description: "takes about a second or more: waits, or starts the program often" },
];

/** Who starts the built program knows it from here. */
const PROGRAM_MODULE = "test/support/program.ts";

/** The unit tests: what these two run, but for the files whose imports lead to the built program. */
export function listUnitFiles(): string[] {
  return globSync(SUITE.include, { cwd: CHECKOUT, exclude: SUITE.exclude })
    .map(toSlashes)
    .filter((file) => !listReached(file).has(PROGRAM_MODULE))
    .toSorted();
}

/** The modules of the tests that a file imports, and theirs; an import of types alone is none. */
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

/** As Prettier writes an import or an export from a file of ours, and a dynamic import. */
const IMPORT = /(?:^(?:import|export) (?!type )[^;]*?from |\bimport\()"(\.[^"]*\.ts)"/gm;

function toSlashes(path: string): string {
  return path.replaceAll(sep, "/");
}
