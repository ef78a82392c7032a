import { escapeControls, plural } from "../text/terminal.ts";
import type { Diagnosis, Finding } from "./findings.ts";
import type { Level, Rule } from "./rule.ts";

/** Formats a diagnosis for people, and the table of rules for the docs. */

const MARKS: Readonly<Record<Level, string>> = { fail: "FAIL", warn: "warn", notice: "note" };

/**
 * Returns the findings, then the subjects without findings.
 * @param mostLines the maximum number of lines: the last findings are shown without evidence and hint, or only as ids.
 */
export function diagnosisText(
  rulesBySubject: Readonly<Record<string, readonly Rule[]>>,
  { findings, notices, passed }: Diagnosis,
  mostLines = Number.POSITIVE_INFINITY,
): string {
  const failed = findings.filter(({ level }) => level === "fail");
  const warned = findings.filter(({ level }) => level === "warn");
  const all = [...failed, ...warned, ...notices];
  const found = new Set(all.map(({ id }) => id));
  const sound = Object.entries(rulesBySubject)
    .filter(([, rules]) => rules.every(({ id }) => !found.has(id)))
    .filter(([, rules]) => rules.some(({ id }) => passed.includes(id)))
    .map(([subject]) => subject);
  const totals = [
    failed.length > 0 && `${failed.length} failed`,
    warned.length > 0 && plural(warned.length, "warning"),
    notices.length > 0 && plural(notices.length, "notice"),
    `${passed.length} ok`,
  ];
  const end = [
    ...(sound.length > 0 ? [` ok    ${sound.join(", ")}\n`] : []),
    `${totals.filter(Boolean).join(", ")}\n`,
  ];
  return [...findingLines(all, mostLines - end.length), ...end].join("");
}

/**
 * Three lines per finding. If they do not fit, one line per finding, and one line with the ids of the remaining
 * findings.
 */
function findingLines(findings: readonly Finding[], most: number): string[] {
  const width = Math.max(0, ...findings.map(({ id }) => id.length));
  const lines = findings.map((finding) => findingText(finding, width));
  if (lines.length * 3 <= most) return lines.flat();
  const shown = lines.slice(0, most - 1);
  const whole = Math.floor((most - 1 - shown.length) / 2);
  const left = findings.slice(shown.length).map(({ id }) => id);
  const more = left.length === 0 ? "" : `${left.join(", ")}; `;
  return [
    ...shown.flatMap(([first = "", ...rest], index) => [first, ...(index < whole ? rest : [])]),
    `       ${more}evidence and hints of all: latchkey doctor --all\n`,
  ];
}

function findingText({ id, level, summary, evidence, hint }: Finding, width: number): string[] {
  const indent = " ".repeat(width + 9);
  return [
    ` ${MARKS[level]}  ${id.padEnd(width)}  ${escapeControls(summary)}\n`,
    `${indent}${escapeControls(evidence)}\n`,
    `${indent}→ ${escapeControls(hint)}\n`,
  ];
}

/** Returns a Markdown table; `|` is escaped, since it would end a cell. */
export function rulesTable(rules: readonly Rule[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = rules.map(
    ({ id, level, looksFor, readers, isFixable }) =>
      `| \`${id}\` | ${level} | ${cell(looksFor)} | ${cell(readers)} | ${isFixable ? "yes" : ""} |`,
  );
  return [
    "| id | level | problem | effect on clients | `--fix` |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
