import { escapeControls } from "../text/terminal.ts";
import type { Diagnosis, Finding, Level, Rule } from "./rule.ts";

/** A diagnosis as a person reads it, and the table of rules as the docs have it. */

const MARKS: Readonly<Record<Level, string>> = { fail: "FAIL", warn: "warn", notice: "note" };

/** What is wrong first; then a line for each subject in which nothing was. */
export function diagnosisText(
  rules: readonly Rule[],
  { findings, notices, passed }: Diagnosis,
): string {
  const said = [
    ...findings.filter(({ level }) => level === "fail"),
    ...findings.filter(({ level }) => level === "warn"),
    ...notices,
  ];
  const width = Math.max(0, ...said.map(({ id }) => id.length));
  const sound = listSoundSubjects(rules, said, passed);
  return [
    ...said.map((finding) => findingText(finding, width)),
    ...(sound.length === 0 ? [] : [` ok    ${sound.join(", ")}\n`]),
    totalsText(findings, notices, passed),
  ].join("");
}

function findingText({ id, level, summary, evidence, hint }: Finding, width: number): string {
  const indent = " ".repeat(width + 9);
  return ` ${MARKS[level]}  ${id.padEnd(width)}  ${escapeControls(summary)}\n${indent}${escapeControls(evidence)}\n${indent}→ ${escapeControls(hint)}\n`;
}

function listSoundSubjects(
  rules: readonly Rule[],
  said: readonly Finding[],
  passed: readonly string[],
): string[] {
  const unsound = new Set(
    rules
      .filter(({ id }) => said.some((finding) => finding.id === id))
      .map(({ subject }) => subject),
  );
  const looked = new Set(
    rules.filter(({ id }) => passed.includes(id)).map(({ subject }) => subject),
  );
  return [...looked].filter((subject) => !unsound.has(subject));
}

function totalsText(
  findings: readonly Finding[],
  notices: readonly Finding[],
  passed: readonly string[],
): string {
  const [failed, warned] = [
    findings.filter(({ level }) => level === "fail").length,
    findings.filter(({ level }) => level === "warn").length,
  ];
  const formatCount = (count: number, one: string, many: string): string[] =>
    count === 0 ? [] : [`${count} ${count === 1 ? one : many}`];
  return `${[...formatCount(failed, "failed", "failed"), ...formatCount(warned, "warning", "warnings"), ...formatCount(notices.length, "notice", "notices"), `${passed.length} ok`].join(", ")}\n`;
}

/** Markdown; a `|` inside a cell would end it. */
export function rulesTable(rules: readonly Rule[]): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = rules.map(
    ({ id, level, looksFor, readers, mend }) =>
      `| \`${id}\` | ${level} | ${cell(looksFor)} | ${cell(readers)} | ${mend === undefined ? "" : "yes"} |`,
  );
  return [
    "| id | level | what is looked for | who sees what | `--fix` |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
