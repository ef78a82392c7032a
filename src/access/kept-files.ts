import type { Account } from "../model/account.ts";
import {
  formatKept,
  formatPart,
  parseKeptAccounts,
  parseKeptRoles,
  parseParts,
  type AccountRoles,
  type KeptListing,
  type ListedRoles,
  type ListingOwner,
  type ListingParts,
} from "./kept-format.ts";
import {
  listingFilePath,
  readKeptText,
  readKeptJson,
  writeKeptFile,
  writeSignIn,
} from "../token/sign-in-trace.ts";
import { openToAppend } from "../fs/append.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { ignoreErrors, removeDirectory, removeFile } from "../fs/read.ts";

/**
 * What was listed last, in a folder of each session's: the accounts, all roles, the parts of a listing that is under
 * way, and the sign-in that these are of. Keeping is best effort: a disk that takes nothing costs only the convenience.
 */

export function readKeptAccounts(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
): KeptListing<Account> | undefined {
  return parseKeptAccounts(readKeptJson(home, sessionKey, "accounts.json"), owner);
}

export function writeKeptAccounts(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  kept: KeptListing<Account>,
): void {
  writeSignIn(home, sessionKey, owner.trace);
  writeKeptFile(home, sessionKey, "accounts.json", formatKept(owner, kept));
}

export function readKeptRoles(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
): KeptListing<AccountRoles> | undefined {
  return parseKeptRoles(readKeptJson(home, sessionKey, "roles.json"), owner);
}

export function writeKeptRoles(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  kept: KeptListing<AccountRoles>,
): void {
  writeSignIn(home, sessionKey, owner.trace);
  writeKeptFile(home, sessionKey, "roles.json", formatKept(owner, kept));
}

/** After a sign-in that may be another person's. The accounts' names stay, and are served only as such. */
export function removeSignIn(home: string, sessionKey: string): void {
  for (const file of ["roles.json", "roles.part", "sign-in.json"] as const)
    ignoreErrors(() => removeFile(listingFilePath(home, sessionKey, file)));
}

/** @returns the files that went. */
export function removeKeptListings(home: string, sessionKey: string): string[] {
  return removeDirectory(accessDirectory(home, sessionKey));
}

/** Also those of sessions that the config no longer has. */
export function removeAllKeptListings(home: string): void {
  removeDirectory(accessRoot(home));
}

export function readKeptParts(
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  now: Date,
): ListingParts | undefined {
  const text = readKeptText(home, sessionKey, "roles.part");
  return text === undefined ? undefined : parseParts(text, owner, now);
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
  home: string,
  sessionKey: string,
  owner: ListingOwner,
  { accounts, roles }: ListingParts,
): PartsWriter {
  writeSignIn(home, sessionKey, owner.trace);
  const before =
    formatKept(owner, accounts) +
    [...roles].map(([accountId, listed]) => formatPart(accountId, listed)).join("");
  const file = writeKeptFile(home, sessionKey, "roles.part", before)
    ? openToAppend(listingFilePath(home, sessionKey, "roles.part"))
    : undefined;
  if (file === undefined) return { works: false, add: () => undefined, close: () => undefined };
  return {
    works: true,
    add: (accountId, listed) => ignoreErrors(() => file.append(formatPart(accountId, listed))),
    close: () => ignoreErrors(() => file.close()),
  };
}

export function removeParts(home: string, sessionKey: string): void {
  ignoreErrors(() => removeFile(listingFilePath(home, sessionKey, "roles.part")));
}
