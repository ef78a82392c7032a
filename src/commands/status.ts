import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { secondsUntil } from "../text/instant.ts";
import { clockTime, escapeControls } from "../text/terminal.ts";
import { profileFlag, sessionWordsArg, ssoSessionFlag, toSessionFlags } from "../cli/flags.ts";
import { formatFlags } from "../cli/format-flags.ts";
import { selectSession } from "../profiles/select.ts";
import { nameSession } from "../profiles/typed.ts";
import type { Tone } from "../text/paint.ts";
import type { Surface } from "../text/table.ts";
import {
  checkFormatFlags,
  formatInstantOrNull,
  formatTable,
  toJsonRows,
  type ColumnsOf,
  type RowJson,
} from "../cli/output.ts";
import {
  isServiceable,
  listSessionStatuses,
  type SessionState,
  type SessionStatus,
} from "../sign-in/status.ts";
import {
  describeState,
  isRefusedByAws,
  sessionTone,
  timeLeftText,
  timeLeftTone,
} from "../sign-in/text.ts";

type StatusColumns = ReturnType<typeof statusColumns>;
export type SessionStatusJson = RowJson<StatusColumns> & {
  /** Further notes; absent if there are none. */
  readonly notes?: readonly string[];
};

export default class Status extends LatchkeyCommand<SessionStatusJson[]> {
  static override summary = "Show the state of each sign-in";
  static override description = prose(`
    Uses local files; --verify also asks AWS. Exits with 0 if the named session is
    usable or can be renewed, else with 4. If no session is named, exits with 4 only
    if none is usable or renewable. Only AWS knows how long a session can be renewed.
  `);
  static override examples = examples("", "corp --verify --json", "--short");
  static override args = { session: sessionWordsArg };
  static override flags = {
    profile: profileFlag,
    "sso-session": ssoSessionFlag,
    verify: Flags.boolean({ description: "ask AWS whether it still accepts the token" }),
    short: Flags.boolean({
      description: "print one line, for a prompt",
      exclusive: ["json", "output", "query"],
    }),
    ...formatFlags,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Status);
    checkFormatFlags(flags);
    const { context } = this;
    const meant = await nameSession(context, args.session ?? [], toSessionFlags(flags));
    const isNamed = meant.profile !== undefined || meant.ssoSession !== undefined;
    const only = isNamed ? await selectSession(context, meant) : undefined;
    const statuses = await listSessionStatuses(context, only, flags.verify);
    const now = this.context.now();
    const columns = statusColumns(now, flags.verify);
    await this.printFormatted(flags, toStatusRows(statuses, now), () =>
      flags.short
        ? promptText(statuses, now)
        : statusText(columns, statuses, flags.verify, this.context.terminal.stdout),
    );
    const isAnyServiceable = statuses.some(({ state }) => isServiceable(state));
    return isAnyServiceable ? EXIT.OK : EXIT.SIGN_IN_REQUIRED;
  }
}

/** Returns the sessions in the form that `--json` prints. */
export function toStatusRows(statuses: readonly SessionStatus[], now: Date): SessionStatusJson[] {
  const columns = statusColumns(now, true);
  return statuses.flatMap((status) =>
    toJsonRows(columns, [status]).map((row) => addNotes(row, status)),
  );
}

function addNotes(row: RowJson<StatusColumns>, { notes }: SessionStatus): SessionStatusJson {
  return notes.length === 0 ? row : { ...row, notes };
}

function statusText(
  columns: StatusColumns,
  statuses: readonly SessionStatus[],
  verify: boolean,
  surface: Surface,
): string {
  if (statuses.length === 0)
    return "No SSO session on this machine yet.\nlatchkey configure          set one up (you need its start URL and region)\n";
  const renewal = statuses.some(({ refreshable }) => refreshable)
    ? "Renewable until your company's session ends, which AWS does not tell beforehand.\n"
    : "";
  const notes = statuses.flatMap(({ label, notes: all }) =>
    all.map((note) => escapeControls(`${label}: ${note}.`) + "\n"),
  );
  const source = verify ? "" : "From local files. Use --verify to ask AWS.\n";
  const known = statuses.filter(({ isRefused }) => isRefused !== true);
  return `${formatTable(columns, known, surface)}${notes.join("")}${renewal}${source}`;
}

