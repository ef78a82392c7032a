import { Args, Flags } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, usageError, type ExitCode } from "../errors.ts";
import { regionFlag, roleFlags, textFlag, toRoleFlags } from "../cli/flags.ts";
import { consoleLink, openConsole } from "../console/link.ts";
import type { RoleFlags } from "../profiles/select.ts";
import { whoami } from "../credentials/identity/whoami.ts";
import { identityText } from "../credentials/identity/whoami-text.ts";
import { chooseWanted, signInAfterSwitch, switchProfile, type OtherWish } from "../shell/use.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { onePlanText } from "../sync/text.ts";

/** null if the shell has no profile now. With --console, the link. */
export type UseJson = { readonly profile: string | null } | { readonly url: string };

export default class Use extends LatchkeyCommand<UseJson> {
  static override summary = "Switch the profile of this shell";
  static override description = prose(`
    Sets AWS_PROFILE, and AWS_REGION and AWS_DEFAULT_REGION from the profile. For a
    role without a profile, writes the profile that \`profiles sync\` would write,
    and shows it first. Without a word, you choose from a list. Needs the line of
    \`shell-init\` in the shell's start file.
  `);
  static override aliases = ["assume"];
  static override examples = examples(
    "okta",
    ["A role without a profile: write one, and switch to it", "payments-prod/ViewOnlyAccess"],
    ["Back to the previous profile", "-"],
    "--region us-west-2",
    "okta -c",
    "--unset",
  );
  static override args = {
    profile: Args.string({
      description: "profile, ACCOUNT/ROLE, or words of them; - for the previous profile",
      multiple: true,
    }),
  };
  static override flags = {
    ...roleFlags,
    region: regionFlag,
    console: Flags.boolean({
      char: "c",
      description: "open the AWS console, and do not change the shell",
      exclusive: ["unset"],
    }),
    service: {
      ...textFlag("NAME", "with --console: page to open", "s"),
      dependsOn: ["console"],
    },
    unset: Flags.boolean({ char: "u", description: "use no profile from now on" }),
    yes: Flags.boolean({
      char: "y",
      description: "write a missing profile without asking",
    }),
    "unset-credentials": Flags.boolean({
      description: "also unset variables that override the profile",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Use);
    const words = args.profile ?? [];
    const role = toRoleFlags(flags);
    const named = words.length > 0 ? words.join(" ") : (flags.profile ?? flags["account-id"]);
    if (flags.unset && named !== undefined)
      throw usageError(
        `"${named}" names a profile, and --unset means none.`,
        "Give one of the two.",
      );
    if (flags.console)
      return this.openConsole(await chooseWanted(this.context, { words, role }), flags);
    const switched = await switchProfile(this.context, {
      words,
      role,
      region: flags.region,
      unset: flags.unset,
      unsetCredentials: flags["unset-credentials"],
      yes: flags.yes,
      offersOther: !flags.json,
      show: (planned) => this.context.terminal.say(onePlanText(planned), "plan"),
    });
    if (switched.kind !== "switched") return this.fulfil(switched, flags);
    const { profile, region, isKept } = switched;
    this.report(flags.json, { profile: profile ?? null }, () =>
      isKept ? `This shell uses the region ${region} now.` : describeSwitch(profile, region),
    );
    return profile === undefined || isKept ? EXIT.OK : signInAfterSwitch(this.context, profile);
  }

  /** Does what a key of the picker requested, without changing the shell. */
  private async fulfil({ kind, chosen, words }: OtherWish, flags: LinkFlags): Promise<ExitCode> {
    if (kind === "console") return this.openConsole(chosen, flags);
    const { terminal, now } = this.context;
    if (kind === "whoami") {
      const identity = await whoami(this.context, { role: chosen });
      const reader = { now: now(), paint: terminal.stdout.paint };
      terminal.write(identityText(identity, false, reader));
      return EXIT.OK;
    }
    const line = ["latchkey use", ...words.map(quoteShellWord)].join(" ");
    const isCopied = await terminal.copy(line);
    terminal.say(isCopied ? `Copied: ${line}` : `Nothing here takes a copy: ${line}`);
    return EXIT.OK;
  }

  private async openConsole(role: RoleFlags, flags: LinkFlags): Promise<ExitCode> {
    const { region, service } = flags;
    const link = await consoleLink(this.context, {
      role,
      region,
      service,
      duration: undefined,
      shortcut: false,
    });
    if (flags.json) this.printJson({ url: link.url });
    else await openConsole(this.context, link);
    return EXIT.OK;
  }
}

interface LinkFlags {
  readonly region: string | undefined;
  readonly service: string | undefined;
  readonly json: boolean;
}

function describeSwitch(profile: string | undefined, region: string | undefined): string {
  const place = region === undefined ? "" : ` in ${region}`;
  return `This shell uses ${profile ?? "no profile"}${place} now.`;
}
