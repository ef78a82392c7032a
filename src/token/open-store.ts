import type { Context } from "../context.ts";
import { LatchkeyError, hasCode } from "../errors.ts";
import { storageKind, type StorageKind } from "../settings/settings.ts";
import { readSettings } from "../settings/file.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { lockOptions, withLock } from "../fs/lock.ts";
import { notice } from "../terminal/notice.ts";
import { removeOpenRoles } from "./role-cache.ts";
import type { VaultKey } from "./sealed-file.ts";
import { SealedTokenStore } from "./sealed-store.ts";
import { SharedTokenStore } from "./shared-store.ts";
import type { TokenStore } from "./store.ts";

/** Opens the storage of a session's secrets: files, or files encrypted with a key in the keychain. */

/** Returns the setting `storage` for a session. The session's own setting takes precedence over the general one. */
export function findStorageKind(context: Context, session: string | undefined): StorageKind {
  return storageKind(readSettings(context.home, context.env, session));
}

/**
 * Opens the store of a session's token.
 * @throws LatchkeyError STORAGE_FAILED if the keychain is set but can't be used: unencrypted files are never used
 * instead.
 */
export async function openTokenStore(context: Context, session: SsoSession): Promise<TokenStore> {
  return findStorageKind(context, session.name) === "file"
    ? openSharedStore(context, session)
    : openSealedStore(context, session, await context.keychainKey("read"));
}

export function openSharedStore({ home, sleep }: Context, session: SsoSession): TokenStore {
  return new SharedTokenStore(home, session, sleep);
}

/** Opens the encrypted store. @param key if undefined, encrypted files can be removed, but not read or written. */
export function openSealedStore(
  { home }: Context,
  session: SsoSession,
  key: VaultKey | undefined,
): TokenStore {
  return new SealedTokenStore(home, session, key);
}

/**
 * Opens the store of a session. If the keychain fails, reports that instead of throwing, so that other sessions are
 * still listed.
 */
export async function openTokenStoreIfPossible(
  context: Context,
  session: SsoSession,
): Promise<TokenStore> {
  return findStorageKind(context, session.name) === "file"
    ? openSharedStore(context, session)
    : openSealedStoreIfPossible(context, session);
}

export async function openSealedStoreIfPossible(
  context: Context,
  session: SsoSession,
): Promise<TokenStore> {
  const key = await readKeyIfPossible(context, `the token of ${sessionLabel(session)}`);
  return openSealedStore(context, session, key);
}

/** Returns the key. If the keychain fails, reports that and returns undefined. Then no encrypted file can be read. */
export async function readKeyIfPossible(
  context: Context,
  what: string,
): Promise<VaultKey | undefined> {
  try {
    return await context.keychainKey("read");
  } catch (thrown) {
    if (!hasCode(thrown, "STORAGE_FAILED")) throw thrown;
    notice(context, `${what} can't be read: ${thrown.message}`);
    return undefined;
  }
}

/**
 * Opens the store for a sign-in. Creates the key if the keychain has none. This is done before the sign-in, because a
 * sign-in whose token can't be stored would be lost.
 */
export async function openTokenStoreForSignIn(
  context: Context,
  session: SsoSession,
): Promise<TokenStore> {
  return findStorageKind(context, session.name) === "file"
    ? openSharedStore(context, session)
    : openSealedStore(context, session, await requireKey(context));
}

/** Returns the key for new encrypted files. Creates it if the keychain has none. @throws LatchkeyError STORAGE_FAILED */
export async function requireKey(context: Context): Promise<VaultKey> {
  const key = (await context.keychainKey("read")) ?? (await createKey(context));
  if (key === undefined)
    throw new LatchkeyError("STORAGE_FAILED", "The keychain returned no key.", {
      hint: "Unlock it, then try again.",
    });
  return key;
}

/**
 * The maximum wait for the lock: long enough for a slow keychain and the few processes that create the key at the same time.
 */
const KEY_LOCK_MILLISECONDS = 20_000;

/** Creates the key under a lock. Reads it again first, so that two processes do not create two keys. */
function createKey(context: Context): Promise<VaultKey | undefined> {
  return withLock(
    context.home,
    "the key in the keychain",
    lockOptions(context, KEY_LOCK_MILLISECONDS),
    () => context.keychainKey("create"),
  );
}

/**
 * Applies a change of the setting `storage`. Stored secrets are not moved: if a secret was stored unencrypted, a copy
 * elsewhere does not protect it.
 */
export async function applyStorageChoice(
  context: Context,
  session: string | undefined,
): Promise<void> {
  const kind = findStorageKind(context, session);
  notice(
    context,
    `${STORAGE_WORDS[kind]} Nothing is moved. Signing in again or signing out removes what is stored in the old place. Run: latchkey login`,
  );
  if (kind === "file") return;
  // These files are only a cache, and credential_process would use them first.
  removeOpenRoles(context.home);
  try {
    await context.keychainKey("read");
  } catch (thrown) {
    if (!hasCode(thrown, "STORAGE_FAILED")) throw thrown;
    notice(context, `nothing can be kept there yet. ${thrown.message} ${thrown.hint ?? ""}`);
  }
}

const STORAGE_WORDS: Readonly<Record<StorageKind, string>> = {
  file: "from now on tokens are kept in ~/.aws/sso/cache, where the AWS CLI and the SDKs read them.",
  keychain:
    "from now on tokens and role credentials are encrypted with a key in the OS keychain. Profiles with credential_process can use them. The AWS CLI's own sign-in and profiles with sso_session can't.",
};
