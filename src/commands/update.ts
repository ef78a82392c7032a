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
    "Looks at this machine only, and changes nothing. With --check it asks the public repository for the newest version; nothing else is sent. It exits with 0 whether there is a newer version or not: --json says which.";
  static override aliases = ["upgrade"];
  static override examples = examples("", "--json");
  static override flags = {
    check: Flags.boolean({ description: "ask whether there is a newer version" }),
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
    /** What updates it; null where a file is to be put in the place of another. */
    command: command ?? null,
    /** The page of the newest release. */
    page,
    /** null where nobody asked. */
    newestVersion: newest?.version ?? null,
    isNewer: newest?.isNewer ?? null,
  };
}
