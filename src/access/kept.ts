import type { Context } from "../context.ts";
import {
  findChanges,
  type AccessChanges,
  type Account,
  type RoleInAccount,
} from "../model/account.ts";
import type { AccessToken } from "../model/access-token.ts";
import type { AccountRoles, KeptListing, ListingOwner } from "./kept-format.ts";
import { listingAgeText } from "./text.ts";
import {
  sessionCacheKey,
  sessionLabel,
  sessionFlagsText,
  type SsoSession,
} from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import {
  writeKeptAccounts,
  writeKeptRoles,
  readKeptAccounts,
  readKeptRoles,
  removeParts,
} from "./kept-files.ts";
import { notice } from "../terminal/notice.ts";
import { readStoredToken } from "../token/choose-storage.ts";
import { signInRequired } from "../token/token.ts";
import { findSignIn } from "../token/sign-in-trace.ts";

/** Listings of this sign-in, kept so that they can be read without the service and compared with the next (decision 9). */

export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly listedAt: Date;
  /** undefined where nothing was asked of the service, or where this sign-in has listed nothing before. */
  readonly changes: AccessChanges<Item> | undefined;
}

export function listingOwner(
  context: Context,
  session: SsoSession,
  token: AccessToken,
): ListingOwner {
  return {
    startUrl: session.startUrl,
    region: session.region,
    trace: findSignIn(context.home, sessionCacheKey(session), token),
  };
}

/** @throws LatchkeyError SIGN_IN_REQUIRED without a token, however old, that says whose listing may be shown; NOT_FOUND */
export async function readAccountListing(
  context: Context,
  session: SsoSession,
): Promise<Listing<Account>> {
  const kept = readKeptAccounts(
    context.home,
    sessionCacheKey(session),
    await requireOwner(context, session),
  );
  if (kept === undefined) throw noListingError(session, "accounts");
  notice(context, listingAgeText(kept.listedAt, context.now()));
  return { items: kept.accounts, listedAt: kept.listedAt, changes: undefined };
}

/** The same for all roles. */
export async function readRoleListing(
  context: Context,
  session: SsoSession,
): Promise<KeptListing<AccountRoles>> {
  const kept = readKeptRoles(
    context.home,
    sessionCacheKey(session),
    await requireOwner(context, session),
  );
  if (kept === undefined) throw noListingError(session, "roles");
  notice(context, listingAgeText(kept.listedAt, context.now()));
  return kept;
}

/** An expired token tells as well as a good one whose listing it is. */
async function requireOwner(context: Context, session: SsoSession): Promise<ListingOwner> {
  const token = await readStoredToken(context, session);
  if (token === undefined) throw signInRequired(session, "has no token on this machine");
  return listingOwner(context, session, token);
}

function noListingError(session: SsoSession, what: "accounts" | "roles"): LatchkeyError {
  return new LatchkeyError(
    "NOT_FOUND",
    `No listing of ${what} is kept from this sign-in to ${sessionLabel(session)}.`,
    { hint: `List them once: latchkey ${what} ${sessionFlagsText(session)}` },
  );
}

/** Keeps a whole listing of accounts; compared with the one before. */
export async function writeAccountListing(
  context: Context,
  session: SsoSession,
  owner: ListingOwner,
  kept: KeptListing<Account>,
): Promise<Listing<Account>> {
  const { home } = context;
  const key = sessionCacheKey(session);
  const before = readKeptAccounts(home, key, owner);
  if (await isStillSignedIn(context, session, owner)) writeKeptAccounts(home, key, owner, kept);
  const changes =
    before === undefined
      ? undefined
      : findChanges(before.listedAt, before.accounts, kept.accounts, ({ accountId }) => accountId);
  return { items: kept.accounts, listedAt: kept.listedAt, changes };
}

/** The same for all roles; the parts from which the listing was made go. */
export async function writeRoleListing(
  context: Context,
  session: SsoSession,
  owner: ListingOwner,
  kept: KeptListing<AccountRoles>,
): Promise<Listing<RoleInAccount>> {
  const { home } = context;
  const key = sessionCacheKey(session);
  const before = readKeptRoles(home, key, owner);
  if (await isStillSignedIn(context, session, owner)) {
    writeKeptRoles(home, key, owner, kept);
    writeKeptAccounts(home, key, owner, {
      ...kept,
      accounts: kept.accounts.map(({ roleNames: _roleNames, ...account }) => account),
    });
  }
  removeParts(home, key);
  const items = flattenRoles(kept);
  const toIdentity = ({ account, roleName }: RoleInAccount): string =>
    `${account.accountId}/${roleName}`;
  return {
    items,
    listedAt: kept.listedAt,
    changes:
      before === undefined
        ? undefined
        : findChanges(before.listedAt, flattenRoles(before), items, toIdentity),
  };
}

export function flattenRoles({ accounts }: KeptListing<AccountRoles>): RoleInAccount[] {
  return accounts.flatMap(({ roleNames, ...account }) =>
    roleNames.map((roleName) => ({ account, roleName })),
  );
}

/** Somebody else may have signed in while a listing was made: a part of it is theirs then, and nothing of it is kept. */
async function isStillSignedIn(
  context: Context,
  session: SsoSession,
  owner: ListingOwner,
): Promise<boolean> {
  const token = await readStoredToken(context, session);
  return (
    token !== undefined && listingOwner(context, session, token).trace.signIn === owner.trace.signIn
  );
}
