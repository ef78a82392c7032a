const LEVELS = ["major", "minor", "patch"] as const;

/** Without a suffix: latchkey has no releases before a release. */
const VERSION = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;

/**
 * The version that `wanted` asks for: one of three numbers, or the level that goes up by one.
 * @throws Error where it is neither, or lower than the present one; the present one can be the first to be released
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
