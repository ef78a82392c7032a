import type { Context } from "../context.ts";
import type { AccessToken } from "../model/access-token.ts";
import { storageKind, type StorageKind } from "../settings/settings.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError, hasCode } from "../errors.ts";
import { withLock } from "../fs/lock.ts";
import { readSettings } from "../settings/file.ts";
import { isOwnToken } from "./shared-store.ts";
import {
  readToken,
  readTokenNow,
  removeToken,
  type Storage,
  type Vault,
  removeOpenRoles,
} from "./store.ts";
import { notice } from "../terminal/notice.ts";

/** Where a session's secrets are kept, opened: for the keychain, with its key. */

/** What the settings say now, the session's own before the general ones. */
export function findStorageKind(context: Context, session: string | undefined): StorageKind {
  return storageKind(readSettings(context.home, context.env, session));
}

/** @throws LatchkeyError STORAGE_FAILED where the keychain was chosen and can't be used: there is no other place then. */
export async function openStorage(context: Context, session: SsoSession): Promise<Storage> {
  return findStorageKind(context, session.name) === "file"
    ? { kind: "file", home: context.home }
    : openVault(context);
}

/** The token as it is kept, good or not; undefined where there is none. */
export async function readStoredToken(
  context: Context,
  session: SsoSession,
): Promise<AccessToken | undefined> {
  return readToken(await openStorage(context, session), session, context.sleep);
}

async function openVault(context: Context): Promise<Vault> {
  return { kind: "keychain", home: context.home, key: await context.keychainKey("read") };
}

/** For what goes on without the keychain, and says so: nothing sealed can be read then. */
export async function openVaultIfPossible(context: Context, what: string): Promise<Vault> {
  try {
    return await openVault(context);
  } catch (thrown) {
    if (!hasCode(thrown, "STORAGE_FAILED")) throw thrown;
    notice(context, `${what} can't be read: ${thrown.message}`);
    return { kind: "keychain", home: context.home, key: undefined };
  }
}

/** A keychain that fails is reported, and hides no other session. */
export async function openStorageIfPossible(
  context: Context,
  session: SsoSession,
): Promise<Storage> {
  if (findStorageKind(context, session.name) === "file")
    return { kind: "file", home: context.home };
  return openVaultIfPossible(context, `the token of ${sessionLabel(session)}`);
}

/** A keychain that is slow, for the few that make the key at once. */
const KEY_LOCK_MILLISECONDS = 20_000;

/**
 * For a sign-in, which makes the key where there is none: nothing may be spent for what can't be kept. Two keys made at
 * once would be one too many, so that the lock is taken first; the keychain is then asked again before one is made.
 */
export async function openStorageForSignIn(
  context: Context,
  session: SsoSession,
): Promise<Storage> {
  const storage = await openStorage(context, session);
  return storage.kind === "file" || storage.key !== undefined
    ? storage
    : { ...storage, key: await createKey(context) };
}

/** The key for something that is about to be sealed; made where there is none yet. */
export async function requireKey(context: Context): Promise<Uint8Array> {
  const key = (await context.keychainKey("read")) ?? (await createKey(context));
  if (key === undefined)
    throw new LatchkeyError("STORAGE_FAILED", "The keychain gave no key.", {
      hint: "Unlock it, then try again.",
    });
  return key;
}

function createKey(context: Context): Promise<Uint8Array | undefined> {
  const lock = {
    timeoutMilliseconds: KEY_LOCK_MILLISECONDS,
    monotonic: context.monotonic,
    sleep: context.sleep,
    env: context.env,
  };
  return withLock(context.home, "the key in the keychain", lock, () =>
    context.keychainKey("create"),
  );
}

/** After a sign-in: the token from before in the other place. In the shared cache it may be another tool's: that one stays. */
export function removeTokenElsewhere(
  context: Context,
  session: SsoSession,
  { kind, home }: Storage,
): void {
  if (kind === "file") {
    removeToken({ kind: "keychain", home }, session);
    return;
  }
  const open = readTokenNow({ kind: "file", home }, session);
  if (open === undefined) return;
  if (open !== "torn" && isOwnToken(home, open)) removeToken({ kind: "file", home }, session);
  else
    notice(
      context,
      `another tool's token of ${sessionLabel(session)} stays in ~/.aws/sso/cache, readable without the keychain: latchkey logout removes both.`,
    );
}

/** After the setting `storage` was changed. Nothing is moved: a secret that has lain in the open is not made better by a copy elsewhere. */
export async function applyStorageChoice(
  context: Context,
  session: string | undefined,
): Promise<void> {
  const kind = findStorageKind(context, session);
  notice(
    context,
    `${STORAGE_WORDS[kind]} Nothing is moved: sign in again (latchkey login); what is kept in the other place goes then, or with latchkey logout.`,
  );
  if (kind === "file") return;
  // A cache alone, and the first thing that a credential_process looks at.
  removeOpenRoles(context.home);
  try {
    await openVault(context);
  } catch (thrown) {
    if (!hasCode(thrown, "STORAGE_FAILED")) throw thrown;
    notice(context, `nothing can be kept there yet. ${thrown.message} ${thrown.hint ?? ""}`);
  }
}

const STORAGE_WORDS: Readonly<Record<StorageKind, string>> = {
  file: "from now on tokens are kept in ~/.aws/sso/cache, where the AWS CLI and the SDKs read them.",
  keychain:
    "from now on tokens and role credentials are encrypted with a key in the OS keychain; profiles with credential_process use them, the AWS CLI's own sign-in and profiles with sso_session don't see them.",
};
