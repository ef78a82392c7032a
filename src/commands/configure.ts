import { Flags } from "@oclif/core";
import { LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { changesText } from "../profiles/text.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import {
  accountIdFlag,
  allowEnvironment,
  answerableSessionFlags,
  formFlag,
  fromFlag,
  roleNameFlag,
  signInFlags,
  toSignInOptions,
} from "../cli/flags.ts";
import { configureProfile, type ConfigureResult } from "../configure/configure.ts";
import { OUTPUT_FORMATS } from "../settings/settings.ts";

export default class Configure extends LatchkeyCommand<ConfigureResult> {
  static override summary = "Write one profile into the AWS config";
  static override description =
    "Asks the questions of `aws configure sso` that no flag answers, writes what it would write, and keeps every other byte of the file. The change is shown first; without a terminal it needs --yes.";
  static override aliases = ["configure:sso"];
  static override examples = [
    {
      description: "Asks what is not said, at a terminal",
      command: "<%= config.bin %> <%= command.id %>  # exit 2 where nobody can answer",
    },
    "<%= config.bin %> <%= command.id %> --profile okta --sso-session corp --start-url https://my-company.awsapps.com/start --sso-region us-east-1 --account-id 111122223333 --role-name ViewOnlyAccess --yes",
    "<%= config.bin %> <%= command.id %> --form credential-process --profile okta --sso-session corp --account-id 111122223333 --role-name ViewOnlyAccess --region eu-west-1 --yes",
    "<%= config.bin %> <%= command.id %> --from team.ini --profile okta --account-id 111122223333 --role-name ViewOnlyAccess --yes",
  ];
  static override flags = {
    // No environment variable: AWS_PROFILE must never pick a profile to overwrite.
    profile: Flags.string({
      char: "p",
      description: "name of the profile to write",
      helpValue: "NAME",
    }),
    from: fromFlag,
    form: formFlag,
    ...answerableSessionFlags,
    "sso-registration-scopes": Flags.string({
      description: "scopes of a new session, parted by commas",
      helpValue: "SCOPES",
      env: "LATCHKEY_SSO_REGISTRATION_SCOPES",
    }),
    "account-id": allowEnvironment(accountIdFlag, "LATCHKEY_ACCOUNT_ID"),
    "role-name": allowEnvironment(roleNameFlag, "LATCHKEY_ROLE_NAME"),
    region: Flags.string({
      description: "default region of the profile",
      helpValue: "REGION",
      env: "LATCHKEY_REGION",
    }),
    output: Flags.string({
      description: "default output format of the AWS CLI",
      options: OUTPUT_FORMATS,
      env: "LATCHKEY_OUTPUT",
    }),
    ...signInFlags,
    verify: Flags.boolean({ description: "ask the service first whether the role is yours" }),
    yes: Flags.boolean({
      char: "y",
      description:
        "make the change without asking, and take the default of every question that has one",
    }),
    force: Flags.boolean({
      description:
        "also change a session that other profiles stand on, or a section of another tool",
    }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Configure);
    const { terminal } = this.context;
    const configured = await configureProfile(
      this.context,
      {
        profile: flags.profile,
        form: flags.form,
        ssoSession: flags["sso-session"],
        startUrl: flags["start-url"],
        ssoRegion: flags["sso-region"],
        registrationScopes: flags["sso-registration-scopes"],
        accountId: flags["account-id"],
        roleName: flags["role-name"],
        region: flags.region,
        output: flags.output,
      },
      {
        from: flags.from,
        yes: flags.yes,
        force: flags.force,
        verify: flags.verify,
        show: (changes, file) => terminal.say(changesText(changes, file)),
        ...toSignInOptions(flags),
      },
    );
    if (flags.json) this.printJson(configured);
    else terminal.say(summaryText(configured));
    return EXIT.OK;
  }
}

function summaryText({ profile, form, changes, configFile }: ConfigureResult): string {
  if (changes.length === 0)
    return `Unchanged: the profile "${profile}" in ${configFile} says all that already.`;
  const again =
    profile === "default"
      ? "aws sts get-caller-identity"
      : `aws sts get-caller-identity --profile ${quoteShellWord(profile)}`;
  const legacy =
    form === "legacy"
      ? "\nThis form's tokens can't be renewed: after 8 hours at most you sign in again."
      : "";
  return `Wrote the profile "${profile}".${legacy}\nTry it:  ${again}`;
}
