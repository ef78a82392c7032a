// Which licences a package may have: in what latchkey ships, under Apache-2.0, and in what it is developed with.

/** Their texts go along (THIRD-PARTY-NOTICES.txt), and they ask for nothing more of whoever ships or changes the program. */
const SHIPPED: ReadonlySet<string> = new Set([
  "0BSD",
  "Apache-2.0",
  "BlueOak-1.0.0",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "CC0-1.0",
  "ISC",
  "MIT",
  "Unlicense",
]);

/** Of tools, whose code goes nowhere: those that ask for something of who changes them, and of data. */
const DEVELOPMENT: ReadonlySet<string> = new Set([
  ...SHIPPED,
  "CC-BY-3.0",
  "CC-BY-4.0",
  "MPL-2.0",
  "Python-2.0",
]);

export interface LicensedPackage {
  /** Name and version. */
  readonly name: string;
  /** As its package.json has it. */
  readonly license: unknown;
}

/** Those whose licence is not allowed, a line each. */
export function judgeLicences(
  packages: readonly LicensedPackage[],
  use: "shipped" | "development",
): string[] {
  const allowed = use === "shipped" ? SHIPPED : DEVELOPMENT;
  return packages
    .filter(({ license }) => !isAllowed(license, allowed))
    .map(
      ({ name, license }) =>
        `${name} is under ${JSON.stringify(license ?? null)}, which is not allowed in what is ${use === "shipped" ? "shipped" : "used"}`,
    );
}

/** An SPDX expression (SPDX 2.3, annex D): of OR one is enough, of AND each must be allowed; AND binds closer. */
function isAllowed(license: unknown, allowed: ReadonlySet<string>): boolean {
  if (typeof license !== "string") return false;
  const words = license.match(/[()]|[^\s()]+/g) ?? [];
  const reader = { words, at: 0, allowed };
  const value = readAny(reader);
  return value && reader.at === words.length;
}

interface Reader {
  readonly words: readonly string[];
  at: number;
  readonly allowed: ReadonlySet<string>;
}

function readAny(reader: Reader): boolean {
  let value = readAll(reader);
  while (reader.words[reader.at] === "OR") {
    reader.at += 1;
    value = readAll(reader) || value;
  }
  return value;
}

function readAll(reader: Reader): boolean {
  let value = readOne(reader);
  while (reader.words[reader.at] === "AND") {
    reader.at += 1;
    value = readOne(reader) && value;
  }
  return value;
}

/** A name, or an expression in brackets. An exception (WITH) is a word too many: a person decides. */
function readOne(reader: Reader): boolean {
  const word = reader.words[reader.at];
  reader.at += 1;
  if (word !== "(") return word !== undefined && reader.allowed.has(word);
  const value = readAny(reader);
  const isClosed = reader.words[reader.at] === ")";
  reader.at += 1;
  return value && isClosed;
}
