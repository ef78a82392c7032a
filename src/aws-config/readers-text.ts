import type { ReaderDifference } from "./readers.ts";
import type { ConfigProblem, ProblemKind } from "./lines.ts";

/** What is wrong with a config file, in the words of a notice. */

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
