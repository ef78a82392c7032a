import { diffArrays } from "diff/lib/diff/array.js";
import { isSecretKey } from "../../text/redact.ts";
import { escapeControls } from "../../text/terminal.ts";

/** Two versions of an AWS config, compared for people as a unified diff. No secret is shown. */

const CONTEXT_LINES = 3;

/**
 * The time of a comparison grows with the square of the lines that differ: a stretch where more do is replaced as a whole.
 */
const MOST_EDITS = 500;

/** A line of either version: " " in both, "-" in the old one alone, "+" in the new one alone. */
interface SignedLine {
  readonly sign: " " | "-" | "+";
  /** With its line break, so that a missing last one counts. */
  readonly line: string;
}

/** Empty where both are the same. */
export function formatUnifiedDiff(before: string, after: string, file: string): string {
  const hunks = formatHunks(compareLines(splitLines(before), splitLines(after)));
  return hunks === "" ? "" : `--- ${escapeControls(file)}\n+++ ${escapeControls(file)}\n${hunks}`;
}

function splitLines(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compareLines(before: readonly string[], after: readonly string[]): SignedLine[] {
  return cutAtAnchors(before, after).flatMap(([old, fresh]) => comparePiece(old, fresh));
}

function comparePiece(old: string[], fresh: string[]): SignedLine[] {
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

/** Pieces that can be compared one by one: each begins with a line that stands once in both, in an order that both have. */
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

/** The lines that stand there once, each with its place. */
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

/** Changes with no more than the context of both between them are one hunk. */
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

/** Where the hunks begin and end among all lines. */
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

/** As `diff -u` counts: an empty stretch is named by the line before it. */
function formatRange(before: number, count: number): string {
  return `${count === 0 ? before : before + 1},${count}`;
}

function formatLine({ sign, line }: SignedLine): string {
  const text = escapeControls(maskSecret(line.replace(/\r?\n$/, "").toWellFormed()));
  return `${sign}${text}\n${line.endsWith("\n") ? "" : "\\ No newline at end of file\n"}`;
}

function maskSecret(line: string): string {
  const [, start = "", key = ""] = /^(\s*([^=:\s]+)\s*[=:]\s*)\S/.exec(line) ?? [];
  return key !== "" && isSecretKey(key) ? `${start}…` : line;
}
