import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, usageError, type ExitCode } from "../errors.ts";
import { profileFlag } from "../cli/flags.ts";
import { signInAfterSwitch, switchProfile } from "../shell/use.ts";

export interface UseJson {
  /** null: none from now on. */
  readonly profile: string | null;
}

export default class Use extends LatchkeyCommand<UseJson> {
  static override summary = "Switch the profile of this shell";
  static override description =
    "Sets AWS_PROFILE, and AWS_REGION and AWS_DEFAULT_REGION as the profile says, in the shell that you type it into. Without a profile you choose one: type any words of its name, account, role or region. Needs the line of `shell-init` in the shell's start file.";
  static override aliases = ["assume"];
  static override examples = examples("okta", ["Back to the one before", "-"], "--unset");
  static override args = {
    profile: Args.string({
      description: "profile of the AWS config or words of its name, or - for the one before",
      multiple: true,
    }),
  };
  static override flags = {
    profile: profileFlag,
    unset: Flags.boolean({ description: "use no profile from now on" }),
    "unset-credentials": Flags.boolean({
      description: "also unset AWS_ACCESS_KEY_ID and whatever else would win over the profile",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Use);
    const named = args.profile?.join(" ") ?? flags.profile;
    if (flags.unset && named !== undefined)
      throw usageError(
        `"${named}" names a profile, and --unset means none.`,
        "Give one of the two.",
      );
    const { profile, region } = await switchProfile(this.context, {
      words: args.profile ?? [],
      profile: flags.profile,
      unset: flags.unset,
      unsetCredentials: flags["unset-credentials"],
    });
    this.report(flags.json, { profile: profile ?? null }, () =>
      profile === undefined
        ? "This shell uses no profile now."
        : `This shell uses ${profile}${region === undefined ? "" : ` in ${region}`} now.`,
    );
    return profile === undefined ? EXIT.OK : signInAfterSwitch(this.context, profile);
  }
}