function statusColumns(now: Date, verify: boolean) {
  return {
    /** The session's name, or its start URL if it has no name. */
    session: { header: "SESSION", value: ({ label }) => label },
    startUrl: { value: ({ session }) => session.startUrl },
    region: { value: ({ session }) => session.region },
    state: {
      header: "STATE",
      rank: 1,
      value: ({ state }) => state,
      text: (status) => stateText(status, now),
      tone: (status) => sessionTone(status, now),
    },
    expiresAt: {
      header: "TOKEN",
      value: ({ expiresAt }) => formatInstantOrNull(expiresAt),
      text: (status) => timeLeftText(status, now),
      tone: (status) => timeLeftTone(status, now),
    },
    refreshable: {
      header: "RENEWABLE",
      value: ({ refreshable }) => refreshable,
      text: renewableText,
    },
    storage: { value: ({ storage }) => storage },
    registrationExpiresAt: {
      header: "REGISTERED UNTIL",
      rank: 9,
      value: ({ registrationExpiresAt }) => formatInstantOrNull(registrationExpiresAt),
      text: ({ registrationExpiresAt }) =>
        registrationExpiresAt === undefined ? "" : clockTime(registrationExpiresAt, now),
    },
    verified: createServiceColumn(verify),
  } satisfies ColumnsOf<SessionStatus>;
}

/** AWS's answer; null if it was not asked or did not answer. */
function createServiceColumn(verify: boolean) {
  return {
    header: verify ? "SERVICE" : undefined,
    rank: 2,
    value: ({ heard }: SessionStatus) => HEARD[heard].verified,
    text: ({ heard }: SessionStatus) => HEARD[heard].words,
    tone: ({ heard }: SessionStatus) => HEARD[heard].tone,
  };
}

function stateText(status: SessionStatus, now: Date): string {
  const { storage } = status;
  return `${describeState(status, now)}${storage === "keychain" ? " (keychain)" : ""}`;
}

function renewableText({ refreshable, expiresAt }: SessionStatus): string {
  if (refreshable) return "yes";
  return expiresAt === undefined ? "" : "no";
}

interface Heard {
  readonly verified: boolean | null;
  readonly tone?: Tone;
  readonly words: string;
}

const HEARD: Readonly<Record<SessionStatus["heard"], Heard>> = {
  "not-asked": { verified: null, words: "not asked" },
  accepted: { verified: true, tone: "good", words: "accepts it" },
  refused: { verified: false, tone: "bad", words: "refuses it" },
  "no-answer": { verified: null, tone: "soon", words: "no answer" },
};

/** Returns a text like `corp 58m, other renews`. It has only the states, because a prompt has no room for reasons. */
function promptText(statuses: readonly SessionStatus[], now: Date): string {
  const parts = statuses.map(
    (status) => `${escapeControls(status.label)} ${formatShortState(status, now)}`,
  );
  return parts.length === 0 ? "" : `${parts.join(", ")}\n`;
}

function formatShortState(status: SessionStatus, now: Date): string {
  const { state, expiresAt } = status;
  if (isRefusedByAws(status, now)) return "refused";
  return state === "usable" && expiresAt !== undefined
    ? formatBriefly(secondsUntil(expiresAt, now))
    : SHORT_WORDS[state];
}

const SHORT_WORDS: Readonly<Record<SessionState, string>> = {
  usable: "in",
  refreshable: "renews",
  expired: "expired",
  "signed-out": "out",
  unreadable: "unreadable",
};

function formatBriefly(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return minutes < 60
    ? `${minutes}m`
    : `${Math.floor(minutes / 60)}h${minutes % 60 === 0 ? "" : `${minutes % 60}m`}`;
}
