import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import {
  refuseNameWithAll,
  sessionArg,
  sessionFlags,
  toSessionFlags,
  toWords,
} from "../cli/flags.ts";
import { nameSession } from "../profiles/typed.ts";
import { logout, logoutAll, selectSignedIn, type LogoutResult } from "../sign-in/logout.ts";

export type LogoutJson = ReturnType<typeof toJson>;

export default class Logout extends LatchkeyCommand<LogoutJson> {
  static override summary = "Sign out of an SSO session";
  static override description = prose(`
    Ends the token at AWS. Removes the token, and the role credentials that were
    fetched with it, from this machine, also if AWS can't be reached. Role
    credentials that programs have already received stay valid until they expire.
  `);
  static override aliases = ["sso:logout"];
  static override examples = examples("corp", "--all");
  static override args = { session: sessionArg };
  static override flags = {
    ...sessionFlags,
    all: Flags.boolean({
      description: "sign out of every session, and empty the AWS CLI's cache of SSO credentials",
      exclusive: ["sso-session", "profile", "start-url"],
    }),
    forget: Flags.boolean({
      description:
        "also delete this machine's client registration, and the history of your roles with its favourites",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Logout);
    const { context } = this;
    const words = toWords(args.session);
    if (flags.all) refuseNameWithAll(words, {});
    const logoutOne = async (): Promise<LogoutResult> => {
      const meant = await nameSession(context, words, toSessionFlags(flags), { isExact: true });
      return logout(context, await selectSignedIn(context, meant), flags.forget);
    };
    const sessions = flags.all ? await logoutAll(context, flags.forget) : [await logoutOne()];
    this.report(flags.json, toJson(sessions), () =>
      sessions.length === 0 ? "No one was signed in on this machine." : sessions.map(summaryText),
    );
    return EXIT.OK;
  }
}

function toJson(sessions: readonly LogoutResult[]) {
  return {
    sessions: sessions.map(({ label, revoked, removed }) => ({
      /** The session's name, or its start URL if it has no name. */
      session: label,
      /** Whether AWS confirmed that the token is no longer valid. */
      revoked,
      /** Paths of the removed files. */
      removed,
    })),
  };
}

function summaryText({ label, revoked, removed, hadToken }: LogoutResult): string {
  if (removed.length === 0) return `Not signed in to ${label}: there was nothing to remove.`;
  if (revoked) return `Signed out of ${label}.`;
  if (!hadToken) return `Removed what was left of ${label} on this machine.`;
  return `Signed out of ${label} on this machine. The service did not confirm it: the token may stay good there until it expires.`;
}
