import { dirname } from "node:path";
import type { Account, AccountRole } from "../domain/access-listing.ts";
import { formatInstant } from "../domain/instant.ts";
import type { PlainRecord } from "../domain/narrow.ts";
import { accountsIn, readListing, rolesIn } from "./access-listing.ts";
import { accessListingPath, roleListingPath } from "./paths.ts";
import { replaceFile } from "./replace-file.ts";
import { ensurePrivateDirectory } from "./safe-file.ts";

/** What was listed last, per session: so that an account can be called by its name without asking again. */

export function saveAccounts(home: string, sessionKey: string, accounts: readonly Account[], now: Date): void {
  save(accessListingPath(home, sessionKey), { accounts }, now);
}

/** Replaces the roles of the accounts that were asked about; those of others stay as they were listed. */
export function saveRoles(home: string, sessionKey: string, accountIds: readonly string[], roles: readonly AccountRole[], now: Date): void {
  const path = roleListingPath(home, sessionKey);
  const asked = new Set(accountIds);
  const others = rolesIn(readListing(path)).filter(({ accountId }) => !asked.has(accountId));
  save(path, { roles: [...others, ...roles] }, now);
}

function save(path: string, listing: PlainRecord, now: Date): void {
  ensurePrivateDirectory(dirname(path));
  replaceFile(path, `${JSON.stringify({ version: 1, listedAt: formatInstant(now), ...listing })}\n`, { mode: 0o600 });
}

/** The name that an account had in the last listing, or undefined. */
export function knownAccountName(home: string, sessionKey: string, accountId: string): string | undefined {
  return accountsIn(readListing(accessListingPath(home, sessionKey))).find((account) => account.accountId === accountId)?.accountName;
}
