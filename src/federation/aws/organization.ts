import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { OrganizationAccount } from "./identity-center.ts";
import { readEach, readMember, requireOne, requireText } from "../../text/answer.ts";
import { readText, toRecord, type PlainRecord } from "../../text/json.ts";
import { isAccountId } from "../../model/role.ts";
import { createAdminService, type Administrator } from "./send.ts";

/** organizations: which accounts there are, and which of them manages the others. */

const { ask, listPages } = createAdminService({
  endpoint: "ORGANIZATIONS",
  name: "Organizations",
  prefix: "organizations",
  /** The most that the service takes. */
  pageSize: 20,
  makeClient: (settings) => new OrganizationsClient(settings),
});

export async function fetchManagementAccountId(admin: Administrator): Promise<string | undefined> {
  const answer = await ask(admin, new DescribeOrganizationCommand({}));
  return answer && requireText(answer, "Organization.MasterAccountId");
}

export async function describeAccount(
  admin: Administrator,
  AccountId: string,
): Promise<OrganizationAccount | undefined> {
  const answer = await ask(admin, new DescribeAccountCommand({ AccountId }));
  return (
    answer && requireOne(answer, "Account.Id", toAccounts(toRecord(readMember(answer, "Account"))))
  );
}

export function fetchAccountPages(
  admin: Administrator,
): AsyncGenerator<readonly OrganizationAccount[]> {
  return listPages(admin, ListAccountsCommand, {}, (answer) =>
    readEach(answer, "Accounts", toAccounts),
  );
}

/** `State` has taken the place of `Status` (retired in September 2026); older servers have that alone. */
function toAccounts({ Id, Name, State, Status }: PlainRecord): OrganizationAccount[] {
  const accountId = readText(Id);
  if (accountId === undefined || !isAccountId(accountId)) return [];
  const state = readText(State) ?? readText(Status) ?? "ACTIVE";
  return [{ accountId, accountName: readText(Name), state }];
}
