import { loginCommand } from "../model/sso-session.ts";
import { alignColumns, formatLines, truncate } from "../text/terminal.ts";
import { isServiceable, type SessionStatus } from "../sign-in/status.ts";
import { describeState, timeLeftText } from "../sign-in/text.ts";

/** What `latchkey` alone says: where you stand, and the next useful commands. */
export interface Overview {
  readonly statuses: readonly SessionStatus[];
  /** What this shell uses; undefined where it uses nothing. */
  readonly shell: ShellIdentity | undefined;
  /** What keeps that from being read, with its cure. */
  readonly problem: { readonly message: string; readonly hint: string | undefined } | undefined;
  readonly profiles: number;
}

export interface ShellIdentity {
  readonly profile: string | undefined;
  /** Where the credentials come from, in words. */
  readonly source: string;
  readonly accountId: string | undefined;
  readonly accountName: string | undefined;
  readonly roleName: string | undefined;
  readonly region: string | undefined;
}

interface OverviewRow {
  readonly name: string;
  readonly state: string;
  readonly detail: string;
}

/** A screen is for a glance: the rest is one command away. */
const MOST_SESSIONS = 8;

export function overviewText(standing: Overview, now: Date, width: number): string {
  const { statuses, shell, problem } = standing;
  const sessions = statuses.slice(0, MOST_SESSIONS).map((status) => toRow(status, now));
  const rows = shell === undefined ? sessions : [...sessions, toShellRow(shell)];
  const steps = suggestNextSteps(standing).map(([command, what]) => [`latchkey ${command}`, what]);
  const fitRows = (cells: ReadonlyArray<readonly string[]>): string[] =>
    alignColumns(cells).map((line) => truncate(line, width));
  return formatLines([
    ...fitRows(rows.map(({ name, state, detail }) => [name, state, detail])),
    statuses.length > MOST_SESSIONS &&
      `… ${statuses.length - MOST_SESSIONS} more sessions: latchkey status`,
    ...statuses
      .slice(0, MOST_SESSIONS)
      .flatMap(({ label, notes }) => notes.map((note) => truncate(`${label}: ${note}`, width))),
    problem?.message,
    problem?.hint && `→ ${problem.hint}`,
    rows.length === 0 && problem === undefined && "No SSO session on this machine yet.",
    "",
    ...fitRows(steps),
  ]);
}

function toRow(status: SessionStatus, now: Date): OverviewRow {
  const { label, session, state, refreshable } = status;
  const renewal = refreshable ? ", renews itself" : "";
  const details: Partial<Record<SessionStatus["state"], string>> = {
    usable: `${timeLeftText(status, now)}${renewal}`,
    refreshable: "at the next use",
  };
  return {
    name: label,
    state: describeState(status, now),
    detail: status.isRefused ? "latchkey doctor" : (details[state] ?? loginCommand(session)),
  };
}

function toShellRow(shell: ShellIdentity): OverviewRow {
  const { profile, source, accountId, accountName, roleName, region } = shell;
  const state = "this shell";
  if (profile === undefined || accountId === undefined)
    return { name: profile ?? "keys", state, detail: source };
  const account = accountName === undefined ? accountId : `${accountId} ${accountName}`;
  const parts = [account, roleName, region].filter((part) => part !== undefined);
  return { name: profile, state, detail: parts.join(" · ") };
}

/** The first is the most useful now; the last is where all the others are. */
function suggestNextSteps({
  statuses,
  shell,
  problem,
  profiles,
}: Overview): ReadonlyArray<readonly [string, string]> {
  const all = ["--help", "every command"] as const;
  const check = ["doctor", "check this machine"] as const;
  if (problem !== undefined) return [check, all];
  if (statuses.length === 0 && profiles === 0)
    return [
      ["configure", "set one up (start URL and region at hand)"],
      ["demo", "try everything against an emulated Identity Center"],
      all,
    ];
  if (profiles === 0 && statuses.every(({ isLeft }) => isLeft === true))
    return [["configure", "write a profile for it"], ["logout", "sign out"], all];
  const isSignedIn = statuses.some(({ state }) => isServiceable(state));
  if (statuses.length > 0 && !isSignedIn) return [["login", "sign in"], check, all];
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
