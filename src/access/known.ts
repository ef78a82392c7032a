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

/** Names out of the kept listings, whoever listed them: all that a completion needs, so it imports nothing that writes. */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** The text of a listing's file in a session's folder; none where something else stands in its place. */
export function readListingText(directory: string, file: string): string {
  const path = join(directory, file);
  return ignoreExpected(() => readCacheText(path, MAX_LISTING_BYTES)) ?? "";
}

/** What one session may use as listed last, or every session together. */
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

/** The accounts with their roles that a session listed last. */
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
 * The name that an account had in the last listing, whoever made it: names are the organisation's.
 * @param session by its label; undefined: of any session.
 */
export function findAccountName(
  home: string,
  session: string | undefined,
  accountId: string,
): string | undefined {
  const { accounts } = readKnownAccess(home, session && tokenCacheKey(session));
  return accounts.find((account) => account.accountId === accountId)?.accountName;
}
