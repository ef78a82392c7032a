import { escapeControls } from "../text/terminal.ts";
import type { Diagnosis, Finding, Level, Rule } from "./rule.ts";

/** A diagnosis as a person reads it, and the table of rules as the docs have it. */

const MARKS: Readonly<Record<Level, string>> = { fail: "FAIL", warn: "warn", notice: "note" };

/** What is wrong first; then the subjects in which nothing was. */
export function diagnosisText(
  rulesBySubject: Readonly<Record<string, readonly Rule[]>>,
  { findings, notices, passed }: Diagnosis,
): string {
  const failed = findings.filter(({ level }) => level === "fail");
  const warned = findings.filter(({ level }) => level === "warn");
  const all = [...failed, ...warned, ...notices];
  const width = Math.max(0, ...all.map(({ id }) => id.length));
  const found = new Set(all.map(({ id }) => id));
  const sound = Object.entries(rulesBySubject)
    .filter(([, rules]) => rules.every(({ id }) => !found.has(id)))
    .filter(([, rules]) => rules.some(({ id }) => passed.includes(id)))
    .map(([subject]) => subject);
  const totals = [
    failed.length > 0 && `${failed.length} failed`,
    warned.length > 0 && `${warned.length} ${warned.length === 1 ? "warning" : "warnings"}`,
    notices.length > 0 && `${notices.length} ${notices.length === 1 ? "notice" : "notices"}`,
    `${passed.length} ok`,
  ];
  return [
    ...all.map((finding) => findingText(finding, width)),
    sound.length > 0 ? ` ok    ${sound.join(", ")}\n` : "",
    `${totals.filter(Boolean).join(", ")}\n`,
  ].join("");
}

function findingText({ id, level, summary, evidence, hint }: Finding, width: number): string {
  const indent = " ".repeat(width + 9);
  return [
    ` ${MARKS[level]}  ${id.padEnd(width)}  ${escapeControls(summary)}\n`,
    `${indent}${escapeControls(evidence)}\n`,
    `${indent}→ ${escapeControls(hint)}\n`,
  ].join("");
}

/** Markdown; a `|` inside a cell would end it. */
export function rulesTable(rules: readonly Rule[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = rules.map(
    ({ id, level, looksFor, readers, isFixable }) =>
      `| \`${id}\` | ${level} | ${cell(looksFor)} | ${cell(readers)} | ${isFixable ? "yes" : ""} |`,
  );
  return [
    "| id | level | what is looked for | who sees what | `--fix` |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
