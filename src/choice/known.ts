import type { Context } from "../context.ts";
import { findKept } from "../access/kept.ts";
import { ROLES, type AccountRoles, type KeptListing } from "../access/kept-format.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { createAccountNames } from "../profiles/known.ts";
import { readSessions, type ConfigSource, type ProfileSummary } from "../profiles/profile.ts";
import type { RoleFlags } from "../profiles/select.ts";
import { findStorageKind, openSealedStore, openSharedStore } from "../token/open-store.ts";
import type { TokenStore } from "../token/store.ts";
import { toKnownRoles, type KnownRole, type NamedProfile } from "./entry.ts";

/**
 * The roles that are known without asking the service: from each session's stored listing, of its current sign-in only.
 */

export interface SessionListing {
  readonly session: SsoSession;
  /** Undefined if this sign-in has no listing yet. */
  readonly listing: KeptListing<AccountRoles> | undefined;
}

/**
 * Returns each session with its stored listing.
 * @param named the session that a flag names; undefined means all sessions
 */
export function readListings(
  context: Context,
  source: ConfigSource,
  named: string | undefined,
): SessionListing[] {
  const { sessions } = readSessions(source);
  const wanted = sessions.filter(
    (session) => named === undefined || sessionLabel(session) === named,
  );
  return wanted.map((session) => {
    const store = openUnread(context, session);
    return { session, listing: findKept(context, { session, store }, ROLES) };
  });
}

/** Opens the store without the keychain. That is enough to identify the token's sign-in. */
export function openUnread(context: Context, session: SsoSession): TokenStore {
  return findStorageKind(context, session.name) === "file"
    ? openSharedStore(context, session)
    : openSealedStore(context, session, undefined);
}

export function listKnownRoles(listings: readonly SessionListing[]): KnownRole[] {
  return listings.flatMap(({ session, listing }) =>
    toKnownRoles(sessionLabel(session), listing?.accounts ?? []),
  );
}

/** Adds the names of the profiles' accounts, from the listings of all sessions. */
export function nameAccounts(
  context: Context,
  profiles: readonly ProfileSummary[],
): NamedProfile[] {
  const findAccountName = createAccountNames(context);
  return profiles.map((row) => ({ ...row, accountName: findAccountName(row) }));
}

/** Returns the flags that name a role exactly. */
export function toRoleFlags(
  listings: ReadonlyArray<Pick<SessionListing, "session">>,
  { session: label, accountId, roleName }: Omit<KnownRole, "accountName">,
): RoleFlags {
  const found = listings.find(({ session }) => sessionLabel(session) === label)?.session;
  const named =
    found === undefined || found.name !== undefined
      ? { ssoSession: label }
      : { startUrl: found.startUrl, ssoRegion: found.region };
  return { ...named, accountId, roleName };
}
