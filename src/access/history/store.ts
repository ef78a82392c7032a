import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Context } from "../../context.ts";
import { isExpectedFailure } from "../../errors.ts";
import { lockOptions, withLock } from "../../fs/lock.ts";
import { removeDirectory } from "../../fs/directories/remove.ts";
import { accessDirectory, accessHistoryDirectory, accessHistoryRoot } from "../../fs/paths.ts";
import {
  ignoreErrors,
  ignoreExpected,
  listDirectories,
  listFiles,
  readCacheText,
  removeFile,
} from "../../fs/read.ts";
import { writeSecretFile } from "../../fs/replace.ts";
import type { AccountRole } from "../../model/account.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../../model/sso-session.ts";
import { findSignInId, type SignIn } from "../../token/sign-in-id.ts";
import type { AccountRoles, KeptListing } from "../kept-format.ts";
import type { Shelf } from "../kept.ts";
import { readSignInNotes, recordUserName, type Owner } from "../sign-in-notes.ts";
import {
  formatHistory,
  formatTimeline,
  parseAnyHistory,
  parseHistory,
  parseTimeline,
} from "./format.ts";
import {
  EMPTY_TIMELINE,
  joinTimelines,
  putReadersFirst,
  recordListing,
  roleKey,
  type AccessHistory,
  type SeenRoles,
  type Timeline,
} from "./history.ts";

/**
 * Stores histories on disk, one for each session and user. A history is kept after a sign-in ends, but is shown only
 * while the same user is signed in. Until AWS has returned the user's name, new listings are stored in a pending file,
 * which is removed at the next login or logout.
 */

/** 10,000 roles take 2 MB. */
const MAX_HISTORY_BYTES = 32 * 1024 * 1024;
const PENDING_FILE = "pending.json";
/** Short, because a listing must not be delayed by writing the history. */
const LOCK_MILLISECONDS = 2_000;

/** Returns undefined if the signed-in user is unknown or has no history. */
export function readAccessHistory(home: string, owner: Owner): AccessHistory | undefined {
  const { userName } = readSignInNotes(home, owner);
  return userName === undefined ? undefined : readHistory(home, owner.session, userName);
}

/** Adds a complete listing. Best effort: if the disk can't be written, only the history is lost. */
export async function recordAccess(
  context: Context,
  owner: Owner,
  shelf: Shelf,
  { listedAt, accounts }: KeptListing<AccountRoles>,
): Promise<void> {
  const { home } = context;
  const roles = accounts.flatMap(({ accountId, accountName, roleNames }) =>
    roleNames.map((roleName) => ({ accountId, accountName, roleName })),
  );
  await ignoreFailure(
    changeHistories(context, owner.session, () => {
      // If another user has signed in meanwhile, the listing does not belong to that user.
      if (!shelf.claim()) return;
      const { userName } = readSignInNotes(home, owner);
      const seen = { listedAt, roles };
      if (userName === undefined) addToPending(context, owner, seen);
      else addToHistory(context, owner, userName, seen);
    }),
  );
}

/**
 * Records the user's name once AWS has returned it, and moves the pending listings into this user's history.
 * @param signIn the sign-in before AWS was asked
 */
export async function rememberUserName(
  context: Context,
  owner: Owner,
  signIn: SignIn,
  userName: string,
): Promise<void> {
  if (!recordUserName(context.home, owner, signIn, userName)) return;
  if (readPending(context.home, owner) === undefined) return;
  await ignoreFailure(
    changeHistories(context, owner.session, () => addToHistory(context, owner, userName)),
  );
}

/** Adds or removes a favourite. @throws LatchkeyError STORAGE_FAILED */
export function writeFavourite(
  context: Context,
  session: SsoSession,
  userName: string,
  { role, isFavourite }: { readonly role: AccountRole; readonly isFavourite: boolean },
): Promise<void> {
  const { accountId, roleName } = role;
  return changeHistories(context, session, () => {
    const history = readHistory(context.home, session, userName) ?? startHistory(userName);
    const others = history.favourites.filter((each) => roleKey(each) !== roleKey(role));
    const favourites = isFavourite ? [...others, { accountId, roleName }] : others;
    writeHistory(context.home, session, { ...history, favourites });
  });
}

