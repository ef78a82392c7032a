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

/** The parts of a listing that is under way. Keeping them is best effort, as with whole listings. */

const FILE = "roles.part";

export function readParts({ directory, owner }: Shelf, now: Date): ListingParts | undefined {
  return parseParts(readListingText(directory, FILE), owner, now);
}

/** What is there of a listing that was interrupted; undefined where there is none. */
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

/** Takes each account's answer as it comes: one line, in one write, so that a kill at any moment costs no other. */
export interface PartsWriter {
  /** Whether the disk takes them. */
  readonly works: boolean;
  add(accountId: string, roles: ListedRoles): void;
  close(): void;
}

/** Begins the file anew with what is there of the listing, and goes on behind that. */
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
