import { Args } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { accountChangesText } from "../access/text.ts";
import type { Account } from "../model/account.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { listingFlags, toSessionFlags } from "../cli/flags.ts";
import { checkFormatFlags, type AwsOutput, type ColumnsOf, type RowJson } from "../cli/output.ts";
import { toUnattended } from "../cli/real-context.ts";
import { plural } from "../text/terminal.ts";
import { listAccounts } from "../access/list.ts";
import { createListingProgress } from "../access/progress.ts";
import { listByWords } from "../profiles/typed.ts";
import { signInOnTheWay } from "../sign-in/on-the-way.ts";

const COLUMNS = {
  accountId: { header: "ACCOUNT", value: ({ accountId }) => accountId },
  accountName: { header: "NAME", value: ({ accountName = null }) => accountName },
  emailAddress: { header: "EMAIL", value: ({ emailAddress = null }) => emailAddress },
} satisfies ColumnsOf<Account>;

export type AccountJson = RowJson<typeof COLUMNS>;

export default class Accounts extends LatchkeyCommand<AccountJson[]> {
  static override summary = "List the AWS accounts you can use";
  static override description = prose(`
    Sends requests at the rate that AWS allows. Also shows which accounts were
    added or removed since the last listing. --cached works offline.
  `);
  static override aliases = ["sso:list-accounts"];
  static override examples = examples("", "payments", "--csv", "--cached", "--json");
  static override args = {
    session: Args.string({
      description: "SSO session, a profile that uses it, or words of the accounts to show",
      multiple: true,
    }),
  };
  static override flags = listingFlags;

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Accounts);
    checkFormatFlags(flags);
    const request = {
      words: args.session ?? [],
      flags: toSessionFlags(flags),
      isSessionFirst: true,
    };
    const { session, listing } = await listByWords(this.context, request, (one, words) =>
      signInOnTheWay(flags.cached ? toUnattended(this.context) : this.context, one, (signedIn) =>
        listAccounts(this.context, signedIn, {
          words,
          cached: flags.cached,
          progress: flags.json ? undefined : createListingProgress(this.context),
        }),
      ),
    );
    const { items: accounts, changes } = listing;
    await this.printRows(COLUMNS, accounts, { flags, aws: toAwsOutput(accounts) });
    this.saySummary(
      flags,
      `${plural(accounts.length, "account")} in ${sessionLabel(session)}`,
      changes && accountChangesText(changes, this.context.now()),
    );
    return EXIT.OK;
  }
}

/** Returns the accounts as in the AWS CLI's output of the portal's ListAccounts. */
function toAwsOutput(accounts: readonly Account[]): AwsOutput {
  const accountList = accounts.map(({ accountId, accountName, emailAddress }) => ({
    accountId,
    accountName,
    emailAddress,
  }));
  return { value: { accountList } };
}
