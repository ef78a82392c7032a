import { basename, join } from "node:path";
import type { Context } from "../context.ts";
import { findChanges, type AccessChanges, type Account } from "../model/account.ts";
import {
  sessionCacheKey,
  sessionFlagsText,
  sessionLabel,
  type SsoSession,
} from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { ignoreExpected, removeDirectory } from "../fs/read.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { notice } from "../terminal/notice.ts";
import { claimSignIn, identifySignIn, SIGN_IN_RECORD, type SignIn } from "../token/sign-in-id.ts";
import type { TokenRequest } from "../token/store.ts";
import { noTokenError } from "../token/token.ts";
import {
  formatKept,
  formatNames,
  parseKept,
  type KeptListing,
  type ListingKind,
  type ListingOwner,
} from "./kept-format.ts";
import { readKnownAccess, readListingText } from "./known.ts";
import type { Owner } from "./sign-in-notes.ts";
import { listingAgeText } from "./text.ts";

/**
 * Listings of this sign-in, kept so that they can be read without the service and compared with the next (decision 9).
 * Keeping is best effort: a disk that gives or takes nothing costs only the convenience.
 */

export interface Listing<Item> {
  readonly items: readonly Item[];
  /** undefined where nothing was asked of the service, or where this sign-in has listed nothing before. */
  readonly changes: AccessChanges<Item> | undefined;
  /** Whether it is all that the service has: what is not in it may be there all the same where it is not. */
  readonly isWhole: boolean;
}

/** A session's folder of listings, and whose listings in it count. */
export interface Shelf {
  readonly directory: string;
  readonly owner: ListingOwner;
  /** Whether the folder is that sign-in's, now that something is to be kept there. */
  readonly claim: () => boolean;
}

/** Where this sign-in keeps its listings. To be opened after the token was read, or refreshed. */
export function openShelf({ home }: Context, request: Owner): Shelf {
  return toShelf(home, request, identifySignIn(home, request.session, request.store));
}

function toShelf(home: string, { session, store }: Owner, signIn: SignIn): Shelf {
  const { startUrl, region } = session;
  return {
    directory: accessDirectory(home, sessionCacheKey(session)),
    owner: { startUrl, region, signInId: signIn.signInId },
    claim: () => claimSignIn(home, session, store, signIn),
  };
}

/** @throws LatchkeyError SIGN_IN_REQUIRED without a token, however old, that says whose listing may be shown; NOT_FOUND */
export async function readListing<Entry extends Account, Item>(
  context: Context,
  request: TokenRequest,
  kind: ListingKind<Entry, Item>,
): Promise<KeptListing<Entry>> {
  const { session, store } = request;
  if ((await store.read()) === undefined) throw noTokenError(request);
  const kept = readKept(openShelf(context, request), kind);
  if (kept === undefined)
    throw new LatchkeyError(
      "NOT_FOUND",
      `No listing of ${kind.name} is kept from this sign-in to ${sessionLabel(session)}.`,
      { hint: `List them once: latchkey ${kind.name} ${sessionFlagsText(session)}` },
    );
  notice(context, listingAgeText(kept.listedAt, context.now()));
  return kept;
}

/** The same where it is there, and nothing is said of it. */
export function findKept<Entry extends Account, Item>(
  context: Context,
  request: Owner,
  kind: ListingKind<Entry, Item>,
): KeptListing<Entry> | undefined {
  return readKept(openShelf(context, request), kind);
}

/**
 * Keeps a whole listing, and compares it with the one before. Somebody else may have signed in while it was made: a
 * part of it is theirs then, and nothing of it is kept.
 */
export function keepListing<Entry extends Account, Item>(
  shelf: Shelf,
  kind: ListingKind<Entry, Item>,
  kept: KeptListing<Entry>,
): Listing<Item> {
  const { directory, owner } = shelf;
  const before = readKept(shelf, kind);
  if (shelf.claim()) writeText(directory, kind.name, formatKept(owner, kept));
  const items = kind.toItems(kept.accounts);
  const changes =
    before && findChanges(before.listedAt, kind.toItems(before.accounts), items, kind.identityOf);
  return { items, changes, isWhole: true };
}

function readKept<Entry extends Account, Item>(
  { directory, owner }: Shelf,
  kind: ListingKind<Entry, Item>,
): KeptListing<Entry> | undefined {
  return parseKept(readListingText(directory, `${kind.name}.json`), kind, owner);
}

function writeText(directory: string, name: "accounts" | "roles", text: string): void {
  ignoreExpected(() => writeSecretFile(join(directory, `${name}.json`), text));
}

/** At a login, which may be another person's: of the listings only the names of accounts stay. */
export function endListings(home: string, session: SsoSession): void {
  const key = sessionCacheKey(session);
  const { accounts } = readKnownAccess(home, key);
  removeKeptListings(home, key);
  if (accounts.length > 0) writeText(accessDirectory(home, key), "accounts", formatNames(accounts));
}

/** At a logout. @returns the listings that went. */
export function removeKeptListings(home: string, sessionKey: string): string[] {
  return removeDirectory(accessDirectory(home, sessionKey)).filter(
    (path) => basename(path) !== SIGN_IN_RECORD,
  );
}

/** Also those of sessions that the config no longer has. */
export function removeAllKeptListings(home: string): void {
  removeDirectory(accessRoot(home));
}
