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
import { removeDirectory } from "../fs/directories/remove.ts";
import { accessDirectory, accessRoot } from "../fs/paths.ts";
import { ignoreExpected } from "../fs/read.ts";
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
 * Stores the listings of a sign-in, so that they can be shown without a request and compared with the next listing
 * (decision 9). Best effort: if the disk can't be read or written, only these two features are missing.
 */

export interface Listing<Item> {
  readonly items: readonly Item[];
  /** Undefined if the service was not asked, or if this sign-in has no earlier listing. */
  readonly changes: AccessChanges<Item> | undefined;
  /** Whether the listing is complete. If it is not, an item that is not in the listing may still exist. */
  readonly isWhole: boolean;
}

/** A session's folder of listings, and the sign-in that made them. Listings of another sign-in are ignored. */
export interface Shelf {
  readonly directory: string;
  readonly owner: ListingOwner;
  /** Claims the folder for this sign-in before something is stored. @returns whether it succeeded */
  readonly claim: () => boolean;
}

/** Opens the folder in which this sign-in stores its listings. Call it after the token was read or refreshed. */
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

/**
 * Returns the stored listing, with a notice about its age.
 * @throws LatchkeyError SIGN_IN_REQUIRED if there is no token, because the token shows whose listing may be shown (an
 *   expired one is enough); NOT_FOUND if no listing is stored
 */
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
      `There is no stored listing of ${kind.name} for this sign-in to ${sessionLabel(session)}.`,
      { hint: `List them once: latchkey ${kind.name} ${sessionFlagsText(session)}` },
    );
  notice(context, listingAgeText(kept.listedAt, context.now()));
  return kept;
}

/** Returns the stored listing or undefined, without a notice. */
export function findKept<Entry extends Account, Item>(
  context: Context,
  request: Owner,
  kind: ListingKind<Entry, Item>,
): KeptListing<Entry> | undefined {
  return readKept(openShelf(context, request), kind);
}

/**
 * Stores a complete listing and compares it with the one before. If someone else has signed in meanwhile, part of the
 * listing may be theirs, so nothing is stored.
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

/** Removes the listings at a login, since the next user may be another person. Only the names of accounts are kept. */
export function endListings(home: string, session: SsoSession): void {
  const key = sessionCacheKey(session);
  const { accounts } = readKnownAccess(home, key);
  removeKeptListings(home, key);
  if (accounts.length > 0) writeText(accessDirectory(home, key), "accounts", formatNames(accounts));
}

/** Removes the listings at a logout. @returns the removed listings */
export function removeKeptListings(home: string, sessionKey: string): string[] {
  return removeDirectory(accessDirectory(home, sessionKey)).filter(
    (path) => basename(path) !== SIGN_IN_RECORD,
  );
}

/** Removes the listings of all sessions, including those that are no longer in the config. */
export function removeAllKeptListings(home: string): void {
  removeDirectory(accessRoot(home));
}
