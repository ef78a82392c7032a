import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
} from "@aws-sdk/client-organizations";
import type { OrganizationAccount } from "./identity-center.ts";
import { readList, readMember } from "../../text/answer.ts";
import { isRecord, readText, type PlainRecord } from "../../text/json.ts";
import { isAccountId } from "../../model/role.ts";
import { askOrNothing, createAdminService, listPages, type AdminConnection } from "./send.ts";

/** organizations: which accounts there are, and which of them manages the others. */

const organizations = createAdminService(
  "Organizations",
  "organizations",
  (settings) => new OrganizationsClient(settings),
);

/** The most that the service takes. */
const MaxResults = 20;

export async function fetchManagementAccountId(
  connection: AdminConnection,
): Promise<string | undefined> {
  const answer = await askOrNothing(organizations, connection, new DescribeOrganizationCommand({}));
  return answer && readText(readMember(answer, "Organization.MasterAccountId"));
}

export async function describeAccount(
  connection: AdminConnection,
  accountId: string,
): Promise<OrganizationAccount | undefined> {
  const command = new DescribeAccountCommand({ AccountId: accountId });
  const answer = await askOrNothing(organizations, connection, command);
  const account = answer && readMember(answer, "Account");
  return isRecord(account) ? toAccounts(account)[0] : undefined;
}

export function fetchAccountPages(
  connection: AdminConnection,
): AsyncGenerator<readonly OrganizationAccount[]> {
  return listPages(
    organizations,
    connection,
    (page) => new ListAccountsCommand({ MaxResults, ...page }),
    (answer) => readList(answer, "Accounts").flatMap(toAccounts),
  );
}

/** `State` has taken the place of `Status` (retired in September 2026); older servers have that alone. */
function toAccounts({ Id, Name, State, Status }: PlainRecord): OrganizationAccount[] {
  const accountId = readText(Id);
  if (accountId === undefined || !isAccountId(accountId)) return [];
  const state = readText(State) ?? readText(Status) ?? "ACTIVE";
  return [{ accountId, accountName: readText(Name), state }];
}
