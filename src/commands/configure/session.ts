import { Flags } from "@oclif/core";
import { LatchkeyCommand } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { changesText } from "../../profiles/text.ts";
import { quoteShellWord } from "../../text/shell-words.ts";
import { answerableSessionFlags } from "../../cli/flags.ts";
import { configureSession, type ConfigureSessionResult } from "../../configure/session.ts";

export default class ConfigureSession extends LatchkeyCommand<ConfigureSessionResult> {
  static override summary = "Write one SSO session into the AWS config";
  static override description =
    "Asks the questions of `aws configure sso-session` that no flag answers. Profiles stand on a session by its name; signing in is a step of its own.";
  static override aliases = ["configure:sso-session"];
  static override examples = [
    "<%= config.bin %> <%= command.id %>  # exit 2 where nobody can answer",
    "<%= config.bin %> <%= command.id %> --sso-session corp --start-url https://my-company.awsapps.com/start --sso-region us-east-1 --yes",
  ];
  static override flags = {
    ...answerableSessionFlags,
    "sso-registration-scopes": Flags.string({
      description: "scopes to register, parted by commas",
      helpValue: "SCOPES",
      env: "LATCHKEY_SSO_REGISTRATION_SCOPES",
    }),
    yes: Flags.boolean({ char: "y", description: "make the change without asking" }),
    force: Flags.boolean({
      description: "also change the start URL or region of a session that profiles stand on",
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(ConfigureSession);
    const { terminal } = this.context;
    const configured = await configureSession(
      this.context,
      {
        ssoSession: flags["sso-session"],
        startUrl: flags["start-url"],
        ssoRegion: flags["sso-region"],
        registrationScopes: flags["sso-registration-scopes"],
      },
      {
        yes: flags.yes,
        force: flags.force,
        show: (changes, file) => terminal.say(changesText(changes, file)),
      },
    );
    const { session, changes, configFile } = configured;
    if (flags.json) this.printJson(configured);
    else if (changes.length === 0)
      terminal.say(
        `Unchanged: the SSO session "${session}" in ${configFile} says all that already.`,
      );
    else
      terminal.say(
        `Wrote the SSO session "${session}".\nSign in:  latchkey login --sso-session ${quoteShellWord(session)}`,
      );
    return EXIT.OK;
  }
}
