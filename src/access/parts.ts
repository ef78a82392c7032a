import { join } from "node:path";
import type { Context } from "../context.ts";
import { openToAppend } from "../fs/append.ts";
import { ignoreErrors, ignoreExpected, removeFile } from "../fs/read.ts";
import { writeSecretFile } from "../fs/replace.ts";
import type { TokenRequest } from "../token/store.ts";
import { openShelf, type Shelf } from "./kept.ts";
import {
  formatKept,
  formatPart,
  parseParts,
  type AccountRoles,
  type KeptListing,
  type ListedRoles,
  type ListingParts,
} from "./kept-format.ts";
import { readListingText } from "./known.ts";

/** Stores the parts of a listing in progress, so that it can be resumed. Best effort, as with complete listings. */

const FILE = "roles.part";

export function readParts({ directory, owner }: Shelf, now: Date): ListingParts | undefined {
  return parseParts(readListingText(directory, FILE), owner, now);
}

/** Returns the finished part of an interrupted listing, or undefined. */
export function findParts(
  context: Context,
  request: TokenRequest,
): KeptListing<AccountRoles> | undefined {
  const parts = readParts(openShelf(context, request), context.now());
  if (parts === undefined) return undefined;
  const accounts = parts.accounts.accounts.map((account) => ({
    ...account,
    roleNames: parts.roles.get(account.accountId)?.roleNames ?? [],
  }));
  return { listedAt: parts.accounts.listedAt, accounts };
}

export function removeParts({ directory }: Shelf): void {
  ignoreErrors(() => removeFile(join(directory, FILE)));
}

/**
 * Writes the roles of each account as soon as the service has returned them: one line in one write. So if the process
 * is killed, no other line is damaged.
 */
export interface PartsWriter {
  /** Whether the disk can be written. */
  readonly works: boolean;
  add(accountId: string, roles: ListedRoles): void;
  close(): void;
}

/** Writes a new file with the finished part of the listing. Returns a writer that appends to it. */
export function openParts(
  { directory, owner, claim }: Shelf,
  { accounts, roles }: ListingParts,
): PartsWriter {
  const path = join(directory, FILE);
  const before = [...roles].map(([accountId, listed]) => formatPart(accountId, listed));
  const file = ignoreExpected(() => {
    if (!claim()) return undefined;
    writeSecretFile(path, formatKept(owner, accounts) + before.join(""));
    return openToAppend(path);
  });
  return {
    works: file !== undefined,
    add: (accountId, listed) => ignoreErrors(() => file?.append(formatPart(accountId, listed))),
    close: () => ignoreErrors(() => file?.close()),
  };
}
