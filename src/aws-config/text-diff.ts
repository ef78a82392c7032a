import { decode } from "./text.ts";
import { changedLines, linesWithBreaks, type ChangedLines } from "./line-diff.ts";
import { isSecretKey } from "../text/redact.ts";
import { harmless } from "../text/terminal.ts";

/** Two versions of an AWS config, compared for people: as a unified diff, and as the lines that one of them lacks. No secret is shown. */

const CONTEXT_LINES = 3;

/** @param before Latin-1, one character a byte, as is `after`. Empty where they are the same. */
export function unifiedDiff(before: string, after: string, file: string): string {
  const [old, fresh] = [linesWithBreaks(before), linesWithBreaks(after)];
  const hunks = joined(changedLines(old, fresh));
  const parts = hunks.map((hunk) => hunkText(hunk, old, fresh));
  return parts.length === 0
    ? ""
    : `--- ${harmless(file)}\n+++ ${harmless(file)}\n${parts.join("")}`;
}

/** Changes with no more than the context of both between them are one hunk. */
function joined(changes: readonly ChangedLines[]): ChangedLines[][] {
  const hunks: ChangedLines[][] = [];
  for (const change of changes) {
    const last = hunks.at(-1)?.at(-1);
    if (last !== undefined && change.gone[0] - last.gone[1] <= 2 * CONTEXT_LINES)
      hunks.at(-1)?.push(change);
    else hunks.push([change]);
  }
  return hunks;
}

function hunkText(
  hunk: readonly ChangedLines[],
  old: readonly string[],
  fresh: readonly string[],
): string {
  const [first, last] = [hunk[0], hunk.at(-1)];
  if (first === undefined || last === undefined) return "";
  const lead = Math.min(CONTEXT_LINES, first.gone[0]);
  const tail = Math.min(CONTEXT_LINES, old.length - last.gone[1]);
  const all = (sign: string, lines: readonly string[]): string =>
    lines.map((line) => printed(sign, line)).join("");
  let text = "";
  let at = first.gone[0] - lead;
  for (const { gone, come } of hunk) {
    text +=
      all(" ", old.slice(at, gone[0])) +
      all("-", old.slice(...gone)) +
      all("+", fresh.slice(...come));
    [, at] = gone;
  }
  text += all(" ", old.slice(at, at + tail));
  return `@@ -${place(first.gone[0] - lead, last.gone[1] + tail)} +${place(first.come[0] - lead, last.come[1] + tail)} @@\n${text}`;
}

/** As `diff -u` counts: an empty stretch is named by the line before it. */
function place(start: number, end: number): string {
  return start === end ? `${start},0` : `${start + 1},${end - start}`;
}

function printed(sign: string, line: string): string {
  const text = harmless(masked(decode(line.replace(/\r?\n$/, ""))));
  return `${sign}${text}\n${line.endsWith("\n") ? "" : "\\ No newline at end of file\n"}`;
}

function masked(line: string): string {
  const [, start = "", key = ""] = /^(\s*([^=:\s]+)\s*[=:]\s*)\S/.exec(line) ?? [];
  return key !== "" && isSecretKey(key) ? `${start}…` : line;
}

/** What is named of a line: a header, or a key; never its value. */
export function lineNames(
  before: string,
  after: string,
): { readonly come: readonly string[]; readonly gone: readonly string[] } {
  const [old, fresh] = [linesWithBreaks(before), linesWithBreaks(after)];
  const changes = changedLines(old, fresh);
  const named = (
    lines: readonly string[],
    ranges: ReadonlyArray<readonly [number, number]>,
  ): string[] =>
    ranges.flatMap(([start, end]) =>
      lines
        .slice(start, end)
        .map((line, index) => `line ${start + index + 1}${nameOfLine(decode(line).trim())}`),
    );
  return {
    come: named(
      fresh,
      changes.map(({ come }) => come),
    ),
    gone: named(
      old,
      changes.map(({ gone }) => gone),
    ),
  };
}

function nameOfLine(line: string): string {
  if (line === "") return "";
  if (/^[#;]/.test(line)) return " (a comment)";
  if (line.startsWith("[")) return ` (${line})`;
  const [key = ""] = /^[^=:]+(?=[=:])/.exec(line) ?? [];
  return key.trim() === "" ? "" : ` (${key.trim()})`;
}
