import { alignColumns, truncate, escapeControls } from "../text/terminal.ts";

/** What `latchkey` alone says: where you stand, and the next useful commands. */
export interface Overview {
  readonly sessions: readonly OverviewRow[];
  /** What this shell uses; undefined where it uses nothing. */
  readonly shell: OverviewRow | undefined;
  /** What keeps that from being read, with its cure. */
  readonly problem: { readonly message: string; readonly hint: string | undefined } | undefined;
  readonly signedIn: boolean;
  readonly profiles: number;
}

export interface OverviewRow {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
}

/** A screen is for a glance: the rest is one command away. */
const MOST_SESSIONS = 8;

export function overviewText(standing: Overview, width: number): string {
  const { sessions, shell, problem } = standing;
  const rows = [...sessions.slice(0, MOST_SESSIONS), ...(shell === undefined ? [] : [shell])].map(
    ({ name, state, detail }) => [name, state, detail],
  );
  const more =
    sessions.length > MOST_SESSIONS
      ? [`… ${sessions.length - MOST_SESSIONS} more sessions: latchkey status`]
      : [];
  const trouble =
    problem === undefined
      ? []
      : [problem.message, ...(problem.hint === undefined ? [] : [`→ ${problem.hint}`])];
  const nothing =
    rows.length === 0 && problem === undefined ? ["No SSO session on this machine yet."] : [];
  const steps = suggestNextSteps(standing).map(([command, what]) => [`latchkey ${command}`, what]);
  const truncateLines = (lines: readonly string[]): string[] =>
    lines.map((line) => truncate(line, width));
  return [
    ...truncateLines(alignColumns(rows)),
    ...more,
    ...trouble.map(escapeControls),
    ...nothing,
    "",
    ...truncateLines(alignColumns(steps)),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** The first is the most useful now; the last is where all the others are. */
function suggestNextSteps({
  sessions,
  shell,
  problem,
  signedIn,
  profiles,
}: Overview): ReadonlyArray<readonly [string, string]> {
  const all = ["--help", "every command"] as const;
  const check = ["doctor", "check this machine"] as const;
  if (problem !== undefined) return [check, all];
  if (sessions.length === 0 && profiles === 0)
    return [
      ["configure", "set one up (start URL and region at hand)"],
      ["demo", "try everything against an emulated Identity Center"],
      all,
    ];
  if (sessions.length > 0 && !signedIn) return [["login", "sign in"], check, all];
  if (profiles === 0)
    return [
      ["accounts", "what you may use"],
      ["profiles sync", "a profile for every account and role"],
      ["configure", "one profile"],
      all,
    ];
  const daily = [["accounts", "what you may use"], check, all] as const;
  return shell === undefined
    ? [["use", "choose a profile for this shell"], ...daily]
    : [
        ["whoami", "who AWS says you are"],
        ["console", "open the AWS console"],
        ["use", "switch profile"],
        ...daily,
      ];
}
