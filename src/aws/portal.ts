import {
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  SSOClient,
} from "@aws-sdk/client-sso";
import type { Account, AccountRole } from "../model/account.ts";
import { readText, type PlainRecord } from "../text/json.ts";
import { isAccountId } from "../model/role.ts";
import { narrowList, readPageToken, type Answer, type Narrowed } from "../text/answer.ts";
import { serverClockAheadSeconds } from "./call/clock.ts";
import { toPortalAnswer, type PortalAnswer } from "./call/failure.ts";
import { clientSettings, createService, resolveEndpoint } from "./sdk-client.ts";
import { fetchPages } from "./call/pages.ts";
import type { Connection } from "./send.ts";

/** The access portal through the SDK: lists accounts and roles, checks a token, ends it. */

const portal = createService(
  "The access portal",
  (connection: Connection) => new SSOClient(clientSettings(connection)),
);

/** Returns the portal's endpoint by the SDK's endpoint rules. */
export function resolvePortalEndpoint(connection: Connection): string {
  return resolveEndpoint(portal.findClient(connection), connection);
}

/** The maximum that the service accepts (it refuses more since 2026). */
const PAGE_SIZE = 100;
/** No organization has 50,000 accounts. */
const MOST_ACCOUNT_PAGES = 500;
/**
 * An account's roles come from permission sets. An organization has at most 2,000 permission sets unless AWS raises the
 * quota.
 */
const MOST_ROLE_PAGES = 40;

export async function listAccounts(
  connection: Connection,
  accessToken: string,
  onPage: (count: number) => void,
): Promise<PortalAnswer<Narrowed<Account>>> {
  const input = { accessToken, maxResults: PAGE_SIZE };
  return listAll(connection, {
    fetchPage: (token) => portal.call(connection, new ListAccountsCommand({ ...input, ...token })),
    readPage: (answer) => narrowList(answer, "accountList", toAccount),
    mostPages: MOST_ACCOUNT_PAGES,
    onPage,
  });
}

function toAccount({ accountId, accountName, emailAddress }: PlainRecord): Account | undefined {
  const id = readText(accountId);
  if (id === undefined || !isAccountId(id)) return undefined;
  return {
    accountId: id,
    accountName: readText(accountName),
    emailAddress: readText(emailAddress),
  };
}

export async function listAccountRoles(
  connection: Connection,
  accessToken: string,
  accountId: string,
): Promise<PortalAnswer<Narrowed<AccountRole>>> {
  const input = { accessToken, accountId, maxResults: PAGE_SIZE };
  return listAll(connection, {
    fetchPage: (token) =>
      portal.call(connection, new ListAccountRolesCommand({ ...input, ...token })),
    readPage: (answer) =>
      narrowList(answer, "roleList", (role) => {
        const roleName = readText(role["roleName"]);
        return roleName === undefined ? undefined : { accountId, roleName };
      }),
    mostPages: MOST_ROLE_PAGES,
  });
}

interface PortalList<Item> {
  readonly fetchPage: (token: { nextToken?: string }) => Promise<Answer>;
  readonly readPage: (answer: Answer) => Narrowed<Item>;
  readonly mostPages: number;
  readonly onPage?: (count: number) => void;
}

/** Returns the items of all pages, or the refusal of one page. */
async function listAll<Item>(
  connection: Connection,
  { fetchPage, readPage, mostPages, onPage }: PortalList<Item>,
): Promise<PortalAnswer<Narrowed<Item>>> {
  const pages = fetchPages(
    portal.findHost(connection),
    async (nextToken) => {
      const answer = await fetchPage(nextToken === undefined ? {} : { nextToken });
      return { ...readPage(answer), next: readPageToken(answer, "nextToken") };
    },
    mostPages,
  );
  return toPortalAnswer(portal.findHost(connection), async () => {
    const items: Item[] = [];
    let leftOut = 0;
    for await (const page of pages) {
      for (const item of page.items) items.push(item);
      leftOut += page.leftOut;
      onPage?.(items.length);
    }
    return { items, leftOut };
  });
}

/** Makes the cheapest request that needs a valid token: lists one account. */
export async function probeToken(
  connection: Connection,
  accessToken: string,
): Promise<PortalAnswer<Narrowed<Account>>> {
  const command = new ListAccountsCommand({ accessToken, maxResults: 1 });
  return toPortalAnswer(portal.findHost(connection), async () =>
    narrowList(await portal.call(connection, command), "accountList", toAccount),
  );
}

export async function isTokenAccepted(
  connection: Connection,
  accessToken: string,
): Promise<boolean> {
  const { kind } = await probeToken(connection, accessToken);
  return kind !== "unauthorized";
}

/**
 * Returns the seconds by which the portal's clock is ahead of this machine's, from the `Date` of an answer. Undefined
 * if the answer has none. Uses an invalid token, so that no real one is sent: a refusal has a `Date` too.
 */
export async function measureClockAhead(connection: Connection): Promise<number | undefined> {
  await isTokenAccepted(connection, "none");
  return serverClockAheadSeconds(connection);
}

/** Ends the token at the service. A token that the service has already ended is no error. */
export async function logout(connection: Connection, accessToken: string): Promise<void> {
  const command = new LogoutCommand({ accessToken });
  await toPortalAnswer(portal.findHost(connection), () => portal.call(connection, command));
}
