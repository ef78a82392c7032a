import { usageError } from "../../errors.ts";
import { parseInstant } from "../../text/instant.ts";
import { MONTHS } from "../../text/terminal.ts";

/**
 * Parses a time in the past as people write it: `monday`, `3d ago`, `last week`, `2026-11-03`. Pure. Days begin at
 * local midnight.
 */

const EXAMPLES = "For example: --since monday, --since 3d, --since 'last week', --since 2026-11-03";
const DEFAULT_DAYS = 30;

/**
 * Returns the time that a text means.
 * @param text undefined means 30 days ago
 * @throws LatchkeyError USAGE if it is not a time, or is in the future
 */
export function readSince(text: string | undefined, now: Date): Date {
  if (text === undefined) return goBack(now, DEFAULT_DAYS);
  const words = text.trim().toLowerCase().replaceAll(/\s+/g, " ");
  const instant = FORMS.map((read) => read(words, now)).find((read) => read !== undefined);
  if (instant === undefined || Number.isNaN(instant.getTime()))
    throw usageError(`--since takes a time in the past, but "${text}" is not one.`, EXAMPLES);
  if (instant > now) throw usageError(`--since ${text} is in the future.`, EXAMPLES);
  return instant;
}

/** Returns the same time of day that many days earlier. */
function goBack(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days, ...readClock(now));
}

type ReadForm = (words: string, now: Date) => Date | undefined;

const FORMS: readonly ReadForm[] = [
  readNamedDay,
  readWeekday,
  readAgo,
  readDay,
  readDayOfMonth,
  readMoment,
];

function readNamedDay(words: string, now: Date): Date | undefined {
  switch (words) {
    case "now":
      return now;
    case "today":
      return startOfDay(now);
    case "yesterday":
      return startOfDay(goBack(now, 1));
    case "last week":
      return startOfDay(goBack(now, 7));
    case "last month":
      return startOfDay(goBackMonths(now, 1));
    case "last year":
      return startOfDay(goBackMonths(now, 12));
    default:
      return undefined;
  }
}

const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/** `monday` or `mon` means today if today is a Monday. `last monday` is before today. */
function readWeekday(words: string, now: Date): Date | undefined {
  const [, last, name = ""] = /^(last )?([a-z]{3,9})$/.exec(words) ?? [];
  const day = WEEKDAYS.findIndex((weekday) => isAbbreviated(name, weekday, 3));
  if (day < 0) return undefined;
  const days = (now.getDay() - day + 7) % 7;
  return startOfDay(goBack(now, days === 0 && last !== undefined ? 7 : days));
}

function isAbbreviated(word: string, whole: string, atLeast: number): boolean {
  return word.length >= atLeast && whole.startsWith(word);
}

/** `3d`, `3 days`, `2w ago`, `1 month ago`. */
function readAgo(words: string, now: Date): Date | undefined {
  const [, digits, unit = ""] =
    /^(\d{1,4}) ?(h|hours?|d|days?|w|weeks?|m|months?|y|years?)(?: ago)?$/.exec(words) ?? [];
  if (digits === undefined) return undefined;
  const count = Number(digits);
  switch (unit.charAt(0)) {
    case "h":
      return new Date(now.getTime() - count * 60 * 60 * 1000);
    case "d":
      return goBack(now, count);
    case "w":
      return goBack(now, 7 * count);
    case "m":
      return goBackMonths(now, count);
    default:
      return goBackMonths(now, 12 * count);
  }
}

/** `2026-11-03` */
function readDay(words: string): Date | undefined {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(words) ?? [];
  return year === undefined ? undefined : toDay(Number(year), Number(month) - 1, Number(day));
}

/** `3 november`, `3 nov 2025`, `nov 3`. Without a year, the most recent one. */
function readDayOfMonth(words: string, now: Date): Date | undefined {
  const [, dayFirst, monthLast, monthFirst, dayLast, yearText] =
    /^(?:(\d{1,2}) ([a-z]{3,9})|([a-z]{3,9}) (\d{1,2}))(?:,? (\d{4}))?$/.exec(words) ?? [];
  const day = Number(dayFirst ?? dayLast);
  const name = monthLast ?? monthFirst ?? "";
  const month = MONTHS.findIndex((each) => isAbbreviated(name, each.toLowerCase(), 3));
  if (month < 0) return undefined;
  if (yearText !== undefined) return toDay(Number(yearText), month, day);
  const ofThisYear = toDay(now.getFullYear(), month, day);
  const isAhead = ofThisYear === undefined || ofThisYear > now;
  return isAhead ? toDay(now.getFullYear() - 1, month, day) : ofThisYear;
}

/** `2026-11-03T10:04:05Z`, with an offset, or local time without one. Seconds are optional. */
function readMoment(words: string): Date | undefined {
  const [, day = "", hours, minutes, seconds = "00", fraction = "", zone] =
    /^(\d{4}-\d\d-\d\d)[t ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?(z|[+-]\d\d:\d\d)?$/.exec(words) ??
    [];
  if (hours === undefined || readDay(day) === undefined) return undefined;
  const text = `${day}T${hours}:${minutes}:${seconds}${fraction}`;
  return zone === undefined
    ? new Date(text.slice(0, 23))
    : parseInstant(`${text}${zone.toUpperCase()}`);
}

/** Returns undefined for a day that does not exist. */
function toDay(year: number, month: number, day: number): Date | undefined {
  const date = new Date(year, month, day);
  return date.getMonth() === month && date.getDate() === day ? date : undefined;
}

function startOfDay(date: Date): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** Returns the same day of an earlier month, or that month's last day. */
function goBackMonths(now: Date, months: number): Date {
  const first = new Date(now.getFullYear(), now.getMonth() - months, 1);
  const last = new Date(first.getFullYear(), first.getMonth() + 1, 0).getDate();
  const day = Math.min(now.getDate(), last);
  return new Date(first.getFullYear(), first.getMonth(), day, ...readClock(now));
}

function readClock(now: Date): [number, number, number, number] {
  return [now.getHours(), now.getMinutes(), now.getSeconds(), now.getMilliseconds()];
}