/**
 * Returns one role of each user's history, regardless of who is signed in. Use it only to ask AWS for the current
 * user's name.
 */
export function listRolesOfHistories(home: string, session: SsoSession): AccountRole[] {
  const files = ignoreExpected(() =>
    listFiles(accessHistoryDirectory(home, sessionCacheKey(session))),
  );
  return (files ?? []).flatMap((file) => {
    const { spans = [], favourites = [] } = parseAnyHistory(readOwn(file), session) ?? {};
    const held = spans.filter(({ goneAt }) => goneAt === undefined);
    const [role] = [...putReadersFirst(held), ...favourites];
    return role === undefined ? [] : { accountId: role.accountId, roleName: role.roleName };
  });
}

/** @returns the removed files */
export function removeHistories(home: string, sessionKey: string): string[] {
  return removeDirectory(accessHistoryDirectory(home, sessionKey));
}

/**
 * Removes the histories of all sessions, including those that are no longer in the config.
 * @returns the removed files
 */
export function removeAllHistories(home: string): string[] {
  const root = accessHistoryRoot(home);
  const files = listDirectories(root).flatMap(removeDirectory);
  removeDirectory(root);
  return files;
}

/** Uses a lock, so that two listings that end at the same time are both recorded. */
function changeHistories(context: Context, session: SsoSession, change: () => void): Promise<void> {
  const { showWaiting: _silent, ...options } = lockOptions(context, LOCK_MILLISECONDS);
  const name = `the history of ${sessionLabel(session)}`;
  return withLock(context.home, name, options, () => Promise.resolve(change()));
}

function addToHistory(
  { home, now }: Context,
  owner: Owner,
  userName: string,
  seen?: SeenRoles,
): void {
  const history = readHistory(home, owner.session, userName) ?? startHistory(userName);
  const pending = readPending(home, owner);
  const joined = pending === undefined ? history : joinTimelines(history, pending, now());
  const timeline = seen === undefined ? joined : recordListing(joined, seen, now());
  writeHistory(home, owner.session, { ...history, ...timeline });
  ignoreErrors(() => removeFile(findPendingPath(home, owner.session)));
}

function startHistory(userName: string): AccessHistory {
  return { userName, ...EMPTY_TIMELINE, favourites: [] };
}

function readHistory(
  home: string,
  session: SsoSession,
  userName: string,
): AccessHistory | undefined {
  const { startUrl, region } = session;
  return parseHistory(readOwn(historyPath(home, session, userName)), {
    startUrl,
    region,
    userName,
  });
}

function writeHistory(home: string, session: SsoSession, history: AccessHistory): void {
  const { startUrl, region } = session;
  const { userName } = history;
  const text = formatHistory({ startUrl, region, userName }, history);
  writeSecretFile(historyPath(home, session, userName), text);
}

function historyPath(home: string, session: SsoSession, userName: string): string {
  const owner = JSON.stringify([session.startUrl, session.region, userName]);
  const hash = createHash("sha256").update(owner, "utf8").digest("hex").slice(0, 32);
  return join(accessHistoryDirectory(home, sessionCacheKey(session)), `${hash}.json`);
}

function addToPending({ home, now }: Context, owner: Owner, seen: SeenRoles): void {
  const { session, store } = owner;
  const { startUrl, region } = session;
  const timeline = recordListing(readPending(home, owner) ?? EMPTY_TIMELINE, seen, now());
  const signInId = findSignInId(home, session, store);
  if (signInId === undefined) return;
  const text = formatTimeline({ startUrl, region, signInId }, timeline);
  writeSecretFile(findPendingPath(home, session), text);
}

/** Returns the listings of this sign-in that were made before its user's name was known. */
export function readPending(home: string, { session, store }: Owner): Timeline | undefined {
  const { startUrl, region } = session;
  const signInId = findSignInId(home, session, store);
  if (signInId === undefined) return undefined;
  return parseTimeline(readOwn(findPendingPath(home, session)), { startUrl, region, signInId });
}

function findPendingPath(home: string, session: SsoSession): string {
  return join(accessDirectory(home, sessionCacheKey(session)), PENDING_FILE);
}

function readOwn(path: string): string {
  return ignoreExpected(() => readCacheText(path, MAX_HISTORY_BYTES)) ?? "";
}

async function ignoreFailure(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
  }
}
