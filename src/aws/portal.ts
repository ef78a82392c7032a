import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  SSOClient,
} from "@aws-sdk/client-sso";
import type { Account, AccountRole } from "../model/account.ts";
import { readText, type PlainRecord } from "../text/json.ts";
import { isAccountId, type RoleCredentials } from "../model/role.ts";
import { LatchkeyError } from "../errors.ts";
import { readList, readMember, requireInstant, requireText, type Answer } from "../text/answer.ts";
import { describeFailure } from "./failure.ts";
import { serverClockAheadSeconds } from "./http.ts";
import { clientSettings, createService } from "./sdk-client.ts";
import { fetchPages, type Connection } from "./send.ts";

/** The access portal: what an access token may list, and the role credentials that it gets. */

const portal = createService(
  "The access portal",
  (connection: Connection) => new SSOClient(clientSettings(connection)),
);

/** The most that the service takes (since 2026 it refuses more). */
const PAGE_SIZE = 100;

/** Expected answers that are no data: the token is not good (any more), or the role is not this person's. */
export type Refusal = "unauthorized" | "forbidden";

export async function listAccounts(
  connection: Connection,
  accessToken: string,
  onPage: (count: number) => void,
): Promise<Account[] | Refusal> {
  const input = { accessToken, maxResults: PAGE_SIZE };
  return listAll(
    connection,
    (token) => ask(connection, new ListAccountsCommand({ ...input, ...token })),
    (answer) => readList(answer, "accountList").flatMap(toAccounts),
    onPage,
  );
}

function toAccounts({ accountId, accountName, emailAddress }: PlainRecord): Account[] {
  const id = readText(accountId);
  if (id === undefined || !isAccountId(id)) return [];
  return [
    { accountId: id, accountName: readText(accountName), emailAddress: readText(emailAddress) },
  ];
}

export async function listAccountRoles(
  connection: Connection,
  accessToken: string,
  accountId: string,
): Promise<AccountRole[] | Refusal> {
  const input = { accessToken, accountId, maxResults: PAGE_SIZE };
  return listAll(
    connection,
    (token) => ask(connection, new ListAccountRolesCommand({ ...input, ...token })),
    (answer) =>
      readList(answer, "roleList")
        .flatMap((role) => readText(role["roleName"]) ?? [])
        .map((roleName) => ({ accountId, roleName })),
  );
}

/** The items of every page, or the refusal of one. */
async function listAll<Item>(
  connection: Connection,
  fetchPage: (token: { nextToken?: string }) => Promise<Answer | Refusal>,
  toItems: (answer: Answer) => Item[],
  onPage: (count: number) => void = () => undefined,
): Promise<Item[] | Refusal> {
  const items: Item[] = [];
  const pages = fetchPages(
    portal.findHost(connection),
    (nextToken) => fetchPage(nextToken === undefined ? {} : { nextToken }),
    (page) => (isRefusal(page) ? undefined : readText(readMember(page, "nextToken"))),
  );
  for await (const page of pages) {
    if (isRefusal(page)) return page;
    items.push(...toItems(page));
    onPage(items.length);
  }
  return items;
}

export async function fetchRoleCredentials(
  connection: Connection,
  accessToken: string,
  accountId: string,
  roleName: string,
): Promise<RoleCredentials | Refusal> {
  const command = new GetRoleCredentialsCommand({ accessToken, accountId, roleName });
  const answer = await ask(connection, command);
  return isRefusal(answer) ? answer : toRoleCredentials(answer);
}

/** @throws LatchkeyError BAD_RESPONSE */
function toRoleCredentials(answer: Answer): RoleCredentials {
  return {
    accessKeyId: requireText(answer, "roleCredentials.accessKeyId", 128),
    secretAccessKey: requireText(answer, "roleCredentials.secretAccessKey", 256),
    sessionToken: requireText(answer, "roleCredentials.sessionToken", 6144),
    expiration: requireInstant(
      answer,
      "roleCredentials.expiration",
      (milliseconds) => milliseconds,
    ),
  };
}

/** The cheapest question that needs a good token: one account of the list. */
export async function isTokenAccepted(
  connection: Connection,
  accessToken: string,
): Promise<boolean> {
  const answer = await ask(connection, new ListAccountsCommand({ accessToken, maxResults: 1 }));
  return answer !== "unauthorized";
}

/**
 * Seconds by which the portal's clock is ahead of ours, by the `Date` of its answer; undefined where it gave none. Asked
 * with a token that is none, so that nothing of anybody's goes out: a refusal has the time of day, too.
 */
export async function measureClockAhead(connection: Connection): Promise<number | undefined> {
  await isTokenAccepted(connection, "none");
  return serverClockAheadSeconds(connection);
}

/** Ends the token at the service; one that is already dead there is as good as ended. */
export async function logout(connection: Connection, accessToken: string): Promise<void> {
  await ask(connection, new LogoutCommand({ accessToken }));
}

function isRefusal(answer: Answer | Refusal): answer is Refusal {
  return typeof answer === "string";
}

/**
 * The answer, or the refusal that it is. Forbidden is not in the service's model and has no class: told by status.
 * A 404 is an account that the organisation does not have, which is for the caller the same as one without access.
 */
async function ask(
  connection: Connection,
  command: Parameters<typeof portal.call>[1],
): Promise<Answer | Refusal> {
  try {
    return await portal.call(connection, command);
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    const { status, type } = describeFailure(thrown);
    if (status === 401) return "unauthorized";
    if (status === 403 || status === 404) return "forbidden";
    if (status === undefined) throw thrown;
    throw new LatchkeyError(
      "BAD_RESPONSE",
      `${portal.findHost(connection)} refused the request (${type}, HTTP ${status}).`,
      { hint: "Run it again with --debug and report what it prints.", cause: thrown },
    );
  }
}
