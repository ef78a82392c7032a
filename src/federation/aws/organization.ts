import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
  type Account,
} from "@aws-sdk/client-organizations";
import type { OrganizationAccount } from "./identity-center.ts";
import { readText } from "../../text/json.ts";
import { isAccountId } from "../../model/role.ts";
import { createAdminClient, answerOrNothing, fetchPages, type AdminConnection } from "./send.ts";

/** organizations: which accounts there are, and which of them manages the others. */

const SERVICE = "Organizations";
/** The most that the service takes. */
const PAGE_SIZE = 20;
const client = createAdminClient((settings) => new OrganizationsClient(settings));

export async function fetchManagementAccountId(
  connection: AdminConnection,
): Promise<string | undefined> {
  const answer = await answerOrNothing(
    connection,
    SERVICE,
    "organizations:DescribeOrganization",
    (options) => client(connection).send(new DescribeOrganizationCommand({}), options),
  );
  return readText(answer?.Organization?.MasterAccountId);
}

export async function describeAccount(
  connection: AdminConnection,
  accountId: string,
): Promise<OrganizationAccount | undefined> {
  const answer = await answerOrNothing(
    connection,
    SERVICE,
    "organizations:DescribeAccount",
    (options) =>
      client(connection).send(new DescribeAccountCommand({ AccountId: accountId }), options),
  );
  return answer?.Account === undefined ? undefined : toAccounts(answer.Account)[0];
}

export function fetchAccountPages(
  connection: AdminConnection,
): AsyncGenerator<readonly OrganizationAccount[]> {
  return fetchPages(SERVICE, async (token) => {
    const answer = await answerOrNothing(
      connection,
      SERVICE,
      "organizations:ListAccounts",
      (options) =>
        client(connection).send(
          new ListAccountsCommand({ MaxResults: PAGE_SIZE, ...token }),
          options,
        ),
    );
    return {
      items: (answer?.Accounts ?? []).flatMap(toAccounts),
      nextToken: readText(answer?.NextToken),
    };
  });
}

/** `State` has taken the place of `Status` (retired in September 2026); older servers have that alone. */
function toAccounts({ Id, Name, State, Status }: Account): OrganizationAccount[] {
  if (Id === undefined || !isAccountId(Id)) return [];
  return [{ accountId: Id, accountName: readText(Name), state: State ?? Status ?? "ACTIVE" }];
}
