import type { Context } from "../context.ts";
import {
  accountLabel,
  matchAccount,
  sortAccounts,
  sortRoles,
  type Account,
  type AccountRole,
  type RoleInAccount,
} from "../model/account.ts";
import { closestMatches } from "../text/terminal.ts";
import { isAccountId } from "../model/role.ts";
import type { SsoSession } from "../model/sso-session.ts";
import { LatchkeyError, usageError } from "../errors.ts";
import type { Connection } from "../aws/send.ts";
import { crawlRoles, type Progress } from "./crawl.ts";
import { createConnection } from "../aws/connection.ts";
import {
  writeAccountListing,
  readAccountListing,
  readRoleListing,
  listingOwner,
  flattenRoles,
  writeRoleListing,
  type Listing,
} from "./kept.ts";
import { createListingPace } from "./rate.ts";
import { accessToken, callWithToken } from "../token/token.ts";

/** Accounts and roles that this session may use, at a pace that the service bears, or as they were listed last. */

interface ListingOptions {
  /** What was listed last by this sign-in, without asking the service. */
  readonly cached?: boolean;
  readonly progress?: Progress | undefined;
}

const ignoreProgress: Progress = () => undefined;

export async function listAllAccounts(
  context: Context,
  session: SsoSession,
  progress: Progress,
): Promise<readonly Account[]> {
  return (await listAccounts(context, session, { progress })).items;
}

/** All accounts, sorted; where this sign-in has listed them before, with what came and went. */
export async function listAccounts(
  context: Context,
  session: SsoSession,
  { cached = false, progress = ignoreProgress }: ListingOptions,
): Promise<Listing<Account>> {
  if (cached) return readAccountListing(context, session);
  const owner = listingOwner(context, session, await accessToken(context, session));
  const listedAt = context.now();
  return writeAccountListing(context, session, owner, {
    listedAt,
    accounts: await fetchAccounts(
      context,
      session,
      createListingConnection(context, session),
      progress,
    ),
  });
}

/**
 * The roles of one account (id, name, or unique part of a name), or of all with what came and went. Sorted by account,
 * then by role. A listing of all that was interrupted within the hour is taken up again; one that fails in the middle
 * gives nothing.
 */
export async function listRoles(
  context: Context,
  session: SsoSession,
  options: ListingOptions & { readonly wanted?: string | undefined },
): Promise<Listing<RoleInAccount>> {
  const { wanted, cached = false, progress = ignoreProgress } = options;
  if (cached) return readKeptRolesOf(context, session, wanted);
  if (wanted !== undefined) return fetchRolesOfOne(context, session, wanted, progress);
  const connection = createListingConnection(context, session);
  const owner = listingOwner(context, session, await accessToken(context, session));
  const questions = {
    fetchAccounts: () => fetchAccounts(context, session, connection, progress),
    fetchRoleNames: async (accountId: string) =>
      (await fetchRoles(context, session, connection, accountId)).map(({ roleName }) => roleName),
  };
  return writeRoleListing(
    context,
    session,
    owner,
    await crawlRoles(context, { session, owner, questions, progress }),
  );
}

async function readKeptRolesOf(
  context: Context,
  session: SsoSession,
  wanted: string | undefined,
): Promise<Listing<RoleInAccount>> {
  const kept = await readRoleListing(context, session);
  const roles = flattenRoles(kept);
  const only =
    wanted === undefined ? undefined : requireAccount(kept.accounts, wanted, session).accountId;
  return {
    items: roles.filter(({ account }) => only === undefined || account.accountId === only),
    listedAt: kept.listedAt,
    changes: undefined,
  };
}

async function fetchRolesOfOne(
  context: Context,
  session: SsoSession,
  wanted: string,
  progress: Progress,
): Promise<Listing<RoleInAccount>> {
  const { items: accounts, listedAt } = await listAccounts(context, session, { progress });
  const account = requireAccount(accounts, wanted, session);
  const roles = await listRolesOfAccount(context, session, account.accountId);
  return {
    items: roles.map(({ roleName }) => ({ account, roleName })),
    listedAt,
    changes: undefined,
  };
}

/** The roles of one account by its id, sorted; none where the session may not see it. */
export async function listRolesOfAccount(
  context: Context,
  session: SsoSession,
  accountId: string,
): Promise<AccountRole[]> {
  return fetchRoles(context, session, createConnection(context, "SSO", session), accountId);
}

/** One connection for a whole listing: all its requests follow one pace, and its sockets are used again. */
function createListingConnection(context: Context, session: SsoSession): Connection {
  return { ...createConnection(context, "SSO", session), pace: createListingPace(context) };
}

async function fetchAccounts(
  context: Context,
  session: SsoSession,
  connection: Connection,
  progress: Progress,
): Promise<Account[]> {
  const portal = await import("../aws/portal.ts");
  const accounts = await callWithToken(context, session, {}, (token) =>
    portal.listAccounts(connection, token, (count) => progress(count, undefined)),
  );
  if (accounts === "forbidden") throw noAccessError(session);
  return sortAccounts(accounts);
}

async function fetchRoles(
  context: Context,
  session: SsoSession,
  connection: Connection,
  accountId: string,
): Promise<AccountRole[]> {
  const portal = await import("../aws/portal.ts");
  const roles = await callWithToken(context, session, {}, (token) =>
    portal.listAccountRoles(connection, token, accountId),
  );
  return roles === "forbidden" ? [] : sortRoles(roles);
}

/** The one account that `wanted` means; several are listed (exit 2), none names the nearest (exit 5). */
function requireAccount(
  accounts: readonly Account[],
  wanted: string,
  session: SsoSession,
): Account {
  const match = matchAccount(accounts, wanted);
  if (match.kind === "one") return match.account;
  if (match.kind === "several") {
    throw usageError(
      `"${wanted}" fits ${match.accounts.length} accounts: ${match.accounts.slice(0, 5).map(accountLabel).join("; ")}.`,
      "Name one by its 12-digit id.",
    );
  }
  const names = accounts.flatMap(({ accountName }) => accountName ?? []);
  const close = isAccountId(wanted) ? [] : closestMatches(wanted, names);
  throw new LatchkeyError(
    "NOT_FOUND",
    `No account ${isAccountId(wanted) ? wanted : `"${wanted}"`} among the ${accounts.length} that ${session.name ?? session.startUrl} may use.`,
    {
      hint:
        close.length > 0 ? `The nearest: ${close.join(", ")}` : "See them all: latchkey accounts",
    },
  );
}

function noAccessError(session: SsoSession): LatchkeyError {
  return new LatchkeyError(
    "ACCESS_DENIED",
    `${session.name ?? session.startUrl} may not list accounts.`,
    {
      hint: "The session's sso_registration_scopes must include sso:account:access; mend that, then sign in again.",
    },
  );
}
