import type { Context } from "../context.ts";
import {
  changesBetween,
  type AccessChanges,
  type Account,
  type RoleInAccount,
} from "../model/account.ts";
import type { AccessToken } from "../model/access-token.ts";
import type { AccountRoles, Kept, ListingOwner } from "./kept-format.ts";
import { keptWords } from "./text.ts";
import {
  sessionCacheKey,
  sessionLabel,
  sessionFlagsText,
  type SsoSession,
} from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { keepAccounts, keepRoles, keptAccounts, keptRoles, removeParts } from "./kept-files.ts";
import { notice } from "../terminal/notice.ts";
import { storedToken } from "../token/open.ts";
import { signInRequired } from "../token/token.ts";
import { signInOf } from "../token/sign-in-trace.ts";

/** Listings of this sign-in, kept so that they can be read without the service and compared with the next (decision 9). */

export interface Listing<Item> {
  readonly items: readonly Item[];
  readonly listedAt: Date;
  /** undefined where nothing was asked of the service, or where this sign-in has listed nothing before. */
  readonly changes: AccessChanges<Item> | undefined;
}

export function ownerOf(context: Context, session: SsoSession, token: AccessToken): ListingOwner {
  return {
    startUrl: session.startUrl,
    region: session.region,
    trace: signInOf(context.home, sessionCacheKey(session), token),
  };
}

/** @throws LatchkeyError SIGN_IN_REQUIRED without a token, however old, that says whose listing may be shown; NOT_FOUND */
export async function keptAccountListing(
  context: Context,
  session: SsoSession,
): Promise<Listing<Account>> {
  const kept = keptAccounts(
    context.home,
    sessionCacheKey(session),
    await presentOwner(context, session),
  );
  if (kept === undefined) throw nothingKept(session, "accounts");
  notice(context, keptWords(kept.listedAt, context.now()));
  return { items: kept.accounts, listedAt: kept.listedAt, changes: undefined };
}

/** The same for all roles. */
export async function keptRoleListing(
  context: Context,
  session: SsoSession,
): Promise<Kept<AccountRoles>> {
  const kept = keptRoles(
    context.home,
    sessionCacheKey(session),
    await presentOwner(context, session),
  );
  if (kept === undefined) throw nothingKept(session, "roles");
  notice(context, keptWords(kept.listedAt, context.now()));
  return kept;
}

/** An expired token tells as well as a good one whose listing it is. */
async function presentOwner(context: Context, session: SsoSession): Promise<ListingOwner> {
  const token = await storedToken(context, session);
  if (token === undefined) throw signInRequired(session, "has no token on this machine");
  return ownerOf(context, session, token);
}

function nothingKept(session: SsoSession, what: "accounts" | "roles"): LatchkeyError {
  return new LatchkeyError(
    "NOT_FOUND",
    `No listing of ${what} is kept from this sign-in to ${sessionLabel(session)}.`,
    { hint: `List them once: latchkey ${what} ${sessionFlagsText(session)}` },
  );
}

/** Keeps a whole listing of accounts; compared with the one before. */
export async function accountsListed(
  context: Context,
  session: SsoSession,
  owner: ListingOwner,
  kept: Kept<Account>,
): Promise<Listing<Account>> {
  const { home } = context;
  const key = sessionCacheKey(session);
  const before = keptAccounts(home, key, owner);
  if (await isStillSignedIn(context, session, owner)) keepAccounts(home, key, owner, kept);
  const changes =
    before === undefined
      ? undefined
      : changesBetween(
          before.listedAt,
          before.accounts,
          kept.accounts,
          ({ accountId }) => accountId,
        );
  return { items: kept.accounts, listedAt: kept.listedAt, changes };
}

/** The same for all roles; the parts from which the listing was made go. */
export async function rolesListed(
  context: Context,
  session: SsoSession,
  owner: ListingOwner,
  kept: Kept<AccountRoles>,
): Promise<Listing<RoleInAccount>> {
  const { home } = context;
  const key = sessionCacheKey(session);
  const before = keptRoles(home, key, owner);
  if (await isStillSignedIn(context, session, owner)) {
    keepRoles(home, key, owner, kept);
    keepAccounts(home, key, owner, {
      ...kept,
      accounts: kept.accounts.map(({ roleNames: _roleNames, ...account }) => account),
    });
  }
  removeParts(home, key);
  const items = rolesIn(kept);
  const identityOf = ({ account, roleName }: RoleInAccount): string =>
    `${account.accountId}/${roleName}`;
  return {
    items,
    listedAt: kept.listedAt,
    changes:
      before === undefined
        ? undefined
        : changesBetween(before.listedAt, rolesIn(before), items, identityOf),
  };
}

export function rolesIn({ accounts }: Kept<AccountRoles>): RoleInAccount[] {
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
  const token = await storedToken(context, session);
  return (
    token !== undefined && ownerOf(context, session, token).trace.signIn === owner.trace.signIn
  );
}
