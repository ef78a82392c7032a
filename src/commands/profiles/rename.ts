import { Args, Flags } from "@oclif/core";
import type { ConfigChange } from "../../aws-config/edit.ts";
import { examples, LatchkeyCommand } from "../../cli/command.ts";
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
  static override summary = "Give a profile another name";
  static override description =
    "Takes the exact name. Only the section's header changes, and source_profile in the profiles that name it. The plan is shown first; without a terminal it needs --yes. `latchkey profiles undo` takes it back.";
  static override examples = examples("okta payments --yes", "payments invoices --yes --json");
  static override args = {
    old: Args.string({ description: "exact name of a profile", required: true }),
    new: Args.string({ description: "its new name", required: true }),
  };
  static override flags = {
    yes: Flags.boolean({ char: "y", description: "make the change without asking" }),
    force: Flags.boolean({
      description:
        "also where the credentials file has keys of the old name, or where another tool owns the section",
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
