// Lists the licences that are allowed: for packages that latchkey (Apache-2.0) ships, and for development tools.

/** These licences only require that their texts are shipped together with the code (THIRD-PARTY-NOTICES.txt). */
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

/** Tools are not shipped. So licences with conditions for changed versions, and licences for data, are also allowed. */
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
  /** The value of `license` in its package.json. */
  readonly license: unknown;
}

/** Returns a line for each package whose licence is not allowed. */
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

/**
 * Checks an SPDX expression (SPDX 2.3, annex D). With OR one licence must be allowed, with AND all licences; AND binds
 * closer than OR.
 */
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

/** Reads a name, or an expression in brackets. An exception (WITH) is refused, because a person must decide about it. */
function readOne(reader: Reader): boolean {
  const word = reader.words[reader.at];
  reader.at += 1;
  if (word !== "(") return word !== undefined && reader.allowed.has(word);
  const value = readAny(reader);
  const isClosed = reader.words[reader.at] === ")";
  reader.at += 1;
  return value && isClosed;
}
