import type { Context } from "../context.ts";
import {
  accountLabel,
  matchAccounts,
  sortAccounts,
  sortRoles,
  type Account,
  type AccountRole,
  type RoleInAccount,
} from "../model/account.ts";
import type { Narrowed } from "../text/answer.ts";
import { closestMatches, containsWords } from "../text/terminal.ts";
import { isAccountId } from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError, usageError } from "../errors.ts";
import type { Connection } from "../aws/send.ts";
import { createConnection } from "../aws/connection.ts";
import type { TokenRequest } from "../token/store.ts";
import { accessToken, callWithToken, openTokenRequest } from "../token/token.ts";
import { crawlRoles, type Progress } from "./crawl.ts";
import { recordAccess } from "./history/store.ts";
import { keepListing, openShelf, readListing, type Listing, type Shelf } from "./kept.ts";
import { ACCOUNTS, ROLES, type KeptListing, type ListingKind } from "./kept-format.ts";
import { removeParts } from "./parts.ts";
import { createListingPace } from "./rate.ts";
import { formatLeftOut } from "./text.ts";
import { notice } from "../terminal/notice.ts";

/**
 * Lists the accounts and roles that a session may use, at a rate that the service accepts, or reads the last listing.
 */

interface ListingOptions {
  /** Whether to read this sign-in's last listing instead of asking the service. */
  readonly cached?: boolean;
  readonly progress?: Progress | undefined;
}

/** Shared by all requests of one listing. */
interface ListingRun {
  readonly request: TokenRequest;
  readonly connection: Connection;
  readonly progress: Progress;
}

/** Prepares a listing. All its requests share one pace and reuse the same sockets. */
async function startListing(
  context: Context,
  session: SsoSession,
  progress: Progress = () => undefined,
): Promise<ListingRun> {
  const connection = createConnection(context, "SSO", session);
  return {
    request: await openTokenRequest(context, session),
    connection: { ...connection, pace: createListingPace(context) },
    progress,
  };
}

/**
 * Returns all accounts, sorted. Includes what changed since this sign-in's last listing, if there was one. If words are
 * given, returns only the accounts that match all of them.
 * @throws LatchkeyError NOT_FOUND if no account matches the words
 */
export async function listAccounts(
  context: Context,
  session: SsoSession,
  options: ListingOptions & { readonly words?: readonly string[] },
): Promise<Listing<Account>> {
  const { words = [], cached = false, progress } = options;
  const run = await startListing(context, session, progress);
  const listing = cached
    ? await readKeptAccounts(context, run)
    : await fetchAccountListing(context, run);
  if (words.length === 0) return listing;
  const items = listing.items.filter((account) => containsWords(accountLabel(account), words));
  if (items.length === 0) throw createNoAccountError(listing.items, words.join(" "), session);
  return { ...listing, items, changes: undefined };
}

async function readKeptAccounts(
  context: Context,
  { request }: ListingRun,
): Promise<Listing<Account>> {
  const { accounts } = await readListing(context, request, ACCOUNTS);
  return { items: accounts, changes: undefined, isWhole: true };
}

async function fetchAccountListing(context: Context, run: ListingRun): Promise<Listing<Account>> {
  await accessToken(context, run.request);
  const shelf = openShelf(context, run.request);
  const listedAt = context.now();
  const { items: accounts, leftOut } = await fetchAccounts(context, run);
  return keepIfWhole(context, shelf, ACCOUNTS, { listedAt, accounts, leftOut });
}

/**
 * Stores a complete listing and compares it with the one before. An incomplete listing is only returned, with a notice.
 */
function keepIfWhole<Entry extends Account, Item>(
  context: Context,
  shelf: Shelf,
  kind: ListingKind<Entry, Item>,
  { leftOut, ...kept }: KeptListing<Entry> & { readonly leftOut: number },
): Listing<Item> {
  if (leftOut === 0) return keepListing(shelf, kind, kept);
  notice(context, formatLeftOut(leftOut));
  return { items: kind.toItems(kept.accounts), changes: undefined, isWhole: false };
}

/**
 * Returns the roles of one account (ID, name, or unique part of a name), or all roles with their changes. Sorted by
 * account, then by role. A listing of all roles that was interrupted within the last hour is resumed. A listing that
 * fails returns nothing.
 */
export async function listRoles(
  context: Context,
  session: SsoSession,
  options: ListingOptions & { readonly wanted?: string | undefined },
): Promise<Listing<RoleInAccount>> {
  const { wanted, cached = false, progress } = options;
  const run = await startListing(context, session, progress);
  if (cached) return readKeptRolesOf(context, run, wanted);
  if (wanted !== undefined) return fetchRolesOfOne(context, run, wanted);

  await accessToken(context, run.request);
  const shelf = openShelf(context, run.request);
  const crawled = await crawlRoles(context, {
    shelf,
    progress: run.progress,
    fetchAccounts: () => fetchAccounts(context, run),
    fetchRoleNames: async (accountId) => {
      const { items, leftOut } = await fetchRoles(context, run, accountId);
      return { items: items.map(({ roleName }) => roleName), leftOut };
    },
  });
  const { listedAt, accounts, leftOut } = crawled;
  const withoutRoles = accounts.map(({ roleNames: _roleNames, ...account }) => account);
  if (leftOut === 0) keepListing(shelf, ACCOUNTS, { listedAt, accounts: withoutRoles });
  const listing = keepIfWhole(context, shelf, ROLES, crawled);
  if (listing.isWhole) await recordAccess(context, run.request, shelf, crawled);
  removeParts(shelf);
  return listing;
}

