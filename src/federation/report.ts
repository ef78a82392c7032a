import { EXIT, type ExitCode } from "../errors.ts";

/** What every `federation` check reports: one finding a step, and the exit code that all of them come to. */

/** `unknown`: the step could not be judged (no access, no network), which is not the same as failed. */
export type CheckStatus = "ok" | "warn" | "fail" | "skip" | "unknown";

export type Evidence = Readonly<
  Record<string, string | number | boolean | null | readonly string[]>
>;

/** The twelve steps from Okta's metadata to a role, in the order in which a person takes them. */
export const CHECK_IDS = [
  "metadata",
  "sp-urls",
  "instance",
  "scim-reach",
  "scim-token",
  "user",
  "group",
  "member",
  "permission-set",
  "assignment",
  "portal",
  "identity",
] as const;

export type CheckId = (typeof CHECK_IDS)[number];

/** A step keeps its number also where only some are shown; findings of a file are counted. */
function stepNumber(id: string, index: number): number {
  const step = CHECK_IDS.findIndex((known) => known === id);
  return step === -1 ? index + 1 : step + 1;
}

export function toBlockedVerdict(blocker: CheckId): Verdict {
  return {
    status: "skip",
    summary: `blocked by ${CHECK_IDS.indexOf(blocker) + 1}`,
    blockedBy: blocker,
  };
}

/** One judgement, without whose it is. */
export interface Verdict {
  readonly status: CheckStatus;
  /** Stable, for scripts: `FED-…`, `META-…`, `SP-…`; undefined where nothing is to be said. */
  readonly code?: string;
  readonly summary: string;
  readonly evidence?: Evidence;
  /** What cures it, one act a line. */
  readonly hint?: readonly string[];
  /** The vendor's page about it. */
  readonly docs?: string;
  /** The step whose failure leaves nothing to judge here. */
  readonly blockedBy?: string;
}

/** AWS's page for most of what goes wrong. */
export const TROUBLESHOOTING_DOCS =
  "https://docs.aws.amazon.com/singlesignon/latest/userguide/troubleshooting.html";

export interface Check extends Verdict {
  readonly id: string;
  readonly durationMs: number;
}

/** 1: something failed (with `strict`, or is doubtful); 3: nothing failed, but something could not be judged; else 0. */
export function toExitCode(
  checks: ReadonlyArray<{ readonly status: CheckStatus }>,
  strict: boolean,
): ExitCode {
  const has = (status: CheckStatus): boolean => checks.some((check) => check.status === status);
  if (has("fail")) return EXIT.FAILED;
  if (has("unknown")) return EXIT.UNDETERMINED;
  return strict && has("warn") ? EXIT.FAILED : EXIT.OK;
}

export interface CheckJson {
  readonly id: string;
  readonly status: CheckStatus;
  readonly code: string | null;
  readonly summary: string;
  readonly evidence: Evidence;
  readonly hint: readonly string[];
  readonly docs: string | null;
  readonly blockedBy: string | null;
  readonly durationMs: number;
}

export interface ReportJson {
  readonly schemaVersion: 1;
  readonly ok: boolean;
  readonly exitCode: ExitCode;
  readonly checks: readonly CheckJson[];
}

/** The JSON value: stable names, nothing left out. `more` are the command's own members. */
export function reportJson<More extends object>(
  checks: readonly Check[],
  strict: boolean,
  more: More,
): ReportJson & More {
  const exitCode = toExitCode(checks, strict);
  return {
    schemaVersion: 1,
    ok: exitCode === EXIT.OK,
    exitCode,
    ...more,
    checks: checks.map(checkJson),
  };
}

function checkJson({
  id,
  status,
  code,
  summary,
  evidence = {},
  hint = [],
  docs,
  blockedBy,
  durationMs,
}: Check): CheckJson {
  return {
    id,
    status,
    code: code ?? null,
    summary,
    evidence,
    hint,
    docs: docs ?? null,
    blockedBy: blockedBy ?? null,
    durationMs,
  };
}

const WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: "ok",
  warn: "warn",
  fail: "FAIL",
  skip: "skip",
  unknown: "?",
};

/** The checklist as a person reads it: a line a step, what cures it below, and the tally. Not cut: the cure must be copyable. */
export function reportLines(checks: readonly Check[], strict: boolean): string[] {
  const width = Math.max(...checks.map(({ id }) => id.length), 0) + 2;
  const indent = " ".repeat(3 + width + 6);
  const lines = checks.flatMap(({ id, status, summary, hint = [] }, index) => [
    `${String(stepNumber(id, index)).padStart(2)} ${id.padEnd(width)}${WORDS[status].padEnd(6)}${summary}`,
    ...hint.map((line, position) => `${indent}${position === 0 ? "→ " : "  "}${line}`),
  ]);
  return [...lines, `${tally(checks)}   exit ${toExitCode(checks, strict)}`];
}

function tally(checks: readonly Check[]): string {
  const count = (status: CheckStatus): number =>
    checks.filter((check) => check.status === status).length;
  const warnings = count("warn");
  const parts: ReadonlyArray<readonly [number, string]> = [
    [count("fail"), "failed"],
    [count("unknown"), "unknown"],
    [warnings, warnings === 1 ? "warning" : "warnings"],
    [count("ok"), "ok"],
    [count("skip"), "skipped"],
  ];
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(", ");
}

/** Several findings of one thing as one: the worst of them speaks, and all that is wrong is told. */
export function mergeVerdicts(
  checks: ReadonlyArray<Verdict & { readonly id: string }>,
  good: Verdict,
): Verdict {
  const bad = [
    ...checks.filter(({ status }) => status === "fail"),
    ...checks.filter(({ status }) => status === "warn"),
  ];
  const [first] = bad;
  if (first === undefined) return good;
  return {
    status: first.status,
    ...(first.code === undefined ? {} : { code: first.code }),
    summary: bad.map(({ summary }) => summary).join("; "),
    evidence: { ...good.evidence, findings: bad.map(({ id }) => id) },
    hint: bad.flatMap(({ hint = [] }) => hint),
    ...(first.docs === undefined ? {} : { docs: first.docs }),
  };
}
