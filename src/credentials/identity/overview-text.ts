import { loginCommand } from "../../model/sso-session.ts";
import { displayWidth } from "../../text/display-width.ts";
import type { Tone } from "../../text/paint.ts";
import { formatAlignedRow, type Surface } from "../../text/table.ts";
import { escapeControls, formatLines, truncate } from "../../text/terminal.ts";
import { isServiceable, type SessionStatus } from "../../sign-in/status.ts";
import { describeState, sessionTone, timeLeftText } from "../../sign-in/text.ts";

/** What `latchkey` without arguments shows: the current state, and the next useful commands. */
export interface Overview {
  readonly statuses: readonly SessionStatus[];
  /** The profile or credentials that this shell uses; undefined if none. */
  readonly shell: ShellIdentity | undefined;
  /** The error because of which the state could not be read, with its hint. */
  readonly problem: { readonly message: string; readonly hint: string | undefined } | undefined;
  readonly profiles: number;
  /** The `shell-init` line for this shell and its start file; undefined if the shell has it already. */
  readonly installation: { readonly line: string; readonly file: string } | undefined;
}

export interface ShellIdentity {
  readonly profile: string | undefined;
  /** The source of the credentials, as text. */
  readonly source: string;
  readonly accountId: string | undefined;
  readonly accountName: string | undefined;
  readonly roleName: string | undefined;
  readonly region: string | undefined;
}

interface OverviewRow {
  readonly name: string;
  readonly state: string;
  readonly tone?: Tone;
  readonly detail: string;
  /** The command to run, shown instead of the detail. */
  readonly command?: string;
}

const GAP = 2;

/** The most sessions to show, so that the text fits on one screen. `latchkey status` shows all. */
const MOST_SESSIONS = 8;

export function overviewText(standing: Overview, now: Date, surface: Surface): string {
  const { statuses, shell, problem } = standing;
  const shown = statuses.slice(0, MOST_SESSIONS);
  const rows = shown.map((status) => toRow(status, now));
  if (shell !== undefined) rows.push(toShellRow(shell));
  const more = statuses.length - shown.length;
  return [
    rows.map((row) => formatRow(row, rows, surface)).join(""),
    formatLines([
      more > 0 && `… ${more} more sessions: latchkey status`,
      ...shown.flatMap(({ label, notes }) =>
        notes.map((note) => fitNote(`${label}: ${note}`, surface.columns)),
      ),
      problem?.message,
      problem?.hint && `→ ${problem.hint}`,
      rows.length === 0 && problem === undefined && "No SSO session on this machine yet.",
      "",
      ...formatSteps(suggestNextSteps(standing), surface.columns),
    ]),
  ].join("");
}

/** Formats a row. A command is for copying and never truncated: if it does not fit, it is on its own line. */
function formatRow(row: OverviewRow, all: readonly OverviewRow[], surface: Surface): string {
  const [name, state] = (["name", "state"] as const).map((cell) =>
    all.reduce((widest, each) => Math.max(widest, displayWidth(escapeControls(each[cell]))), 0),
  ) as [number, number];
  const room = surface.columns - name - state - 2 * GAP;
  const isBelow = row.command !== undefined && displayWidth(row.command) > room;
  const detail = row.command === undefined || isBelow ? row.detail : row.command;
  const columns = [name, state, 0].map((leastWidth, rank) => ({ header: "", rank, leastWidth }));
  const cells = [{ text: row.name }, { text: row.state, tone: row.tone }, { text: detail }];
  const line = formatAlignedRow(columns, cells, surface);
  return isBelow ? `${line}  ${escapeControls(row.command ?? "")}\n` : line;
}

/** A note with a command in it is not truncated. */
function fitNote(note: string, columns: number): string {
  return note.includes("latchkey ") ? note : truncate(note, columns);
}

type Step = readonly [command: string, what: string];

/** Formats the steps. Commands are never truncated; the descriptions get the remaining columns, or are left out. */
function formatSteps(steps: readonly Step[], columns: number): string[] {
  const width = Math.max(...steps.map(([command]) => displayWidth(command)));
  const least = 8;
  return steps.map(([command, what]) => {
    const room = columns - width - GAP;
    return room < least ? command : `${command.padEnd(width + GAP)}${truncate(what, room)}`;
  });
}

function toRow(status: SessionStatus, now: Date): OverviewRow {
  const { label, session, state, refreshable } = status;
  const renewal = refreshable ? ", renews itself" : "";
  const details: Partial<Record<SessionStatus["state"], string>> = {
    usable: `${timeLeftText(status, now)}${renewal}`,
    refreshable: "at the next use",
  };
  const detail = details[state];
  const cure = status.isRefused === true ? "latchkey doctor" : loginCommand(session);
  return {
    name: label,
    state: describeState(status, now),
    tone: sessionTone(status, now),
    detail: detail ?? "",
    ...(detail === undefined ? { command: cure } : {}),
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

/** Returns the next steps: the most useful first, the help last. */
function suggestNextSteps(standing: Overview): readonly Step[] {
  const { statuses, problem, profiles } = standing;
  const all = ["latchkey --help", "every command"] as const;
  const check = ["latchkey doctor", "check this machine"] as const;
  if (problem !== undefined) return [check, all];
  if (statuses.length === 0 && profiles === 0)
    return [
      ["latchkey configure", "set one up (you need its start URL and region)"],
      ["latchkey demo", "try everything against an emulated Identity Center"],
      all,
    ];
  if (profiles === 0 && statuses.every(({ isLeft }) => isLeft === true))
    return [["latchkey configure", "write a profile for it"], ["latchkey logout", "sign out"], all];
  const isSignedIn = statuses.some(({ state }) => isServiceable(state));
  if (statuses.length > 0 && !isSignedIn) return [["latchkey login", "sign in"], check, all];
  if (profiles === 0)
    return [
      ["latchkey accounts", "list what you can use"],
      ["latchkey profiles sync", "a profile for every account and role"],
      ["latchkey configure", "one profile"],
      all,
    ];
  return [...suggestDaily(standing), ["latchkey accounts", "list what you can use"], check, all];
}

/** `use` needs the shell function. If it is missing, the step that installs it comes first. */
function suggestDaily({ shell, installation }: Overview): readonly Step[] {
  const use: Step = [
    "latchkey use",
    shell === undefined ? "choose a profile for this shell" : "switch profile",
  ];
  const install: readonly Step[] =
    installation === undefined
      ? [use]
      : [[installation.line, `once, in ${installation.file}: then latchkey use switches profiles`]];
  return shell === undefined
    ? install
    : [
        ["latchkey whoami", "who AWS says you are"],
        ["latchkey console", "open the AWS console"],
        ...install,
      ];
}
