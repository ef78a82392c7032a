import { usageError } from "../errors.ts";

/** Parses days and durations in flags. Errors (USAGE) name the flag. */

function parseDayFlag(flag: string, text: string): Date {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  // JavaScript parses 30 February as 2 March, so the formatted day must match the input.
  if (day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text))
    return day;
  throw usageError(`${flag} is not a day.`, "Write it as 2026-11-24.");
}

/** Returns seconds. @throws LatchkeyError USAGE */
export function parseSpanFlag(flag: string, text: string): number {
  const match = /^(\d{1,5})([smhd])$/.exec(text);
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[match?.[2] ?? ""] ?? 0;
  const seconds = Number(match?.[1]) * unit;
  if (seconds > 0) return seconds;
  throw usageError(`${flag} is not a duration.`, "Write it as 90s, 5m, 1h or 7d.");
}

/** Returns when the SCIM token expires, from its expiry or its creation day. @throws LatchkeyError USAGE */
export function tokenExpiry(
  created: string | undefined,
  expires: string | undefined,
): Date | undefined {
  if (expires !== undefined) return parseDayFlag("--token-expires", expires);
  if (created === undefined) return undefined;
  // AWS's SCIM tokens last one year.
  const day = parseDayFlag("--token-created", created);
  day.setUTCFullYear(day.getUTCFullYear() + 1);
  return day;
}
