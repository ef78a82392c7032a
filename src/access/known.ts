import { join } from "node:path";
import type { Account, AccountRole } from "../model/account.ts";
import { tokenCacheKey } from "../model/sso-session.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { ignoreExpected, listDirectories, readCacheText } from "../fs/read.ts";
import { parseJson, toRecord } from "../text/json.ts";
import {
  ACCOUNTS,
  parseEntries,
  ROLES,
  type AccountRoles,
  type ListingKind,
} from "./kept-format.ts";

/**
 * Reads names from the stored listings, regardless of their owner. Completion needs only this module, so it imports
 * nothing that writes.
 */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** Returns the text of a listing's file in a session's folder, or "" if it can't be read. */
export function readListingText(directory: string, file: string): string {
  const path = join(directory, file);
  return ignoreExpected(() => readCacheText(path, MAX_LISTING_BYTES)) ?? "";
}

/**
 * Returns the accounts and roles of one session's last listing, or of all sessions' last listings if no session is
 * given.
 */
export function readKnownAccess(
  home: string,
  sessionKey: string | undefined,
): { accounts: Account[]; roles: AccountRole[] } {
  const directories =
    sessionKey === undefined
      ? listDirectories(accessRoot(home))
      : [accessDirectory(home, sessionKey)];
  const readAll = <Entry extends Account, Item>(kind: ListingKind<Entry, Item>): Entry[] =>
    directories.flatMap((directory) => readEntries(directory, kind));
  return {
    accounts: readAll(ACCOUNTS),
    roles: readAll(ROLES).flatMap(({ accountId, roleNames }) =>
      roleNames.map((roleName) => ({ accountId, roleName })),
    ),
  };
}

/** Returns the accounts and roles of a session's last listing. */
export function readKnownRoles(home: string, sessionKey: string): AccountRoles[] {
  return readEntries(accessDirectory(home, sessionKey), ROLES);
}

function readEntries<Entry extends Account, Item>(
  directory: string,
  kind: ListingKind<Entry, Item>,
): Entry[] {
  const stored = parseJson(readListingText(directory, `${kind.name}.json`));
  return parseEntries(toRecord(stored), kind) ?? [];
}

/**
 * Returns an account's name from the last listing, regardless of its owner: names do not depend on the user.
 * @param session its label; undefined means any session
 */
export function findAccountName(
  home: string,
  session: string | undefined,
  accountId: string,
): string | undefined {
  const { accounts } = readKnownAccess(home, session && tokenCacheKey(session));
  return accounts.find((account) => account.accountId === accountId)?.accountName;
}
