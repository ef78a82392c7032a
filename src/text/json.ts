/** Checks the types of values from files, servers and the environment. No function here throws. */

/** The maximum size of a cache file. No AWS client writes a larger one, so it would be damaged or planted. */
export const MAX_CACHE_BYTES = 1024 * 1024;

export type PlainRecord = Record<string, unknown>;

export function isRecord(value: unknown): value is PlainRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Returns the value if it is a record; else an empty record. */
export function toRecord(value: unknown): PlainRecord {
  return isRecord(value) ? value : {};
}

/**
 * Returns the JSON value of a text. Returns undefined if the text is not JSON, usually because its file is
 * half-written.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns whether a JSON value has at most `levels` levels. A deeper value would overflow the stack when it is printed. */
export function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return levels > 0 && Object.values(value).every((member) => isNestedWithin(member, levels - 1));
}

/**
 * Returns a secret or an identifier if it is visible ASCII without spaces; else undefined. Such a text has no special
 * meaning in an HTTP header, a JSON string or an environment variable.
 */
export function readVisibleAscii(value: unknown, maxLength = 16_384): string | undefined {
  if (typeof value !== "string" || value.length === 0 || value.length > maxLength) return undefined;
  return /^[\x21-\x7e]+$/.test(value) ? value : undefined;
}

export function readText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * Returns the text without these characters at its end. A regular expression would take quadratic time for many of
 * these characters in a row.
 */
export function trimEndOf(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}
