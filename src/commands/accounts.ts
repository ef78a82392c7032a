import { LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { accountChangesText } from "../access/text.ts";
import { csv, table } from "../text/terminal.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { cachedFlag, csvFlag, sessionChoice, sessionFlags } from "../cli/flags.ts";
import { accountListing } from "../access/list.ts";
import { listingProgress } from "../access/progress.ts";
import { selectSession } from "../profiles/select.ts";

export default class Accounts extends LatchkeyCommand {
  static override summary = "List the AWS accounts that your session may use";
  static override description =
    "Asks at the service's pace, and says which accounts came and went since the listing before; --cached works offline.";
  static override aliases = ["sso:list-accounts"];
  static override examples = [
    "<%= config.bin %> <%= command.id %>",
    "<%= config.bin %> <%= command.id %> --csv",
    "<%= config.bin %> <%= command.id %> --cached",
    "<%= config.bin %> <%= command.id %> --json",
  ];
  static override flags = { ...sessionFlags, cached: cachedFlag, csv: csvFlag };

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Accounts);
    const { terminal } = this.context;
    const session = await selectSession(this.context, sessionChoice(flags));
    const { items: accounts, changes } = await accountListing(this.context, session, {
      cached: flags.cached,
      progress: flags.json ? undefined : listingProgress(this.context),
    });
    terminal.clearProgress();
    const rows = accounts.map(({ accountId, accountName, emailAddress }) => [
      accountId,
      accountName ?? "",
      emailAddress ?? "",
    ]);
    if (flags.csv) terminal.write(csv([["accountId", "accountName", "emailAddress"], ...rows]));
    else {
      this.print(
        flags.json,
        accounts.map(({ accountId, accountName = null, emailAddress = null }) => ({
          accountId,
          accountName,
          emailAddress,
        })),
        () => table(["ACCOUNT", "NAME", "EMAIL"], rows, terminal.columns),
      );
      if (!flags.json)
        terminal.say(
          `${accounts.length} ${accounts.length === 1 ? "account" : "accounts"} in ${sessionLabel(session)}`,
        );
    }
    const news =
      changes === undefined ? undefined : accountChangesText(changes, this.context.now());
    if (news !== undefined && !flags.json) terminal.say(news);
    return EXIT.OK;
  }
}
