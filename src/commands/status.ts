import { Flags } from "@oclif/core";
import { LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { formatInstant } from "../text/instant.ts";
import { clockTime, duration, harmless, table } from "../text/terminal.ts";
import { ssoSessionFlag } from "../cli/flags.ts";
import {
  isServiceable,
  sessionStatuses,
  STATE_WORDS,
  type SessionState,
  type SessionStatus,
} from "../sign-in/status.ts";

export default class Status extends LatchkeyCommand {
  static override summary = "Show where each sign-in stands";
  static override description =
    "Exits with 0 if the named session is usable or can be renewed and 4 if not; with none named, 4 only if no session is. All of it is what lies on this machine, unless --verify asks the service. Until when a session can be renewed is known to AWS alone.";
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --sso-session corp --verify --json",
    "<%= config.bin %> <%= command.id %> --short",
  ];
  static override flags = {
    "sso-session": ssoSessionFlag,
    verify: Flags.boolean({ description: "ask the service whether it still accepts the token" }),
    short: Flags.boolean({ description: "one line, for a prompt", exclusive: ["json"] }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Status);
    const statuses = await sessionStatuses(this.context, flags["sso-session"], flags.verify);
    this.print(flags.json, statuses.map(jsonOf), () =>
      flags.short
        ? shortText(statuses, this.context.now())
        : textOf(statuses, flags.verify, this.context.now(), this.context.terminal.columns),
    );
    const isAnyServiceable = statuses.some(({ state }) => isServiceable(state));
    return isAnyServiceable ? EXIT.OK : EXIT.SIGN_IN_REQUIRED;
  }
}

function textOf(
  statuses: readonly SessionStatus[],
  verify: boolean,
  now: Date,
  columns: number,
): string {
  if (statuses.length === 0)
    return "No SSO session on this machine yet.\nlatchkey configure          set one up (start URL and region at hand)\n";
  const rows = statuses.map(
    ({ label, state, expiresAt, refreshable, storage, registrationExpiresAt, heard }) => [
      label,
      `${STATE_WORDS[state]}${storage === "keychain" ? " (keychain)" : ""}`,
      state === "usable" && expiresAt !== undefined
        ? `${duration((expiresAt.getTime() - now.getTime()) / 1000)} left (${clockTime(expiresAt, now)})`
        : "",
      refreshable ? "yes" : expiresAt === undefined ? "" : "no",
      registrationExpiresAt === undefined ? "" : clockTime(registrationExpiresAt, now),
      ...(verify ? [HEARD_WORDS[heard]] : []),
    ],
  );
  const header = [
    "SESSION",
    "STATE",
    "TOKEN",
    "RENEWABLE",
    "REGISTERED UNTIL",
    ...(verify ? ["SERVICE"] : []),
  ];
  const renewal = statuses.some(({ refreshable }) => refreshable)
    ? "Renewable until your company's session ends, which AWS does not tell beforehand.\n"
    : "";
  const source = verify ? "" : "As the files of this machine say it; --verify asks the service.\n";
  return `${table(header, rows, columns)}${renewal}${source}`;
}

const HEARD_WORDS: Readonly<Record<SessionStatus["heard"], string>> = {
  "not-asked": "not asked",
  accepted: "accepts it",
  refused: "refuses it",
  "no-answer": "no answer",
};

/** `corp 58m, other renews`: state alone, since a prompt has no room for reasons. */
function shortText(statuses: readonly SessionStatus[], now: Date): string {
  const parts = statuses.map(
    ({ label, state, expiresAt }) =>
      `${harmless(label)} ${state === "usable" && expiresAt !== undefined ? briefly((expiresAt.getTime() - now.getTime()) / 1000) : SHORT_WORDS[state]}`,
  );
  return parts.length === 0 ? "" : `${parts.join(", ")}\n`;
}

const SHORT_WORDS: Readonly<Record<SessionState, string>> = {
  usable: "in",
  refreshable: "renews",
  expired: "expired",
  "signed-out": "out",
  unreadable: "unreadable",
};

function briefly(seconds: number): string {
  const minutes = Math.max(0, Math.floor(seconds / 60));
  return minutes < 60
    ? `${minutes}m`
    : `${Math.floor(minutes / 60)}h${minutes % 60 === 0 ? "" : `${minutes % 60}m`}`;
}

function jsonOf({
  session,
  label,
  state,
  expiresAt,
  refreshable,
  storage,
  registrationExpiresAt,
  verified,
}: SessionStatus) {
  return {
    session: label,
    startUrl: session.startUrl,
    region: session.region,
    state,
    expiresAt: expiresAt === undefined ? null : formatInstant(expiresAt),
    refreshable,
    storage,
    registrationExpiresAt:
      registrationExpiresAt === undefined ? null : formatInstant(registrationExpiresAt),
    verified: verified ?? null,
  };
}
