import {
  DescribeAccountCommand,
  DescribeOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
  type Account,
} from "@aws-sdk/client-organizations";
import type { OrganizationAccount } from "./identity-center.ts";
import { textOrUndefined } from "../../text/json.ts";
import { isAccountId } from "../../model/role.ts";
import { adminClient, answerOrNothing, pagesOf, type AdminConnection } from "./send.ts";

/** organizations: which accounts there are, and which of them manages the others. */

const SERVICE = "Organizations";
/** The most that the service takes. */
const PAGE_SIZE = 20;
const client = adminClient((settings) => new OrganizationsClient(settings));

export async function managementAccountId(
  connection: AdminConnection,
): Promise<string | undefined> {
  const answer = await answerOrNothing(
    connection,
    SERVICE,
    "organizations:DescribeOrganization",
    (options) => client(connection).send(new DescribeOrganizationCommand({}), options),
  );
  return textOrUndefined(answer?.Organization?.MasterAccountId);
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
  return answer?.Account === undefined ? undefined : accountOf(answer.Account)[0];
}

export function accountPages(
  connection: AdminConnection,
): AsyncGenerator<readonly OrganizationAccount[]> {
  return pagesOf(SERVICE, async (token) => {
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
      items: (answer?.Accounts ?? []).flatMap(accountOf),
      nextToken: textOrUndefined(answer?.NextToken),
    };
  });
}

/** `State` has taken the place of `Status` (retired in September 2026); older servers have that alone. */
function accountOf({ Id, Name, State, Status }: Account): OrganizationAccount[] {
  if (Id === undefined || !isAccountId(Id)) return [];
  return [
    { accountId: Id, accountName: textOrUndefined(Name), state: State ?? Status ?? "ACTIVE" },
  ];
}
