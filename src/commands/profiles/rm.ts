import { Args, Flags } from "@oclif/core";
import type { ConfigChange } from "../../aws-config/edit.ts";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { maskChanges } from "../../profiles/text.ts";
import { removeNamedProfiles } from "../../profiles/change/reshape.ts";

export interface RemovedProfilesJson {
  readonly removed: readonly string[];
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

export default class ProfilesRm extends LatchkeyCommand<RemovedProfilesJson> {
  static override summary = "Remove profiles from the AWS config";
  static override description = prose(`
    Takes exact names. Shows the plan first; without a terminal it needs --yes. If
    another profile has it as source_profile, it needs --force, too. In the
    credentials file it removes only profiles that \`export --write\` made.
    \`latchkey profiles undo\` restores profiles of the config.
  `);
  static override examples = examples(
    ["Asks at a terminal", "okta # exit 2 without a terminal"],
    "okta --yes",
  );
  static override args = {
    name: Args.string({
      description: "exact names of profiles",
      required: true,
      multiple: true,
    }),
  };
  static override flags = {
    yes: Flags.boolean({ char: "y", description: "remove without asking" }),
    force: Flags.boolean({
      description: "also if another profile uses it, or another tool owns the section",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(ProfilesRm);
    const { terminal } = this.context;
    const names = [...new Set(args.name)];
    const { configFile, changes } = await removeNamedProfiles(this.context, names, {
      ...flags,
      show: (lines) => terminal.say(lines, "plan"),
    });
    this.report(
      flags.json,
      { removed: names, configFile, changes: maskChanges(changes) },
      () =>
        `Removed ${names.join(", ")}.${changes.length === 0 ? "" : " latchkey profiles undo puts back what the config held."}`,
    );
    return EXIT.OK;
  }
}
