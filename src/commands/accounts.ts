import { examples, LatchkeyCommand } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { accountChangesText } from "../access/text.ts";
import type { Account } from "../model/account.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { listingFlags, toSessionFlags } from "../cli/flags.ts";
import type { ColumnsOf, RowJson } from "../cli/output.ts";
import { plural } from "../text/terminal.ts";
import { listAccounts } from "../access/list.ts";
import { createListingProgress } from "../access/progress.ts";
import { selectSession } from "../profiles/select.ts";

const COLUMNS = {
  accountId: { header: "ACCOUNT", value: ({ accountId }) => accountId },
  accountName: { header: "NAME", value: ({ accountName = null }) => accountName },
  emailAddress: { header: "EMAIL", value: ({ emailAddress = null }) => emailAddress },
} satisfies ColumnsOf<Account>;

export type AccountJson = RowJson<typeof COLUMNS>;

export default class Accounts extends LatchkeyCommand<AccountJson[]> {
  static override summary = "List the AWS accounts that your session may use";
  static override description =
    "Asks at the service's pace, and says which accounts came and went since the listing before; --cached works offline.";
  static override aliases = ["sso:list-accounts"];
  static override examples = examples("", "--csv", "--cached", "--json");
  static override flags = listingFlags;

  async run(): Promise<ExitCode> {
    const { flags } = await this.parse(Accounts);
    const session = await selectSession(this.context, toSessionFlags(flags));
    const { items: accounts, changes } = await listAccounts(this.context, session, {
      cached: flags.cached,
      progress: flags.json ? undefined : createListingProgress(this.context),
    });
    this.printRows(COLUMNS, accounts, flags);
    this.saySummary(
      flags,
      `${plural(accounts.length, "account")} in ${sessionLabel(session)}`,
      changes && accountChangesText(changes, this.context.now()),
    );
    return EXIT.OK;
  }
}
