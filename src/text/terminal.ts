import { distance } from "fastest-levenshtein";
import { displayWidth, isSingleWidth } from "./display-width.ts";

/**
 * Formats text for a terminal: escapes names and messages from servers and files, and aligns columns.
 *
 * C0 and C1 controls and DEL move the cursor, set the clipboard (OSC 52) or forge output. Bidirectional controls make a
 * name look like another name. Invisible characters (zero-width characters, fillers, tags, lone surrogates) and unusual
 * blanks make two names look the same. U+3000, the wide blank of East Asian names, is allowed because people type it.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\ufff9-\ufffb]/gu;

/** Writes unsafe characters as `\u{…}`, so that they stay visible. */
export function escapeControls(text: string): string {
  return isSingleWidth(text) ? text : replaceControls(text, formatCodePoint);
}

/** @param format returns the replacement of an unsafe character. That character may be a line break. */
export function replaceControls(text: string, format: (character: string) => string): string {
  return text.replace(UNSAFE, format);
}

function formatCodePoint(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
}

/** Returns whether a name contains a character that would be escaped. */
export function hasControls(text: string): boolean {
  return escapeControls(text) !== text;
}

/**
 * Matches line breaks, tabs, the colours of paint.ts, and unsafe characters. In output, only unsafe characters are escaped.
 */
const LAID_OUT = new RegExp(String.raw`\r\n|\u001b\[3[1-69]m|${UNSAFE.source}`, "gu");

/**
 * Escapes the whole output for stdout, although names in it are already escaped.
 * @param hasColours whether the output may contain colours.
 */
export function escapeOutput(text: string, hasColours: boolean): string {
  return text.replace(LAID_OUT, (found) => {
    if (found === "\n" || found === "\t" || found === "\r\n") return found;
    if (found.length === 1 || !found.startsWith("\u001b")) return formatCodePoint(found);
    return hasColours ? found : formatCodePoint(found) + found.slice(1);
  });
}

/**
 * Returns a value as JSON. Characters that control a terminal or are invisible are written as `\uXXXX`; a JSON parser
 * reads the same value.
 * @param indent 0 for output on one line.
 */
export function formatJson(value: unknown, indent = 2): string {
  return `${escapeJson(JSON.stringify(value, undefined, indent) ?? "null")}\n`;
}

function escapeJson(json: string): string {
  return replaceControls(json, (found) =>
    found === "\n"
      ? found
      : Array.from({ length: found.length }, (_, at) => formatUnit(found.charCodeAt(at))).join(""),
  );
}

function formatUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** Joins lines and escapes unsafe characters in them. Lines that are false or undefined are left out. */
export function formatLines(lines: ReadonlyArray<string | false | undefined>): string {
  return lines
    .filter((line) => line !== false && line !== undefined)
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}

/** Returns rows as lines with aligned columns, with two spaces between the columns. */
export function alignColumns(rows: ReadonlyArray<readonly string[]>): string[] {
  const cells = rows.map((row) => row.map(escapeControls));
  const widths = (rows[0] ?? []).map((_, column) =>
    cells.reduce((widest, row) => Math.max(widest, displayWidth(row[column] ?? "")), 0),
  );
  return cells.map((row) => joinCells(row, widths));
}

function joinCells(cells: readonly string[], widths: readonly number[]): string {
  const pad = (text: string, width: number): string =>
    text + " ".repeat(Math.max(0, width - displayWidth(text)));
  return cells
    .map((cell, column) => pad(cell, column === widths.length - 1 ? 0 : (widths[column] ?? 0)))
    .join("  ")
    .trimEnd();
}

/** Splits a text into visible characters. The first segmenter in a process takes 10 ms, further ones almost no time. */
export function splitGraphemes(text: string): Iterable<{ readonly segment: string }> {
  return new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text);
}

/** Cuts a line that is too long and adds an ellipsis. Lines are never wrapped. */
export function truncate(line: string, width: number): string {
  if (displayWidth(line) <= width) return line;
  if (isSingleWidth(line)) return `${line.slice(0, Math.max(0, width - 1))}…`;
  let kept = "";
  let columns = 0;
  for (const { segment } of splitGraphemes(line)) {
    columns += displayWidth(segment);
    if (columns > width - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** `1 account`, `2 accounts` */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Returns a number such as `12,345`. Intl is not used, because its first number takes 15 ms. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * Formats rows for `--csv` (RFC 4180). Fields with a comma or a quote are quoted, and terminal controls are escaped.
 * @param isForPeople adds a quote before fields that a spreadsheet would read as a formula (OWASP, "CSV Injection"), for
 * users who copy from the screen. Scripts get such fields unchanged.
 */
export function csv(rows: ReadonlyArray<readonly string[]>, isForPeople: boolean): string {
  const field = (text: string): string => {
    const escaped = escapeControls(text);
    const shown = isForPeople && FORMULA.test(text) ? `'${escaped}` : escaped;
    return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
  };
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/**
 * Matches fields that a spreadsheet reads as a formula. Includes the wide forms of the signs, which East Asian
 * spreadsheets treat like the usual signs.
 */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/;

/** Returns `7 h 52 min`, `58 min`, `40 s`: the two largest units. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor((whole % 86_400) / 3600),
    Math.floor((whole % 3600) / 60),
  ];
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  if (minutes > 0)
    return minutes < 10 && whole % 60 > 0 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return `${whole} s`;
}

/** The current time from `Context.now`, with the user's setting for how times are shown. */
export interface Present extends Date {
  readonly clock?: "24h" | "12h";
}

/** Returns the local time as `18:04` or `6:04 pm`, with the date if it is not today. */
export function clockTime(instant: Date, now: Present): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const [hours, minutes] = [instant.getHours(), two(instant.getMinutes())];
  const half = hours < 12 ? "am" : "pm";
  const time =
    now.clock === "12h" ? `${hours % 12 || 12}:${minutes} ${half}` : `${two(hours)}:${minutes}`;
  if (instant.toDateString() === now.toDateString()) return time;
  return `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())} ${time}`;
}

export const MONTHS: readonly string[] = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** Returns a local date such as `3 November`, with the year if it is not this year. */
export function calendarDay(instant: Date, now: Date): string {
  const day = `${instant.getDate()} ${MONTHS[instant.getMonth()] ?? ""}`;
  return instant.getFullYear() === now.getFullYear() ? day : `${day} ${instant.getFullYear()}`;
}

/** Returns whether a text contains every word, in any order, ignoring case. */
export function containsWords(text: string, words: readonly string[]): boolean {
  const searched = text.toLowerCase();
  return words.every((word) => searched.includes(word.toLowerCase()));
}

/** Returns at most three candidates that are similar to a mistyped word, the best first. */
export function closestMatches(word: string, candidates: readonly string[]): string[] {
  const typed = word.toLowerCase();
  return candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) =>
        distance <= Math.max(2, Math.floor(typed.length / 3)) ||
        candidate.toLowerCase().startsWith(typed),
    )
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/**
 * Returns the Levenshtein distance of the first 64 characters. Without that limit, a long text from a server would take
 * long.
 */
export function editDistance(from: string, to: string): number {
  return distance(from.slice(0, 64), to.slice(0, 64));
}
