import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { changesText, maskChanges } from "../../profiles/text.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import {
  allowEnvironment,
  answerableSessionFlags,
  keepTyped,
  readGivenTwice,
  textFlag,
  toSessionFlags,
} from "../../cli/flags.ts";
import { configureSession, type ConfigureSessionResult } from "../../configure/session.ts";

export default class ConfigureSession extends LatchkeyCommand<ConfigureSessionResult> {
  static override summary = "Write one SSO session into the AWS config";
  static override description = prose(`
    Asks the questions of \`aws configure sso-session\` that no flag answers.
    Profiles refer to a session by its name. This command does not sign in.
  `);
  static override aliases = ["configure:sso-session"];
  static override examples = examples(
    ["Asks for all values", " # exit 2 without a terminal"],
    "--sso-session corp --start-url https://my-company.awsapps.com/start --sso-region us-east-1 --yes",
  );
  static override args = {
    session: Args.string({ description: "name of the session to write, as --sso-session" }),
  };
  static override flags = {
    ...answerableSessionFlags,
    "sso-registration-scopes": allowEnvironment(
      textFlag("SCOPES", "scopes to register, separated by commas"),
      "LATCHKEY_SSO_REGISTRATION_SCOPES",
    ),
    yes: Flags.boolean({ char: "y", description: "write without asking" }),
    force: Flags.boolean({
      description: "also change the start URL or region of a session in use",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags, raw } = await this.parse(ConfigureSession);
    const typed = keepTyped(flags, raw)["sso-session"];
    const word = readGivenTwice("--sso-session", args.session, typed);
    const { terminal } = this.context;
    const configured = await configureSession(
      this.context,
      {
        ...toSessionFlags(flags),
        ssoSession: word ?? flags["sso-session"],
        registrationScopes: flags["sso-registration-scopes"],
      },
      {
        yes: flags.yes,
        force: flags.force,
        show: (changes, file) => terminal.say(changesText(changes, file), "plan"),
      },
    );
    const shown = { ...configured, changes: maskChanges(configured.changes) };
    this.report(flags.json, shown, () => summaryText(configured));
    return EXIT.OK;
  }
}

function summaryText({ session, changes, configFile }: ConfigureSessionResult): string[] {
  return changes.length === 0
    ? [`Unchanged: the SSO session "${session}" in ${configFile} says all that already.`]
    : [
        `Wrote the SSO session "${session}".`,
        `Sign in:  latchkey login --sso-session ${quoteShellWord(session)}`,
      ];
}
