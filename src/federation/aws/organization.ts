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

/** Reads the organization's accounts and its management account (service `organizations`). */

const { ask, listPages } = createAdminService({
  endpoint: "ORGANIZATIONS",
  name: "Organizations",
  prefix: "organizations",
  /** The service's maximum. */
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

/** `State` replaced `Status` in September 2026; older servers send `Status` only. */
function toAccounts({ Id, Name, State, Status }: PlainRecord): OrganizationAccount[] {
  const accountId = readText(Id);
  if (accountId === undefined || !isAccountId(accountId)) return [];
  const state = readText(State) ?? readText(Status) ?? "ACTIVE";
  return [{ accountId, accountName: readText(Name), state }];
}
