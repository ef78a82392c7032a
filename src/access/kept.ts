import type { Context } from "../context.ts";
import {
  findChanges,
  type AccessChanges,
  type Account,
  type RoleInAccount,
} from "../model/account.ts";
import {
  sessionCacheKey,
  sessionLabel,
  sessionFlagsText,
  type SsoSession,
} from "../model/sso-session.ts";
import type { PlainRecord } from "../text/json.ts";
import { LatchkeyError } from "../errors.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { removeDirectory } from "../fs/read.ts";
import { notice } from "../terminal/notice.ts";
import { signInRequired } from "../token/decide.ts";
import { findSignInId, requireSignInId } from "../token/sign-in-id.ts";
import type { TokenRequest } from "../token/store.ts";
import { readKept, removeParts, writeKept, writeNames, type Shelf } from "./kept-files.ts";
import {
  parseAccount,
  parseAccountRoles,
  type AccountRoles,
  type KeptListing,
} from "./kept-format.ts";
import { readKnownAccess } from "./known.ts";
import { listingAgeText } from "./text.ts";

/** Listings of this sign-in, kept so that they can be read without the service and compared with the next (decision 9). */

export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly listedAt: Date;
  /** undefined where nothing was asked of the service, or where this sign-in has listed nothing before. */
  readonly changes: AccessChanges<Item> | undefined;
}

/** Where this sign-in keeps its listings. To be opened after the token was read, or refreshed. */
export function openShelf({ home }: Context, { session, store }: TokenRequest): Shelf {
  return toShelf(home, session, requireSignInId(home, session, store));
}

function toShelf(home: string, session: SsoSession, signInId: string): Shelf {
  const { startUrl, region } = session;
  return { home, session, owner: { startUrl, region, signInId } };
}

/** @throws LatchkeyError SIGN_IN_REQUIRED without a token, however old, that says whose listing may be shown; NOT_FOUND */
export async function readAccountListing(
  context: Context,
  request: TokenRequest,
): Promise<KeptListing<Account>> {
  return readListing(context, request, "accounts", parseAccount);
}

/** The same for all roles. */
export async function readRoleListing(
  context: Context,
  request: TokenRequest,
): Promise<KeptListing<AccountRoles>> {
  return readListing(context, request, "roles", parseAccountRoles);
}

async function readListing<Item>(
  context: Context,
  { session, store }: TokenRequest,
  what: "accounts" | "roles",
  parseItem: (entry: PlainRecord) => Item | undefined,
): Promise<KeptListing<Item>> {
  if ((await store.read()) === undefined)
    throw signInRequired(session, "has no token on this machine");
  const signInId = findSignInId(context.home, session, store);
  const kept =
    signInId === undefined
      ? undefined
      : readKept(toShelf(context.home, session, signInId), `${what}.json`, parseItem);
  if (kept === undefined)
    throw new LatchkeyError(
      "NOT_FOUND",
      `No listing of ${what} is kept from this sign-in to ${sessionLabel(session)}.`,
      { hint: `List them once: latchkey ${what} ${sessionFlagsText(session)}` },
    );
  notice(context, listingAgeText(kept.listedAt, context.now()));
  return kept;
}

/** Keeps a whole listing of accounts; compared with the one before. */
export function keepAccounts(
  request: TokenRequest,
  shelf: Shelf,
  kept: KeptListing<Account>,
): Listing<Account> {
  const before = readKept(shelf, "accounts.json", parseAccount);
  if (isStillSignedIn(request, shelf)) writeKept(shelf, "accounts.json", kept);
  const changes =
    before === undefined
      ? undefined
      : findChanges(before.listedAt, before.accounts, kept.accounts, ({ accountId }) => accountId);
  return { items: kept.accounts, listedAt: kept.listedAt, changes };
}

/** The same for all roles; the parts from which the listing was made go. */
export function keepRoles(
  request: TokenRequest,
  shelf: Shelf,
  kept: KeptListing<AccountRoles>,
): Listing<RoleInAccount> {
  const before = readKept(shelf, "roles.json", parseAccountRoles);
  if (isStillSignedIn(request, shelf)) {
    const accounts = kept.accounts.map(({ roleNames: _roleNames, ...account }) => account);
    writeKept(shelf, "roles.json", kept);
    writeKept(shelf, "accounts.json", { ...kept, accounts });
  }
  removeParts(shelf);
  const items = flattenRoles(kept);
  const toIdentity = ({ account, roleName }: RoleInAccount): string =>
    `${account.accountId}/${roleName}`;
  const changes =
    before === undefined
      ? undefined
      : findChanges(before.listedAt, flattenRoles(before), items, toIdentity);
  return { items, listedAt: kept.listedAt, changes };
}

export function flattenRoles({ accounts }: KeptListing<AccountRoles>): RoleInAccount[] {
  return accounts.flatMap(({ roleNames, ...account }) =>
    roleNames.map((roleName) => ({ account, roleName })),
  );
}

/** Somebody else may have signed in while a listing was made: a part of it is theirs then, and nothing of it is kept. */
function isStillSignedIn({ session, store }: TokenRequest, { home, owner }: Shelf): boolean {
  return findSignInId(home, session, store) === owner.signInId;
}

/** At a login, which may be another person's: of the listings only the names of accounts stay. */
export function endListings(home: string, session: SsoSession): void {
  const { accounts } = readKnownAccess(home, sessionCacheKey(session));
  removeKeptListings(home, session);
  if (accounts.length > 0) writeNames(home, session, accounts);
}

/** At a logout. @returns the files that went. */
export function removeKeptListings(home: string, session: SsoSession): string[] {
  return removeDirectory(accessDirectory(home, sessionCacheKey(session)));
}

/** Also those of sessions that the config no longer has. */
export function removeAllKeptListings(home: string): void {
  removeDirectory(accessRoot(home));
}
