import type { ConfigProblem, ProblemKind } from "../aws-config/document.ts";
import type { ConfigChange } from "../aws-config/edit.ts";
import type { FileRefusal, ReaderDifference, View } from "../clients/compare.ts";
import type { Unread } from "../clients/proof.ts";
import { listClients } from "../clients/family.ts";
import type { Family } from "../clients/reading.ts";
import { maskValue } from "../text/secrets/config-value.ts";

/** Formats changes and problems of the config for people, with secrets masked. */

/** Returns a planned change by section, one line per key: `+` new, `~` changed, `-` removed. */
export function changesText(changes: readonly ConfigChange[], file: string): string[] {
  const lines = [file];
  let current: string | undefined;
  for (const change of changes) {
    if (change.section !== current) lines.push(`  [${change.section}]`);
    current = change.section;
    lines.push(`  ${changeLine(change)}`);
  }
  return lines;
}

function changeLine({ key, before, after }: ConfigChange): string {
  if (before === null) return `+ ${key} = ${formatValue(key, after)}`;
  if (after === null) return `- ${key} = ${formatValue(key, before)}`;
  return `~ ${key} = ${formatValue(key, before)} → ${formatValue(key, after)}`;
}

function formatValue(key: string, value: string | null): string {
  return maskValue(key, value ?? "");
}

/** Returns the change for JSON output, masking the same values as in text. */
export function maskChange<Change extends Pick<ConfigChange, "key" | "before" | "after">>(
  change: Change,
): Change {
  const mask = (value: string | null): string | null =>
    value === null ? null : maskValue(change.key, value);
  return { ...change, before: mask(change.before), after: mask(change.after) };
}

export function maskChanges(changes: readonly ConfigChange[]): ConfigChange[] {
  return changes.map(maskChange);
}

const PROBLEMS: Readonly<Record<ProblemKind, string>> = {
  "byte-order-mark": "a byte order mark",
  "not-utf-8": "a byte that is not UTF-8",
  "nul-byte": "a NUL byte",
  "key-before-section": "a line before the first section",
  "unterminated-header": "a section header without its ]",
  "no-delimiter": "a line that is not a key",
  "nested-no-delimiter": "a nested line without =",
  "duplicate-section": "a section that occurs twice",
  "duplicate-key": "a key that occurs twice in its section",
};

/** @param others other clients that refuse the file because of the same line. */
export function problemText(
  { kind, line }: ConfigProblem,
  file: string,
  others: readonly Family[] = [],
): string {
  return kind === "nul-byte"
    ? `${file} has ${PROBLEMS[kind]} in line ${line}: the AWS CLI reads it, latchkey does not change such a file`
    : refusalText({ families: ["aws-cli", ...others], line, why: PROBLEMS[kind] }, file);
}

export function refusalText({ families, line, why }: FileRefusal, file: string): string {
  return `${listFamilies(families)} can't read ${file}: ${why} in line ${line}`;
}

/** Returns a sentence like `Java and Rust don't read [profile a] and [profile b] as the AWS CLI does.` */
export function unreadText({ families, sections }: Unread): string {
  const shown = sections.slice(0, 3).map((section) => `[${section}]`);
  const more = sections.length > shown.length ? ` and ${sections.length - shown.length} more` : "";
  const verb = families.length === 1 ? "doesn't" : "don't";
  return `${listFamilies(families)} ${verb} read ${shown.join(", ")}${more} as the AWS CLI does.`;
}

export function differenceText(
  { section, key, line, views }: ReaderDifference,
  file: string,
): string {
  const what = key === undefined ? `[${section}]` : `[${section}] ${key}`;
  return `${file}, line ${line}: of ${what} ${viewsText(views, true)}`;
}

/** Returns a phrase like `the AWS CLI and .NET see "a # b", JavaScript, Go v2, Java and Rust see "a"`. */
export function viewsText(views: readonly View[], showsValues: boolean): string {
  const describe = ({ families, sees }: View): string => {
    const names = listFamilies(families);
    const isOne = families.length === 1;
    if (sees.kind === "refuses-file")
      return `${names} ${isOne ? "refuses" : "refuse"} the whole file`;
    const read = sees.kind === "value" && !showsValues ? "it, in its own way" : "it";
    return `${names} ${isOne ? "sees" : "see"} ${describeSight(sees, read)}`;
  };
  return views.map(describe).join(", ");
}

function describeSight(sees: View["sees"], it: string): string {
  if (sees.kind === "nothing") return "nothing";
  return sees.kind === "value" && it === "it" ? JSON.stringify(sees.value) : it;
}

/** Returns a list like `the AWS CLI, Java and Rust`. */
function listFamilies(families: readonly Family[]): string {
  return listClients(families).replace(/^AWS CLI/, "the AWS CLI");
}
