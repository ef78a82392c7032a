import { EXIT, type ExitCode } from "../errors.ts";
import { escapeControls } from "../text/terminal.ts";
import { CHECK_IDS, type Check, type CheckStatus } from "./step.ts";

/** The JSON, the checklist and the exit code of the `federation` commands. */

/** The keys at the start of the JSON of every `federation` command. */
export interface ResultJson {
  readonly schemaVersion: 1;
  readonly ok: boolean;
  readonly exitCode: ExitCode;
}

export interface ReportJson extends ResultJson {
  readonly checks: readonly Check[];
}

/**
 * Returns 1 if a check failed, or with `strict` also if a check is a warning. Else returns 3 if a check could not be
 * judged, else 0.
 */
export function toExitCode(checks: readonly Check[], strict: boolean): ExitCode {
  const has = (status: CheckStatus): boolean => checks.some((check) => check.status === status);
  if (has("fail")) return EXIT.FAILED;
  if (has("unknown")) return EXIT.UNDETERMINED;
  return strict && has("warn") ? EXIT.FAILED : EXIT.OK;
}

/** Returns the JSON of a command: the common keys, followed by the command's own. */
export function resultJson<Members extends object>(
  exitCode: ExitCode,
  members: Members,
): ResultJson & Members {
  return { schemaVersion: 1, ok: exitCode === EXIT.OK, exitCode, ...members };
}

/** The words for a status, in the order of the final count. */
const WORDS: Readonly<Record<CheckStatus, readonly [atStep: string, inTally: string]>> = {
  fail: ["FAIL", "failed"],
  unknown: ["?", "unknown"],
  warn: ["warn", "warning"],
  ok: ["ok", "ok"],
  skip: ["skip", "skipped"],
};

/**
 * Returns the checklist for people: one line per step with its hints below it, and a final count. Lines are not cut, so
 * that hints can be copied.
 */
export function reportText({ checks, exitCode }: ReportJson): string {
  const width = Math.max(...checks.map(({ id }) => id.length), 0) + 2;
  const indent = " ".repeat(3 + width + 6);
  const lines = checks.flatMap(({ id, status, summary, hint }, index) => [
    `${stepNumber(id, index).padStart(2)} ${id.padEnd(width)}${WORDS[status][0].padEnd(6)}${summary}`,
    ...hint.map((line, position) => `${indent}${position === 0 ? "→ " : "  "}${line}`),
  ]);
  return [...lines, `${formatTally(checks)}   exit ${exitCode}`]
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}

/** A step has the same number even if only some steps are shown. Findings about a file are numbered from 1. */
function stepNumber(id: string, index: number): string {
  const step = CHECK_IDS.findIndex((known) => known === id);
  return String((step === -1 ? index : step) + 1);
}

function formatTally(checks: readonly Check[]): string {
  const parts = Object.entries(WORDS).map(([status, [, word]]) => {
    const count = checks.filter((check) => check.status === status).length;
    if (count === 0) return "";
    return `${count} ${word}${status === "warn" && count > 1 ? "s" : ""}`;
  });
  return parts.filter((part) => part !== "").join(", ");
}