async function readKeptRolesOf(
  context: Context,
  { request }: ListingRun,
  wanted: string | undefined,
): Promise<Listing<RoleInAccount>> {
  const { accounts } = await readListing(context, request, ROLES);
  const shown =
    wanted === undefined ? accounts : [requireAccount(accounts, wanted, request.session)];
  return { items: ROLES.toItems(shown), changes: undefined, isWhole: true };
}

async function fetchRolesOfOne(
  context: Context,
  run: ListingRun,
  wanted: string,
): Promise<Listing<RoleInAccount>> {
  const { items: accounts } = await fetchAccountListing(context, run);
  const account = requireAccount(accounts, wanted, run.request.session);
  const roles = await fetchRoles(context, run, account.accountId);
  const { leftOut, items } = roles;
  if (leftOut > 0) notice(context, formatLeftOut(leftOut));
  const held = items.map(({ roleName }) => ({ account, roleName }));
  return { items: held, changes: undefined, isWhole: leftOut === 0 };
}

/** Returns the sorted roles of one account by its ID. Empty if the session has no access to it. */
export async function listRolesOfAccount(
  context: Context,
  session: SsoSession,
  accountId: string,
): Promise<readonly AccountRole[]> {
  return (await fetchRoles(context, await startListing(context, session), accountId)).items;
}

async function fetchAccounts(
  context: Context,
  { request, connection, progress }: ListingRun,
): Promise<Narrowed<Account>> {
  const portal = await import("../aws/portal.ts");
  const accounts = await callWithToken(context, request, (token) =>
    portal.listAccounts(connection, token, (count) => progress(count, undefined)),
  );
  if (accounts.kind === "forbidden") throw noAccessError(request.session);
  return { ...accounts.value, items: sortAccounts(accounts.value.items) };
}

async function fetchRoles(
  context: Context,
  { request, connection }: ListingRun,
  accountId: string,
): Promise<Narrowed<AccountRole>> {
  const portal = await import("../aws/portal.ts");
  const roles = await callWithToken(context, request, (token) =>
    portal.listAccountRoles(connection, token, accountId),
  );
  // The account is in the list of accounts, so a refusal does not mean that it has no roles.
  if (roles.kind === "forbidden") return { items: [], leftOut: 1 };
  return { ...roles.value, items: sortRoles(roles.value.items) };
}

/**
 * Returns the only account that matches `wanted`. @throws LatchkeyError USAGE with the matches if there are several;
 * NOT_FOUND with the nearest names
 */
function requireAccount<Entry extends Account>(
  accounts: readonly Entry[],
  wanted: string,
  session: SsoSession,
): Entry {
  const matches = matchAccounts(accounts, wanted);
  const [first] = matches;
  if (matches.length > 1) {
    const named = matches.slice(0, 5).map(accountLabel).join("; ");
    throw usageError(
      `"${wanted}" fits ${matches.length} accounts: ${named}.`,
      "Name one by its 12-digit id.",
    );
  }
  if (first !== undefined) return first;
  throw createNoAccountError(accounts, wanted, session);
}

/** Returns a NOT_FOUND error with the nearest names, or else with some of the accounts. */
export function createNoAccountError(
  accounts: readonly Account[],
  wanted: string,
  session: SsoSession,
): LatchkeyError {
  const names = accounts.flatMap(({ accountName }) => accountName ?? []);
  const close = isAccountId(wanted) ? [] : closestMatches(wanted, names);
  return new LatchkeyError(
    "NOT_FOUND",
    `No account ${isAccountId(wanted) ? wanted : `"${wanted}"`} among the ${accounts.length} that ${sessionLabel(session)} may use.`,
    { hint: close.length > 0 ? `The nearest: ${close.join(", ")}` : describeSome(accounts) },
  );
}

const MOST_DESCRIBED = 5;

function describeSome(accounts: readonly Account[]): string {
  const all = "See them all: latchkey accounts";
  const named = accounts.slice(0, MOST_DESCRIBED).map(nameAccount).join(", ");
  const rest = accounts.length - MOST_DESCRIBED;
  return named === "" ? all : `There are ${named}${rest > 0 ? ` and ${rest} more` : ""}. ${all}`;
}

function nameAccount({ accountId, accountName }: Account): string {
  return accountName === undefined ? accountId : `${accountName} (${accountId})`;
}

function noAccessError(session: SsoSession): LatchkeyError {
  return new LatchkeyError("ACCESS_DENIED", `${sessionLabel(session)} may not list accounts.`, {
    hint: "Add sso:account:access to the session's sso_registration_scopes, then sign in again.",
  });
}
