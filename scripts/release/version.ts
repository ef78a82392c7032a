const LEVELS = ["major", "minor", "patch"] as const;

/** A version has no suffix: latchkey has no pre-releases. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/**
 * Returns the version to release.
 * @param wanted a version of three numbers, or the level to increase by one
 * @throws Error if `wanted` is neither, or lower than the current version. The current version is allowed, for the first
 * release.
 */
export function decideVersion(present: string, wanted: string): string {
  const level = LEVELS.findIndex((name) => name === wanted);
  const numbers = readNumbers(present);
  if (level >= 0)
    return numbers
      .map((number, index) => (index > level ? 0 : number + Number(index === level)))
      .join(".");
  if (compare(readNumbers(wanted), numbers) < 0)
    throw new Error(`${wanted} is lower than ${present}, the version in package.json`);
  return wanted;
}

function readNumbers(version: string): number[] {
  const [, ...numbers] = VERSION.exec(version) ?? [];
  if (numbers.length === 0)
    throw new Error(`"${version}" is no version such as 1.2.3, nor ${LEVELS.join(", ")}`);
  return numbers.map(Number);
}

function compare(left: readonly number[], right: readonly number[]): number {
  const index = left.findIndex((number, at) => number !== right[at]);
  return index < 0 ? 0 : (left[index] ?? 0) - (right[index] ?? 0);
}
