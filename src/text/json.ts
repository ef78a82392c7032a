/** Narrowing of values that came from outside: a file, a server, the environment. Nothing here throws. */

/** No cache file of any AWS client comes near it; a larger one is damaged or planted. */
export const MAX_CACHE_BYTES = 1024 * 1024;

export type PlainRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value where it is a record, else an empty one. */
export function toRecord(value: unknown): PlainRecord {
  return isRecord(value) ? value : {};
}

/** The JSON value in `text`, or undefined where there is none: a half-written file is the usual reason. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a JSON value nests no deeper than `levels`: what does would overflow the stack of whoever prints it. */
export function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isNestedWithin(member, levels - 1));
}

/**
 * A secret or an identifier as a service issues it: visible ASCII, no space, no control character, so that it can
 * stand in an HTTP header, a JSON string or an environment variable without becoming something else.
 */
export function readVisibleAscii(value: unknown, maxLength = 16_384): string | undefined {
  if (typeof value !== "string" || value.length === 0 || value.length > maxLength) return undefined;
  return /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}

export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The text without these characters at its end; an expression for it would take the square of a long run of them. */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
