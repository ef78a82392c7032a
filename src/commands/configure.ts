import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { createListingProgress } from "../access/progress.ts";
import { EXIT, hasCode, type ExitCode } from "../errors.ts";
import { hasFormerMark } from "../model/aws-environment.ts";
import { changesText, maskChanges } from "../profiles/text.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import {
  accountIdFlag,
  allowEnvironment,
  answerableSessionFlags,
  formFlag,
  fromFlag,
  groupFlags,
  outputFlag,
  readGivenTwice,
  roleNameFlag,
  textFlag,
  toSessionFlags,
} from "../cli/flags.ts";
import { signInFlags, toSignInOptions, type ParsedSignInFlags } from "../cli/sign-in-flags.ts";
import { configureProfile, type ConfigureResult } from "../configure/configure.ts";
import { findUnpreparedStartFile } from "../shell/start-file.ts";
import { syncProfiles } from "../sync/sync.ts";
import { planText } from "../sync/text.ts";

export default class Configure extends LatchkeyCommand<ConfigureResult> {
  static override summary = "Write one profile into the AWS config";
  static override description = prose(`
    Asks the questions of \`aws configure sso\` that no flag answers, and writes
    what that command would write. Every other byte of the file stays the same.
    Shows the change first; without a terminal it needs --yes.
  `);
  static override aliases = ["configure:sso"];
  static override examples = examples(
    ["Asks for all values", " # exit 2 without a terminal"],
    "--profile okta --sso-session corp --start-url https://my-company.awsapps.com/start --sso-region us-east-1 --account-id 111122223333 --role-name ViewOnlyAccess --yes",
    "--form credential-process --profile okta --sso-session corp --account-id 111122223333 --role-name ViewOnlyAccess --region eu-west-1 --yes",
    "--from team.ini --profile okta --account-id 111122223333 --role-name ViewOnlyAccess --yes",
  );
  static override args = {
    profile: Args.string({ description: "name of the profile to write, as --profile" }),
  };
  static override flags = {
    // Has no environment variable: AWS_PROFILE must never select a profile to overwrite.
    profile: textFlag("NAME", "name of the profile to write", "p"),
    from: fromFlag,
    form: formFlag,
    ...answerableSessionFlags,
    "account-id": allowEnvironment(accountIdFlag, "LATCHKEY_ACCOUNT_ID"),
    "role-name": allowEnvironment(roleNameFlag, "LATCHKEY_ROLE_NAME"),
    region: allowEnvironment(
      textFlag("REGION", "default region of the profile"),
      "LATCHKEY_REGION",
    ),
    yes: Flags.boolean({
      char: "y",
      description: "write without asking; use the default answers",
    }),
    ...groupFlags("MORE", {
      force: Flags.boolean({
        description: "also change a session in use, or another tool's section",
      }),
      output: outputFlag,
      "sso-registration-scopes": allowEnvironment(
        textFlag("SCOPES", "scopes of a new session, separated by commas"),
        "LATCHKEY_SSO_REGISTRATION_SCOPES",
      ),
      verify: Flags.boolean({ description: "ask AWS first whether you have the role" }),
    }),
    ...groupFlags("SIGN-IN", signInFlags),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Configure);
    const profile = readGivenTwice("--profile", args.profile, flags.profile);
    const { terminal } = this.context;
    const configured = await configureProfile(
      this.context,
      {
        ...toSessionFlags(flags),
        profile,
        form: flags.form,
        registrationScopes: flags["sso-registration-scopes"],
        accountId: flags["account-id"],
        roleName: flags["role-name"],
        region: this.isFormerMark() ? undefined : flags.region,
        output: flags.output,
      },
      {
        from: flags.from,
        yes: flags.yes,
        force: flags.force,
        verify: flags.verify,
        show: (changes, file) => terminal.say(changesText(changes, file), "plan"),
        ...toSignInOptions(flags),
      },
    );
    const { isReadByAwsCli, session, hasMoreRoles, ...written } = configured;
    const shown = { ...written, changes: maskChanges(written.changes) };
    this.report(flags.json, shown, () => summaryText(written, isReadByAwsCli));
    if (!terminal.interactive || flags.yes || flags.json) return EXIT.OK;
    await ignoreCancelled(async () => {
      if (hasMoreRoles && session !== undefined) await this.offerSync(session, flags);
      await this.offerShellLine();
    });
    return EXIT.OK;
  }

  private async offerSync(ssoSession: string, flags: ParsedSignInFlags): Promise<void> {
    const { context } = this;
    const question = "Add profiles for your other roles (latchkey profiles sync)?";
    if (!(await context.terminal.confirm(question))) return;
    const { applied } = await syncProfiles(
      context,
      { ssoSession },
      {
        ...{ prune: false, rename: false, force: false, dryRun: false, yes: false, cached: false },
        ...toSignInOptions(flags),
        progress: createListingProgress(context),
        show: (planned) => context.terminal.say(planText(planned, false), "plan"),
      },
    );
    if (applied) context.terminal.say("Done. latchkey profiles undo puts it back.");
  }

  /** Offers to add the line of `shell-init` to the shell's start file, because `use` does not work without it. */
  private async offerShellLine(): Promise<void> {
    const { terminal } = this.context;
    const startFile = findUnpreparedStartFile(this.context);
    if (startFile === undefined) return;
    const { name, line, add } = startFile;
    terminal.say([
      `To switch profiles with "latchkey use", your shell needs this line in ${name}:`,
      `  ${line}`,
    ]);
    if (!(await terminal.confirm(`Add it to ${name}?`, { initial: true }))) return;
    add();
    terminal.say(`Added. It takes effect in the next shell; in this one, run: ${line}`);
  }

  /** In a shell that version 0.1.0 has switched, LATCHKEY_REGION is not used as an answer. */
  private isFormerMark(): boolean {
    const isFlag = this.argv.some((word) => /^--region(=|$)/.test(word));
    return !isFlag && hasFormerMark(this.context.env);
  }
}

/** Ignores Ctrl-C at an offer, because the profile is already written. */
async function ignoreCancelled(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!hasCode(thrown, "CANCELLED") || thrown.exitCode !== EXIT.INTERRUPTED) throw thrown;
  }
}

function summaryText(
  { profile, form, changes, configFile }: ConfigureResult,
  isReadByAwsCli: boolean,
): string[] {
  if (changes.length === 0)
    return [`Unchanged: the profile "${profile}" in ${configFile} says all that already.`];
  const legacy =
    form === "legacy"
      ? ["This form's tokens can't be renewed: after 8 hours at most you sign in again."]
      : [];
  const again = isReadByAwsCli ? awsCommand(profile) : `latchkey whoami ${quoteShellWord(profile)}`;
  return [`Wrote the profile "${profile}".`, ...legacy, `Try it:  ${again}`];
}

function awsCommand(profile: string): string {
  const command = "aws sts get-caller-identity";
  return profile === "default" ? command : `${command} --profile ${quoteShellWord(profile)}`;
}
