import { dirname } from "node:path";
import type { Account } from "../domain/access-listing.ts";
import { formatInstant } from "../domain/instant.ts";
import { isRecord, parseJson, textOrUndefined } from "../domain/narrow.ts";
import { accessListingPath } from "./paths.ts";
import { replaceFile } from "./replace-file.ts";
import { ensurePrivateDirectory, readIfPresent } from "./safe-file.ts";

/** What was listed last, per session: so that an account can be called by its name without asking again. */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

export function saveAccounts(home: string, sessionKey: string, accounts: readonly Account[], now: Date): void {
  const path = accessListingPath(home, sessionKey);
  ensurePrivateDirectory(dirname(path));
  replaceFile(path, `${JSON.stringify({ version: 1, listedAt: formatInstant(now), accounts })}\n`, { mode: 0o600 });
}

/** The name that an account had in the last listing, or undefined. */
export function knownAccountName(home: string, sessionKey: string, accountId: string): string | undefined {
  const bytes = readIfPresent(accessListingPath(home, sessionKey), MAX_LISTING_BYTES);
  const stored = bytes === undefined ? undefined : parseJson(bytes.toString("utf8"));
  if (!isRecord(stored) || stored["version"] !== 1 || !Array.isArray(stored["accounts"])) return undefined;
  const account: unknown = stored["accounts"].find((entry: unknown) => isRecord(entry) && entry["accountId"] === accountId);
  return isRecord(account) ? textOrUndefined(account["accountName"]) : undefined;
}
