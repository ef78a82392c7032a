import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { formatInstant, secondsUntil } from "../text/instant.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { clockTime, duration } from "../text/terminal.ts";
import {
  allowEnvironment,
  answerableSessionFlags,
  keepTyped,
  profileFlag,
  refuseNameWithAll,
  sessionWordsArg,
  toSessionFlags,
} from "../cli/flags.ts";
import { signInFlags, toSignInOptions } from "../cli/sign-in-flags.ts";
import { selectSession } from "../profiles/select.ts";
import { nameSession } from "../profiles/typed.ts";
import {
  login,
  loginAll,
  type LoginOfAll,
  type LoginOptions,
  type LoginResult,
} from "../sign-in/login.ts";

export type LoginJson = ReturnType<typeof toJson>;
export interface LoginAllJson {
  readonly sessions: ReadonlyArray<ReturnType<typeof toOneJson>>;
}

export default class Login extends LatchkeyCommand<LoginJson | LoginAllJson> {
  static override summary = "Sign in to an SSO session";
  static override description = prose(`
    Shows a code to approve in any browser; --use-pkce uses a redirect instead.
    Stores the token where the AWS CLI and every AWS SDK find it. Does nothing if
    you are already signed in. Approve only a sign-in that you started.
  `);
  static override aliases = ["sso:login"];
  static override examples = examples(
    "",
    "--sso-session corp --no-browser",
    "corp --use-pkce",
    "--all --no-browser",
    "--qr",
    "--start-url https://my-company.awsapps.com/start --sso-region us-east-1",
  );
  static override args = { session: sessionWordsArg };
  static override flags = {
    profile: allowEnvironment(profileFlag, "LATCHKEY_PROFILE"),
    ...answerableSessionFlags,
    ...signInFlags,
    all: Flags.boolean({
      description: "sign in to each session that needs it, one by one",
    }),
    force: Flags.boolean({
      aliases: ["force-refresh"],
      description: "sign in again although the token is still valid",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags, raw } = await this.parse(Login);
    const options = { force: flags.force, ...toSignInOptions(flags) };
    const { session: words = [] } = args;
    const typed = toSessionFlags(keepTyped(flags, raw));
    if (flags.all) {
      refuseNameWithAll(words, typed);
      return this.loginAll(flags.json, options);
    }
    const given = words.length === 0 ? toSessionFlags(flags) : typed;
    const meant = await nameSession(this.context, words, given);
    const session = await selectSession(this.context, meant);
    const signedIn = await login(this.context, session, options);
    this.report(flags.json, toJson(signedIn), () => summaryText(signedIn, this.context.now()));
    return EXIT.OK;
  }

  private async loginAll(json: boolean, options: LoginOptions): Promise<ExitCode> {
    const { terminal, now } = this.context;
    const ended = await loginAll(this.context, options, (one) => {
      if (!json) terminal.say(oneOfAllText(one, now()));
    });
    if (json) this.printJson({ sessions: ended.map(toOneJson) });
    return Math.max(...ended.map(({ error }) => error?.exitCode ?? EXIT.OK));
  }
}

function oneOfAllText(one: LoginOfAll, now: Date): string[] {
  if (one.error === undefined) return summaryText(one.result, now);
  const { message, hint } = one.error;
  return [
    `Not signed in to ${one.label}: ${message}`,
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ];
}

function toOneJson({ label, result, error }: LoginOfAll) {
  if (error === undefined) return toJson(result);
  const { code, message, hint = null } = error;
  return { session: label, error: { code, message, hint } };
}

function summaryText(signedIn: LoginResult, now: Date): string[] {
  const { session, expiresAt, refreshable, alreadySignedIn, verified } = signedIn;
  const label = sessionLabel(session);
  const until = `${clockTime(expiresAt, now)}, in ${duration(secondsUntil(expiresAt, now))}`;
  const renewal = refreshable
    ? "renews itself while your company's session lasts"
    : "can't be renewed: sign in again then";
  const place = signedIn.storage === "keychain" ? [KEYCHAIN_WORDS] : [];
  if (!alreadySignedIn)
    return [`Signed in to ${label}. The token (good until ${until}) ${renewal}.`, ...place];
  const doubt = verified ? "" : " Not verified: the service could not be reached.";
  return [`Already signed in to ${label}. The token (good until ${until}) ${renewal}.${doubt}`];
}

const KEYCHAIN_WORDS =
  "It is encrypted with a key in the OS keychain: profiles with credential_process use it; the AWS CLI's own sign-in and profiles with sso_session don't see it.";

function toJson({ session, expiresAt, refreshable, alreadySignedIn }: LoginResult) {
  return {
    session: sessionLabel(session),
    startUrl: session.startUrl,
    region: session.region,
    expiresAt: formatInstant(expiresAt),
    refreshable,
    alreadySignedIn,
  };
}
