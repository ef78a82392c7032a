import {
  GetRoleCredentialsCommand,
  ListAccountRolesCommand,
  ListAccountsCommand,
  LogoutCommand,
  SSOClient,
} from "@aws-sdk/client-sso";
import type { Account, AccountRole } from "../model/account.ts";
import { toInstant } from "../text/instant.ts";
import { readVisibleAscii, readText } from "../text/json.ts";
import { isAccountId, type RoleCredentials } from "../model/role.ts";
import { LatchkeyError } from "../errors.ts";
import { describeFailure } from "./failure.ts";
import { serverClockAheadSeconds } from "./http.ts";
import { cachePerConnection, clientSettings } from "./sdk-client.ts";
import { send, hostName, type CallOptions, type Connection } from "./send.ts";

/** The access portal: what an access token may list, and the role credentials that it gets. */

const client = cachePerConnection(
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
  return fetchAllPages(connection, onPage, async (nextToken, options) => {
    const answer = await client(connection).send(
      new ListAccountsCommand({ accessToken, maxResults: PAGE_SIZE, ...nextToken }),
      options,
    );
    const items = (answer.accountList ?? []).flatMap(({ accountId, accountName, emailAddress }) =>
      accountId !== undefined && isAccountId(accountId)
        ? [
            {
              accountId,
              accountName: readText(accountName),
              emailAddress: readText(emailAddress),
            },
          ]
        : [],
    );
    return { items, nextToken: readText(answer.nextToken) };
  });
}

export async function listAccountRoles(
  connection: Connection,
  accessToken: string,
  accountId: string,
): Promise<AccountRole[] | Refusal> {
  return fetchAllPages(
    connection,
    () => undefined,
    async (nextToken, options) => {
      const answer = await client(connection).send(
        new ListAccountRolesCommand({
          accessToken,
          accountId,
          maxResults: PAGE_SIZE,
          ...nextToken,
        }),
        options,
      );
      const items = (answer.roleList ?? []).flatMap(({ roleName }) =>
        roleName === undefined || roleName === "" ? [] : [{ accountId, roleName }],
      );
      return { items, nextToken: readText(answer.nextToken) };
    },
  );
}

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

/** Every page; an empty page in the middle is legal, the same page token twice is a loop. */
async function fetchAllPages<Item>(
  connection: Connection,
  onPage: (count: number) => void,
  fetchPage: (nextToken: { nextToken?: string }, options: CallOptions) => Promise<Page<Item>>,
): Promise<Item[] | Refusal> {
  const host = hostName(connection, "The access portal");
  const items: Item[] = [];
  const seen = new Set<string>();
  let nextToken: string | undefined;
  do {
    const page = await callPortal(connection, host, (options) =>
      fetchPage(nextToken === undefined ? {} : { nextToken }, options),
    );
    if (isRefusal(page)) return page;
    items.push(...page.items);
    onPage(items.length);
    nextToken = page.nextToken;
    if (nextToken !== undefined && seen.has(nextToken))
      throw new LatchkeyError(
        "BAD_RESPONSE",
        `${host} gave the same page twice: the list would never end.`,
        { hint: "Try again in a minute." },
      );
    if (nextToken !== undefined) seen.add(nextToken);
  } while (nextToken !== undefined);
  return items;
}

export async function fetchRoleCredentials(
  connection: Connection,
  accessToken: string,
  accountId: string,
  roleName: string,
): Promise<RoleCredentials | Refusal> {
  const host = hostName(connection, "The access portal");
  const answer = await callPortal(connection, host, (options) =>
    client(connection).send(
      new GetRoleCredentialsCommand({ accessToken, accountId, roleName }),
      options,
    ),
  );
  if (isRefusal(answer)) return answer;
  const accessKeyId = readVisibleAscii(answer.roleCredentials?.accessKeyId, 128);
  const secretAccessKey = readVisibleAscii(answer.roleCredentials?.secretAccessKey, 256);
  const sessionToken = readVisibleAscii(answer.roleCredentials?.sessionToken, 6144);
  const expiration = toInstant(answer.roleCredentials?.expiration ?? 0);
  if (
    accessKeyId === undefined ||
    secretAccessKey === undefined ||
    sessionToken === undefined ||
    expiration === undefined
  ) {
    throw new LatchkeyError("BAD_RESPONSE", `${host} answered without usable role credentials.`, {
      hint: "Try again; if it stays so, report it with --debug.",
    });
  }
  return { accessKeyId, secretAccessKey, sessionToken, expiration };
}

/** The cheapest question that needs a good token: one account of the list. */
export async function isTokenAccepted(
  connection: Connection,
  accessToken: string,
): Promise<boolean> {
  const host = hostName(connection, "The access portal");
  const answer = await callPortal(connection, host, (options) =>
    client(connection).send(new ListAccountsCommand({ accessToken, maxResults: 1 }), options),
  );
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
  await callPortal(connection, hostName(connection, "The access portal"), (options) =>
    client(connection).send(new LogoutCommand({ accessToken }), options),
  );
}

function isRefusal(answer: unknown): answer is Refusal {
  return answer === "unauthorized" || answer === "forbidden";
}

/**
 * The answer, or the refusal that it is. Forbidden is not in the service's model and has no class: told by status.
 * A 404 is an account that the organisation does not have, which is for the caller the same as one without access.
 */
async function callPortal<T>(
  connection: Connection,
  host: string,
  call: (options: CallOptions) => Promise<T>,
): Promise<T | Refusal> {
  try {
    return await send(connection, host, call);
  } catch (thrown) {
    if (thrown instanceof LatchkeyError) throw thrown;
    const { status, type } = describeFailure(thrown);
    if (status === 401) return "unauthorized";
    if (status === 403 || status === 404) return "forbidden";
    if (status === undefined) throw thrown;
    throw new LatchkeyError(
      "BAD_RESPONSE",
      `${host} refused the request (${type}, HTTP ${status}).`,
      { hint: "Run it again with --debug and report what it prints.", cause: thrown },
    );
  }
}
