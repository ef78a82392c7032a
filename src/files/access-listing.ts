import type { Account, AccountRole } from "../domain/access-listing.ts";
import { isRecord, parseJson, textOrUndefined, type PlainRecord } from "../domain/narrow.ts";
import { accessListingPath, accessDirectory, roleListingPath } from "./paths.ts";
import { listFiles, readIfPresent } from "./safe-file.ts";

/** The reading side of the kept listings: all that a completion needs, so it imports nothing that writes. */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** The listing in a file, or an empty record where there is none of this version. */
export function readListing(path: string): PlainRecord {
  const bytes = readIfPresent(path, MAX_LISTING_BYTES);
  const stored = bytes === undefined ? undefined : parseJson(bytes.toString("utf8"));
  return isRecord(stored) && stored["version"] === 1 ? stored : {};
}

export function accountsIn(listing: PlainRecord): Account[] {
  return entries(listing["accounts"]).flatMap((entry) => {
    const accountId = textOrUndefined(entry["accountId"]);
    return accountId === undefined ? [] : [{ accountId, accountName: textOrUndefined(entry["accountName"]), emailAddress: textOrUndefined(entry["emailAddress"]) }];
  });
}

export function rolesIn(listing: PlainRecord): AccountRole[] {
  return entries(listing["roles"]).flatMap((entry) => {
    const [accountId, roleName] = [textOrUndefined(entry["accountId"]), textOrUndefined(entry["roleName"])];
    return accountId === undefined || roleName === undefined ? [] : [{ accountId, roleName }];
  });
}

function entries(value: unknown): PlainRecord[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

/** What one session may use as listed last, or every session together. */
export function knownAccess(home: string, sessionKey: string | undefined): { accounts: Account[]; roles: AccountRole[] } {
  const paths = sessionKey === undefined ? listFiles(accessDirectory(home)).filter((path) => path.endsWith(".json")) : [accessListingPath(home, sessionKey), roleListingPath(home, sessionKey)];
  const listings = paths.map(readListing);
  return { accounts: listings.flatMap(accountsIn), roles: listings.flatMap(rolesIn) };
}
