import { Flags } from "@oclif/core";
import { LatchkeyCommand } from "../command.ts";
import { formatInstant } from "../domain/instant.ts";
import { clockTime, duration, table } from "../domain/terminal-text.ts";
import { ssoSessionFlag } from "../flags.ts";
import { isServiceable, sessionStatuses, type SessionState, type SessionStatus } from "../workflows/status.ts";

export default class Status extends LatchkeyCommand {
  static override summary = "Show where each sign-in stands";
  static override description =
    "Exits with 0 if the named session is usable or can be renewed and 4 if not; with none named, 4 only if no session is. Until when a session can be renewed is known to AWS alone.";
  static override examples = ["<%= config.bin %> <%= command.id %>", "<%= config.bin %> <%= command.id %> --sso-session corp --verify --json"];
  static override flags = {
    "sso-session": ssoSessionFlag,
    verify: Flags.boolean({ description: "ask the service whether it still accepts the token" }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(Status);
    const statuses = await sessionStatuses(this.context, flags["sso-session"], flags.verify);
    this.print(flags.json, statuses.map(jsonOf), () => textOf(statuses, this.context.now(), this.context.terminal.columns));
    this.exitWith(statuses.some(({ state }) => isServiceable(state)) ? 0 : 4);
  }
}

const STATE_WORDS: Readonly<Record<SessionState, string>> = {
  usable: "signed in",
  refreshable: "renews itself",
  expired: "expired",
  "signed-out": "signed out",
  unreadable: "unreadable",
};

function textOf(statuses: readonly SessionStatus[], now: Date, columns: number): string {
  if (statuses.length === 0) return "No SSO session on this machine yet.\nlatchkey configure          set one up (start URL and region at hand)\n";
  const rows = statuses.map(({ label, state, expiresAt, refreshable, storage, verified }) => [
    label,
    `${STATE_WORDS[state]}${storage === "keychain" ? " (keychain)" : ""}`,
    state === "usable" && expiresAt !== undefined ? `${duration((expiresAt.getTime() - now.getTime()) / 1000)} left (${clockTime(expiresAt, now)})` : "",
    refreshable ? "renewable" : "",
    verified === undefined ? "" : verified ? "accepted by AWS" : "refused by AWS",
  ]);
  return table(["SESSION", "STATE", "TOKEN", "RENEWAL", "SERVICE"], rows, columns);
}

function jsonOf({ session, label, state, expiresAt, refreshable, storage, registrationExpiresAt, verified }: SessionStatus) {
  return {
    session: label,
    startUrl: session.startUrl,
    region: session.region,
    state,
    expiresAt: expiresAt === undefined ? null : formatInstant(expiresAt),
    refreshable,
    storage,
    registrationExpiresAt: registrationExpiresAt === undefined ? null : formatInstant(registrationExpiresAt),
    verified: verified ?? null,
  };
}
