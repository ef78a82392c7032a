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

/** The roles that are known without asking the service: each session's kept listing, of its present sign-in alone. */

export interface SessionListing {
  readonly session: SsoSession;
  /** undefined: this sign-in has listed nothing yet. */
  readonly listing: KeptListing<AccountRoles> | undefined;
}

/** @param named the one session that a flag names; undefined: every session of the config. */
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

/** Which sign-in a token is of, its file says without the keychain. */
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

/** With the names of their accounts, which are read from every session's listing. */
export function nameAccounts(
  context: Context,
  profiles: readonly ProfileSummary[],
): NamedProfile[] {
  const findAccountName = createAccountNames(context);
  return profiles.map((row) => ({ ...row, accountName: findAccountName(row) }));
}

/** The flags that name a role exactly. */
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
