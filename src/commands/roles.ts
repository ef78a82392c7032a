import { Args } from "@oclif/core";
import { examples, LatchkeyCommand, prose } from "../cli/command.ts";
import { EXIT, type ExitCode } from "../errors.ts";
import { roleChangesText } from "../access/text.ts";
import type { RoleInAccount } from "../model/account.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import {
  accountIdFlag,
  listingFlags,
  readGivenTwice,
  sessionFlags,
  toSessionFlags,
  toWords,
} from "../cli/flags.ts";
import { checkFormatFlags, type AwsOutput, type ColumnsOf, type RowJson } from "../cli/output.ts";
import { toUnattended } from "../cli/real-context.ts";
import { plural } from "../text/terminal.ts";
import { listRoles } from "../access/list.ts";
import { settleHistory } from "../access/history/user-name.ts";
import { createListingProgress } from "../access/progress.ts";
import { listByWords } from "../profiles/typed.ts";
import { signInOnTheWay } from "../sign-in/on-the-way.ts";

const COLUMNS = {
  accountId: { header: "ACCOUNT", rank: 2, value: ({ account }) => account.accountId },
  accountName: {
    header: "NAME",
    rank: 1,
    value: ({ account }) => account.accountName ?? null,
  },
  roleName: { header: "ROLE", rank: 0, value: ({ roleName }) => roleName },
} satisfies ColumnsOf<RoleInAccount>;

export type RoleJson = RowJson<typeof COLUMNS>;

export default class Roles extends LatchkeyCommand<RoleJson[]> {
  static override summary = "List your roles in one account or in all";
  static override description = prose(`
    Lists account by account, at the rate that AWS allows. An interrupted listing
    continues where it stopped. Also shows which roles were added or removed since
    the last listing. --cached works offline.
  `);
  static override aliases = ["sso:list-account-roles"];
  static override examples = examples("", "111122223333", "payments-prod --json");
  static override args = {
    account: Args.string({
      description:
        "account by id, name or a unique part of it; or an SSO session, or a profile that uses it",
    }),
  };
  static override flags = { ...sessionFlags, "account-id": accountIdFlag, ...listingFlags };

  async run(): Promise<ExitCode> {
    const { args, flags } = await this.parse(Roles);
    checkFormatFlags(flags);
    const { "account-id": accountId } = flags;
    const request = {
      words: toWords(args.account),
      flags: toSessionFlags(flags),
      // With --account-id, the word can only name a session.
      isSessionFirst: accountId !== undefined,
    };
    let listed: SsoSession | undefined;
    const { session, listing } = await listByWords(this.context, request, (one, [word]) =>
      signInOnTheWay(flags.cached ? toUnattended(this.context) : this.context, one, (signedIn) => {
        listed = signedIn;
        return listRoles(this.context, signedIn, {
          wanted: readGivenTwice("--account-id", word, accountId),
          cached: flags.cached,
          progress: flags.json ? undefined : createListingProgress(this.context),
        });
      }),
    );
    const { items: roles, changes } = listing;
    await this.printRows(COLUMNS, roles, { flags, aws: toAwsOutput(roles) });
    this.saySummary(
      flags,
      `${plural(roles.length, "role")} in ${sessionLabel(session)}`,
      changes && roleChangesText(changes, this.context.now()),
    );
    if (listed !== undefined && !flags.cached) await settleHistory(this.context, listed);
    return EXIT.OK;
  }
}

/** Returns the roles as in the AWS CLI's output of the portal's ListAccountRoles. */
function toAwsOutput(roles: readonly RoleInAccount[]): AwsOutput {
  const roleList = roles.map(({ account: { accountId }, roleName }) => ({ roleName, accountId }));
  return { value: { roleList } };
}
