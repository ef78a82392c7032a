import { usageError } from "../errors.ts";

/** Days and spans as flags give them. @throws LatchkeyError USAGE naming the flag. */

function parseDayFlag(flag: string, text: string): Date {
  const day = /^\d{4}-\d\d-\d\d$/.test(text) ? new Date(`${text}T00:00:00Z`) : undefined;
  // The calendar's own check: JavaScript makes 2 March of 30 February.
  if (day !== undefined && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text))
    return day;
  throw usageError(`${flag} is not a day.`, "Write it as 2026-11-24.");
}

export function parseSpanFlag(flag: string, text: string): number {
  const match = /^(\d{1,5})([smhd])$/.exec(text);
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[match?.[2] ?? ""] ?? 0;
  const seconds = Number(match?.[1]) * unit;
  if (seconds > 0) return seconds;
  throw usageError(`${flag} is not a span of time.`, "Write it as 90s, 5m, 1h or 7d.");
}

/** The end of a token by whichever of the two days was given. */
export function tokenExpiry(
  created: string | undefined,
  expires: string | undefined,
): Date | undefined {
  if (expires !== undefined) return parseDayFlag("--token-expires", expires);
  if (created === undefined) return undefined;
  // AWS's tokens last a year, to the same day.
  const day = parseDayFlag("--token-created", created);
  day.setUTCFullYear(day.getUTCFullYear() + 1);
  return day;
}
