import { Args } from "@oclif/core";
import { LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { roleChangesText } from "../access/text.ts";
import { csv, table } from "../text/terminal.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { accountIdFlag, cachedFlag, csvFlag, sessionChoice, sessionFlags } from "../cli/flags.ts";
import { roleListing } from "../access/list.ts";
import { listingProgress } from "../access/progress.ts";
import { selectSession } from "../profiles/select.ts";

export default class Roles extends LatchkeyCommand {
  static override summary = "List the roles that you hold, in one account or in all";
  static override description =
    "Asks account by account at the service's pace; a listing that was interrupted goes on where it stopped. Says which roles came and went since the listing before; --cached works offline.";
  static override aliases = ["sso:list-account-roles"];
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> 111122223333",
    "<%= config.bin %> <%= command.id %> payments-prod --json",
  ];
  static override args = {
    account: Args.string({
      description: "account by its id, its name, or a part of its name that only one has",
    }),
  };
  static override flags = {
    ...sessionFlags,
    "account-id": accountIdFlag,
    cached: cachedFlag,
    csv: csvFlag,
  };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Roles);
    const { terminal } = this.context;
    const session = await selectSession(this.context, sessionChoice(flags));
    const wanted = args.account ?? flags["account-id"];
    const { items: roles, changes } = await roleListing(this.context, session, {
      wanted,
      cached: flags.cached,
      progress: flags.json ? undefined : listingProgress(this.context),
    });
    terminal.clearProgress();
    const rows = roles.map(({ account, roleName }) => [
      account.accountId,
      account.accountName ?? "",
      roleName,
    ]);
    if (flags.csv) terminal.write(csv([["accountId", "accountName", "roleName"], ...rows]));
    else {
      this.print(
        flags.json,
        roles.map(({ account, roleName }) => ({
          accountId: account.accountId,
          accountName: account.accountName ?? null,
          roleName,
        })),
        () => table(["ACCOUNT", "NAME", "ROLE"], rows, terminal.columns),
      );
      if (!flags.json)
        terminal.say(
          `${roles.length} ${roles.length === 1 ? "role" : "roles"} in ${sessionLabel(session)}`,
        );
    }
    const news = changes === undefined ? undefined : roleChangesText(changes, this.context.now());
    if (news !== undefined && !flags.json) terminal.say(news);
    return EXIT.OK;
  }
}
