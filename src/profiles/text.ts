import type { ConfigProblem, ProblemKind } from "../aws-config/document.ts";
import type { ConfigChange } from "../aws-config/edit.ts";
import type { ReaderDifference } from "../clients/compare.ts";
import { isSecretKey } from "../text/redact.ts";

/** The config in words: what will change in it, and what is wrong with it. No secret is shown. */

/** A planned change, section by section, a line a key: `+` new, `~` changed, `-` gone. */
export function changesText(changes: readonly ConfigChange[], file: string): string {
  const lines = [file];
  let current: string | undefined;
  for (const change of changes) {
    if (change.section !== current) lines.push(`  [${change.section}]`);
    current = change.section;
    lines.push(`  ${changeLine(change)}`);
  }
  return lines.join("\n");
}

function changeLine({ key, before, after }: ConfigChange): string {
  if (before === null) return `+ ${key} = ${formatValue(key, after)}`;
  if (after === null) return `- ${key} = ${formatValue(key, before)}`;
  return `~ ${key} = ${formatValue(key, before)} → ${formatValue(key, after)}`;
}

function formatValue(key: string, value: string | null): string {
  return isSecretKey(key) ? "…" : (value ?? "");
}

const PROBLEMS: Readonly<Record<ProblemKind, string>> = {
  "byte-order-mark": "a byte order mark",
  "not-utf-8": "a byte that is not UTF-8",
  "nul-byte": "a NUL byte",
  "key-before-section": "a line before the first section",
  "unterminated-header": "a section header without its ]",
  "no-delimiter": "a line that is no key",
  "nested-no-delimiter": "a nested line without =",
  "duplicate-section": "a section that stands there twice",
  "duplicate-key": "a key that stands twice in its section",
};

export function problemText({ kind, line }: ConfigProblem, file: string): string {
  return `the AWS CLI can't read ${file}: ${PROBLEMS[kind]} in line ${line}`;
}

export function differenceText(
  { section, key, line, awsCli, javascript }: ReaderDifference,
  file: string,
): string {
  const what = key === undefined ? `[${section}]` : `[${section}] ${key}`;
  const describeReading = (value: string | null): string => {
    if (value === null) return "nothing";
    return key === undefined ? "it" : JSON.stringify(value);
  };
  return `${file}, line ${line}: of ${what} the AWS CLI sees ${describeReading(awsCli)}, the SDK for JavaScript ${describeReading(javascript)}`;
}
