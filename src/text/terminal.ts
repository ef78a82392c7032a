import { distance } from "fastest-levenshtein";
import { displayWidth, isSingleWidth } from "./display-width.ts";

/**
 * Text for a terminal: names and messages from a server or a file made harmless, columns made even.
 *
 * C0 and C1 controls and DEL move the cursor, set the clipboard (OSC 52) or forge output; bidirectional controls make a
 * name read as another; what nobody sees (zero-width characters, fillers, tags, halves of characters) and blanks that are
 * no space make two names look alike. The wide blank of East Asian names, U+3000, is one that people type.
 */
const UNSAFE =
  /[\p{Cc}\p{Cs}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\ufff9-\ufffb]/gu;

/** They are shown as `\u{…}`, so that nothing disappears silently. */
export function escapeControls(text: string): string {
  return isSingleWidth(text) ? text : replaceControls(text, formatCodePoint);
}

/** @param format writes one of them, which may be a line break, otherwise. */
export function replaceControls(text: string, format: (character: string) => string): string {
  return text.replace(UNSAFE, format);
}

function formatCodePoint(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ""}}`;
}

/** Whether a name has a character that would be escaped. */
export function hasControls(text: string): boolean {
  return escapeControls(text) !== text;
}

/** What may be in text that is laid out: line breaks, tabs, and the colours of paint.ts. */
const LAID_OUT = new RegExp(String.raw`\r\n|\u001b\[3[1-69]m|${UNSAFE.source}`, "gu");

/**
 * The last look at text on its way to stdout, whose names are escaped already.
 * @param hasColours whether it may have colours.
 */
export function escapeOutput(text: string, hasColours: boolean): string {
  return text.replace(LAID_OUT, (found) => {
    if (found === "\n" || found === "\t" || found === "\r\n") return found;
    if (found.length === 1 || !found.startsWith("\u001b")) return formatCodePoint(found);
    return hasColours ? found : formatCodePoint(found) + found.slice(1);
  });
}

/**
 * A value as one line or more of JSON. What a terminal would obey or hide is written as `\uXXXX`: whoever parses it gets the
 * same value.
 * @param indent 0 for one line.
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

/** Lines, whatever a name in them holds; what is not there is left out. */
export function formatLines(lines: ReadonlyArray<string | false | undefined>): string {
  return lines
    .filter((line) => line !== false && line !== undefined)
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}

/** Rows as lines with their columns aligned, two spaces between. */
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

/** Characters as people count them: the first segmenter of a process takes 10 ms, each further one next to none. */
export function splitGraphemes(text: string): Iterable<{ readonly segment: string }> {
  return new Intl.Segmenter("en", { granularity: "grapheme" }).segment(text);
}

/** Never wrapped: what does not fit ends in an ellipsis. */
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

/** `12,345`. Not by Intl: the first number that it writes takes a process 15 ms. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/**
 * RFC 4180, for `--csv`: a field with a comma or a quote is quoted. What a terminal would obey is escaped.
 * @param isForPeople a field that a spreadsheet would take for a formula gets a quote in front (OWASP, "CSV Injection"): who
 * copies it from the screen. Scripts get the field as it is.
 */
export function csv(rows: ReadonlyArray<readonly string[]>, isForPeople: boolean): string {
  const field = (text: string): string => {
    const escaped = escapeControls(text);
    const shown = isForPeople && FORMULA.test(text) ? `'${escaped}` : escaped;
    return /[",]/.test(shown) ? `"${shown.replaceAll('"', '""')}"` : shown;
  };
  return rows.map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** With the wide forms that East Asian versions take for the same. */
const FORMULA = /^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r]/;

/** `in 7 h 52 min`, `58 min`, `40 s`: the two largest units, as people say them. */
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

/** The present, as `Context.now` gives it: with it goes how this person reads a clock. */
export interface Present extends Date {
  readonly clock?: "24h" | "12h";
}

/** `18:04` (or `6:04 pm`) of the local day, with the date where it is another day. */
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

/** `3 November` of the local calendar, with the year where it is another. */
export function calendarDay(instant: Date, now: Date): string {
  const day = `${instant.getDate()} ${MONTHS[instant.getMonth()] ?? ""}`;
  return instant.getFullYear() === now.getFullYear() ? day : `${day} ${instant.getFullYear()}`;
}

/** Every word occurs, in any order and without case. */
export function containsWords(text: string, words: readonly string[]): boolean {
  const searched = text.toLowerCase();
  return words.every((word) => searched.includes(word.toLowerCase()));
}

/** The candidates nearest to a mistyped word, best first: at most three, and none that is far off. */
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

/** Levenshtein distance, of the first 64 characters: only names come here, and no server's text takes long. */
export function editDistance(from: string, to: string): number {
  return distance(from.slice(0, 64), to.slice(0, 64));
}
