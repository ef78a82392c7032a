import { join } from "node:path";
import type { Account } from "../model/account.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import type { PlainRecord } from "../text/json.ts";
import { isExpectedFailure } from "../errors.ts";
import { openToAppend } from "../fs/append.ts";
import { accessDirectory } from "../fs/paths.ts";
import { ignoreErrors, readCacheJson, readCacheText, removeFile } from "../fs/read.ts";
import { writeSecretFile } from "../fs/replace.ts";
import {
  formatKept,
  formatNames,
  formatPart,
  parseKept,
  parseParts,
  type KeptListing,
  type ListedRoles,
  type ListingOwner,
  type ListingParts,
} from "./kept-format.ts";

/**
 * What was listed last, in a folder of each session's: the accounts, all roles, and the parts of a listing that is under
 * way. Keeping is best effort: a disk that gives or takes nothing costs only the convenience.
 */

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

/** A session's folder, and whose listings in it count. */
export interface Shelf {
  readonly home: string;
  readonly session: SsoSession;
  readonly owner: ListingOwner;
}

export function readKept<Item>(
  { home, session, owner }: Shelf,
  file: "accounts.json" | "roles.json",
  parseItem: (entry: PlainRecord) => Item | undefined,
): KeptListing<Item> | undefined {
  const path = filePath(home, session, file);
  return parseKept(
    ignoreExpected(() => readCacheJson(path, MAX_LISTING_BYTES)),
    owner,
    parseItem,
  );
}

export function writeKept(
  { home, session, owner }: Shelf,
  file: "accounts.json" | "roles.json",
  kept: KeptListing<Account>,
): void {
  const path = filePath(home, session, file);
  ignoreExpected(() => writeSecretFile(path, formatKept(owner, kept)));
}

export function writeNames(home: string, session: SsoSession, accounts: readonly Account[]): void {
  const path = filePath(home, session, "accounts.json");
  ignoreExpected(() => writeSecretFile(path, formatNames(accounts)));
}

export function readParts({ home, session, owner }: Shelf, now: Date): ListingParts | undefined {
  const path = filePath(home, session, PARTS);
  const text = ignoreExpected(() => readCacheText(path, MAX_LISTING_BYTES));
  return text === undefined ? undefined : parseParts(text, owner, now);
}

export function removeParts({ home, session }: Shelf): void {
  ignoreErrors(() => removeFile(filePath(home, session, PARTS)));
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
  { home, session, owner }: Shelf,
  { accounts, roles }: ListingParts,
): PartsWriter {
  const path = filePath(home, session, PARTS);
  const before = [...roles].map(([accountId, listed]) => formatPart(accountId, listed));
  const file = ignoreExpected(() => {
    writeSecretFile(path, formatKept(owner, accounts) + before.join(""));
    return openToAppend(path);
  });
  return {
    works: file !== undefined,
    add: (accountId, listed) => ignoreErrors(() => file?.append(formatPart(accountId, listed))),
    close: () => ignoreErrors(() => file?.close()),
  };
}

const PARTS = "roles.part";

function filePath(home: string, session: SsoSession, file: string): string {
  return join(accessDirectory(home, sessionCacheKey(session)), file);
}

function ignoreExpected<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (thrown) {
    if (isExpectedFailure(thrown)) return undefined;
    throw thrown;
  }
}
