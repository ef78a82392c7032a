import { diffArrays } from "diff/lib/diff/array.js";
import type { ConfigDocument, ConfigEntry } from "../../aws-config/document.ts";
import { splitKeyLine } from "../../aws-config/style.ts";
import { findLineBreak, removeLineBreak, strip, stripEnd } from "../../aws-config/text.ts";
import { MASK } from "../../text/secrets/sent.ts";
import { maskComment, maskNestedLine, maskValue } from "../../text/secrets/config-value.ts";
import { escapeControls } from "../../text/terminal.ts";

/** Compares the old and the new text of an AWS config and formats a unified diff for people, with secrets masked. */

const CONTEXT_LINES = 3;

/**
 * The maximum number of different lines in a piece. The time of a comparison grows with the square of that number, so a
 * piece with more differences is replaced as a whole.
 */
const MOST_EDITS = 500;

/** A line of the diff: " " is in both texts, "-" only in the old text, "+" only in the new text. */
interface SignedLine {
  readonly sign: " " | "-" | "+";
  /** The line with its line break. If only one text ends with a line break, its last line counts as different. */
  readonly line: string;
  /** The line with secrets masked. */
  readonly shown: string;
}

/** Returns an empty text if both configs are the same. */
export function formatUnifiedDiff(
  before: ConfigDocument,
  after: ConfigDocument,
  file: string,
): string {
  const lines = compareLines(splitLines(before.text), splitLines(after.text));
  const hunks = formatHunks(showLines(lines, maskLines(before), maskLines(after)));
  return hunks === "" ? "" : `--- ${escapeControls(file)}\n+++ ${escapeControls(file)}\n${hunks}`;
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

type ComparedLine = Omit<SignedLine, "shown">;

function compareLines(before: readonly string[], after: readonly string[]): ComparedLine[] {
  return cutAtAnchors(before, after).flatMap(([old, fresh]) => comparePiece(old, fresh));
}

function comparePiece(old: string[], fresh: string[]): ComparedLine[] {
  const parts = diffArrays(old, fresh, { maxEditLength: MOST_EDITS }) ?? [
    { value: old, removed: true, added: false },
    { value: fresh, removed: false, added: true },
  ];
  return parts.flatMap((part) => part.value.map((line) => ({ sign: chooseSign(part), line })));
}

function chooseSign({ added, removed }: { added: boolean; removed: boolean }): SignedLine["sign"] {
  if (removed) return "-";
  return added ? "+" : " ";
}

type Piece = readonly [old: string[], fresh: string[]];

/**
 * Cuts both texts into pieces that are compared one by one. Each piece begins with a line that occurs exactly once in
 * each text. These lines are in the same order in both.
 */
function cutAtAnchors(before: readonly string[], after: readonly string[]): Piece[] {
  const [old, fresh] = [findLinesOnce(before), findLinesOnce(after)];
  const order = diffArrays(
    [...old.keys()].filter((line) => fresh.has(line)),
    [...fresh.keys()].filter((line) => old.has(line)),
    { maxEditLength: MOST_EDITS },
  );
  const anchors = (order ?? []).flatMap(({ added, removed, value }) =>
    added || removed ? [] : value,
  );
  const starts = [
    [0, 0] as const,
    ...anchors.map((line) => [old.get(line) ?? 0, fresh.get(line) ?? 0] as const),
  ];
  return starts.map(([from, start], index) => {
    const [to, end] = starts[index + 1] ?? [before.length, after.length];
    return [before.slice(from, to), after.slice(start, end)];
  });
}

/** Returns the lines that occur exactly once, with their indexes. */
function findLinesOnce(lines: readonly string[]): Map<string, number> {
  const places = new Map<string, number>();
  const repeated = new Set<string>();
  for (const [index, line] of lines.entries()) {
    if (places.has(line)) repeated.add(line);
    places.set(line, index);
  }
  for (const line of repeated) places.delete(line);
  return places;
}

/**
 * Formats the hunks. Two changes are in one hunk if the unchanged lines between them are at most twice the context lines.
 */
function formatHunks(lines: readonly SignedLine[]): string {
  let text = "";
  let [oldLine, newLine, from] = [0, 0, 0];
  for (const [start, end] of findHunks(lines)) {
    const skipped = countLines(lines.slice(from, start));
    const held = countLines(lines.slice(start, end));
    oldLine += skipped.old;
    newLine += skipped.fresh;
    text += `@@ -${formatRange(oldLine, held.old)} +${formatRange(newLine, held.fresh)} @@\n`;
    text += lines.slice(start, end).map(formatLine).join("");
    oldLine += held.old;
    newLine += held.fresh;
    from = end;
  }
  return text;
}

/** Returns the start and end index of each hunk. */
function findHunks(lines: readonly SignedLine[]): Array<readonly [start: number, end: number]> {
  const hunks: Array<[number, number]> = [];
  for (const [index, { sign }] of lines.entries()) {
    if (sign === " ") continue;
    const [start, end] = [
      Math.max(0, index - CONTEXT_LINES),
      Math.min(lines.length, index + 1 + CONTEXT_LINES),
    ];
    const last = hunks.at(-1);
    if (last === undefined || last[1] < start) hunks.push([start, end]);
    else last[1] = end;
  }
  return hunks;
}

function countLines(lines: readonly SignedLine[]): {
  readonly old: number;
  readonly fresh: number;
} {
  return {
    old: lines.filter(({ sign }) => sign !== "+").length,
    fresh: lines.filter(({ sign }) => sign !== "-").length,
  };
}

/** As in `diff -u`, an empty range has the number of the line before it. */
function formatRange(before: number, count: number): string {
  return `${count === 0 ? before : before + 1},${count}`;
}

function formatLine({ sign, line, shown }: SignedLine): string {
  const text = escapeControls(shown.replace(/\r?\n$/, "").toWellFormed());
  return `${sign}${text}\n${line.endsWith("\n") ? "" : "\\ No newline at end of file\n"}`;
}

function showLines(
  lines: readonly ComparedLine[],
  before: readonly string[],
  after: readonly string[],
): SignedLine[] {
  let [old, fresh] = [0, 0];
  return lines.map((compared) => {
    const shown = (compared.sign === "+" ? after[fresh] : before[old]) ?? MASK;
    if (compared.sign !== "+") old += 1;
    if (compared.sign !== "-") fresh += 1;
    return { ...compared, shown };
  });
}

/** Returns the lines of the config. A value is masked unless its key may be shown, also in continuation lines. */
function maskLines({ mark, lines, sections }: ConfigDocument): string[] {
  const owners = findOwners(sections.flatMap(({ entries }) => entries));
  const shown: string[] = [];
  let open = mark;
  for (const [index, line] of lines.entries()) {
    const lineBreak = findLineBreak(line);
    open += maskLine(removeLineBreak(line), index + 1, owners.get(index + 1)) + lineBreak;
    // A lone CR ends a line for AWS clients, but not in the diff.
    if (lineBreak === "\r") continue;
    shown.push(open);
    open = "";
  }
  return open === "" ? shown : [...shown, open];
}

/** Returns the key to which each line belongs, by line number. */
function findOwners(entries: readonly ConfigEntry[]): ReadonlyMap<number, ConfigEntry> {
  const owners = new Map<number, ConfigEntry>();
  for (const entry of entries)
    for (let line = entry.line; line <= entry.lastLine; line += 1) owners.set(line, entry);
  return owners;
}

function maskLine(line: string, number: number, owner: ConfigEntry | undefined): string {
  const statement = strip(line);
  if (statement === "") return line;
  if (/^[#;]/.test(statement)) return maskComment(line);
  if (owner?.line === number) return maskKeyLine(line);
  const [, header = "", behind = ""] = /^(\s*\[.*\])(.*)$/s.exec(line) ?? [];
  if (owner === undefined && header !== "") return header + maskComment(behind);
  return maskNestedLine(line);
}

function maskKeyLine(line: string): string {
  const { indent, key, before, delimiter, after, value } = splitKeyLine(line);
  const end = line.slice(stripEnd(line).length);
  return `${indent}${key}${before}${delimiter}${after}${maskValue(key, value)}${end}`;
}
