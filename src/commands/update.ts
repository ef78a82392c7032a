import { Flags } from "@oclif/core";
import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { findNewest, locateNewest } from "../installation/newest.ts";
import { observeInstallation } from "../installation/observe.ts";
import {
  adviseUpdate,
  updateText,
  type Newest,
  type UpdateAdvice,
} from "../installation/update.ts";

export type UpdateJson = ReturnType<typeof toJson>;

export default class Update extends LatchkeyCommand<UpdateJson> {
  static override summary = "Show how latchkey was installed, and how to update it";
  static override description =
    "Reads this machine only, and changes nothing. With --check it asks the public repository for the newest version. The exit code is 0 whether or not there is a newer version; --json prints `isNewer`.";
  static override aliases = ["upgrade"];
  static override examples = examples("", "--json");
  static override flags = {
    check: Flags.boolean({ description: "ask the public repository for the newest version" }),
  };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Update);
    const { version, pjson } = this.config;
    const repository = String(pjson["repository"]);
    const advice = adviseUpdate(await observeInstallation(this.context), repository);
    const newest = flags.check ? await findNewest(this.context, repository, version) : undefined;
    const facts = { version, newest, page: locateNewest(repository) };
    this.print(flags.json, toJson(advice, facts), () => updateText(advice, facts));
    return EXIT.OK;
  }
}

function toJson(
  { channel, program, command }: UpdateAdvice,
  facts: { readonly version: string; readonly newest: Newest | undefined; readonly page: string },
) {
  const { version, newest, page } = facts;
  return {
    version,
    /** As `npm`, `homebrew` or `file`. */
    installedBy: channel,
    program,
    /** The command that updates it; null if the user replaces the file. */
    command: command ?? null,
    /** The page of the newest release. */
    page,
    /** null without --check. */
    newestVersion: newest?.version ?? null,
    isNewer: newest?.isNewer ?? null,
  };
}
