import { join } from "node:path";
import type { Account, AccountRole } from "../model/account.ts";
import { isExpectedFailure } from "../errors.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { listDirectories, readCacheJson } from "../fs/read.ts";
import type { PlainRecord } from "../text/json.ts";
import { parseAccount, parseAccountRoles, parseItems } from "./kept-format.ts";

/** Names out of the kept listings, whoever listed them: all that a completion needs, so it imports nothing that writes. */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** What one session may use as listed last, or every session together. */
export function readKnownAccess(
  home: string,
  sessionKey: string | undefined,
): { accounts: Account[]; roles: AccountRole[] } {
  const directories =
    sessionKey === undefined
      ? listDirectories(accessRoot(home))
      : [accessDirectory(home, sessionKey)];
  const readAll = <Item>(
    file: string,
    parseItem: (entry: PlainRecord) => Item | undefined,
  ): Item[] => directories.flatMap((directory) => readItems(join(directory, file), parseItem));
  return {
    accounts: readAll("accounts.json", parseAccount),
    roles: readAll("roles.json", parseAccountRoles).flatMap(({ accountId, roleNames }) =>
      roleNames.map((roleName) => ({ accountId, roleName })),
    ),
  };
}

/** The name that an account had in the last listing, whoever made it: names are the organisation's. */
export function findAccountName(
  home: string,
  sessionKey: string | undefined,
  accountId: string,
): string | undefined {
  return readKnownAccess(home, sessionKey).accounts.find(
    (account) => account.accountId === accountId,
  )?.accountName;
}

/** None where there is no listing of this version, or where something else stands in its place. */
function readItems<Item>(
  path: string,
  parseItem: (entry: PlainRecord) => Item | undefined,
): readonly Item[] {
  try {
    return parseItems(readCacheJson(path, MAX_LISTING_BYTES), parseItem) ?? [];
  } catch (thrown) {
    if (isExpectedFailure(thrown)) return [];
    throw thrown;
  }
}
