/**
 * Parses and formats instants of the shared caches and the command line.
 *
 * Other tools write `2026-11-24T07:38:05Z` (AWS CLI), or add milliseconds (SDK for JavaScript), an offset (Go) or a
 * literal `UTC` (AWS CLI before 2.9). All four forms are accepted.
 */
const INSTANT = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|UTC|[+-]\d\d:\d\d)$/;

/**
 * The accepted years. No service issues a token that expires outside of them, so a file with such an expiry is damaged
 * or forged.
 */
const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

export function parseInstant(text: unknown): Date | undefined {
  if (typeof text !== "string" || text.length > 40) return undefined;
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, day, time, fraction = "", zone] = match;
  return toInstant(
    Date.parse(`${day}T${time}${fraction.slice(0, 4)}${zone === "UTC" ? "Z" : zone}`),
  );
}

/** Returns the instant for milliseconds since 1970; undefined if it is outside the accepted years. */
export function toInstant(milliseconds: number): Date | undefined {
  return milliseconds >= EARLIEST && milliseconds < LATEST ? new Date(milliseconds) : undefined;
}

/**
 * Returns `YYYY-MM-DDTHH:MM:SSZ`, as in the AWS CLI's caches and in the output of credential_process. Fractions are dropped.
 */
export function formatInstant(instant: Date): string {
  return `${instant.toISOString().slice(0, 19)}Z`;
}

export function secondsUntil(instant: Date, now: Date): number {
  return (instant.getTime() - now.getTime()) / 1000;
}

/** Returns whether the time `end` has passed. */
export function isPast(end: Date, now: Date): boolean {
  return end.getTime() <= now.getTime();
}
