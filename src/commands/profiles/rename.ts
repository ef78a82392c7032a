import { Args, Flags } from "@oclif/core";
import type { ConfigChange } from "../../aws-config/edit.ts";
import { examples, LatchkeyCommand, prose } from "../../cli/command.ts";
import { EXIT, type ExitCode } from "../../errors.ts";
import { maskChanges } from "../../profiles/text.ts";
import { renameProfile } from "../../profiles/change/reshape.ts";

export interface RenamedProfileJson {
  readonly profile: string;
  readonly from: string;
  readonly configFile: string;
  readonly changes: readonly ConfigChange[];
}

export default class ProfilesRename extends LatchkeyCommand<RenamedProfileJson> {
  static override summary = "Rename a profile";
  static override description = prose(`
    Takes the exact name. Changes only the section's header, and source_profile in
    the profiles that refer to it. Shows the plan first; without a terminal it needs --yes.
    \`latchkey profiles undo\` reverts the change.
  `);
  static override examples = examples("okta payments --yes", "payments invoices --yes --json");
  static override args = {
    old: Args.string({ description: "exact name of a profile", required: true }),
    new: Args.string({ description: "its new name", required: true }),
  };
  static override flags = {
    yes: Flags.boolean({ char: "y", description: "rename without asking" }),
    force: Flags.boolean({
      description:
        "also if the credentials file has keys of the old name, or another tool owns the section",
    }),
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(ProfilesRename);
    const { terminal } = this.context;
    const { configFile, changes } = await renameProfile(this.context, [args.old, args.new], {
      ...flags,
      show: (lines) => terminal.say(lines, "plan"),
    });
    this.report(
      flags.json,
      { profile: args.new, from: args.old, configFile, changes: maskChanges(changes) },
      () =>
        args.old === args.new
          ? `Unchanged: the profile is called "${args.new}" already.`
          : `Renamed ${args.old} to ${args.new}. latchkey profiles undo takes it back.`,
    );
    return EXIT.OK;
  }
}
