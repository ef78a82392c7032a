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

/** Files or keychain: where a session's secrets are kept, opened; for the keychain, with its key. */

/** What the settings say now, the session's own before the general ones. */
export function findStorageKind(context: Context, session: string | undefined): StorageKind {
  return storageKind(readSettings(context.home, context.env, session));
}

/** @throws LatchkeyError STORAGE_FAILED where the keychain was chosen and can't be used: there is no other place then. */
export async function openTokenStore(context: Context, session: SsoSession): Promise<TokenStore> {
  return findStorageKind(context, session.name) === "file"
    ? openSharedStore(context, session)
    : openSealedStore(context, session, await context.keychainKey("read"));
}

export function openSharedStore({ home, sleep }: Context, session: SsoSession): TokenStore {
  return new SharedTokenStore(home, session, sleep);
}

/** @param key undefined: what is sealed can be removed, and neither read nor written. */
export function openSealedStore(
  { home }: Context,
  session: SsoSession,
  key: VaultKey | undefined,
): TokenStore {
  return new SealedTokenStore(home, session, key);
}

/** A keychain that fails is reported, and hides no other session. */
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

/** For what goes on without the keychain, and says so: nothing sealed can be read then. */
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

/** For a sign-in, which makes the key where there is none: nothing may be spent for what can't be kept. */
export async function openTokenStoreForSignIn(
  context: Context,
  session: SsoSession,
): Promise<TokenStore> {
  return findStorageKind(context, session.name) === "file"
    ? openSharedStore(context, session)
    : openSealedStore(context, session, await requireKey(context));
}

/** The key for something that is about to be sealed; made where there is none yet. */
export async function requireKey(context: Context): Promise<VaultKey> {
  const key = (await context.keychainKey("read")) ?? (await createKey(context));
  if (key === undefined)
    throw new LatchkeyError("STORAGE_FAILED", "The keychain gave no key.", {
      hint: "Unlock it, then try again.",
    });
  return key;
}

/** A keychain that is slow, for the few that make the key at once. */
const KEY_LOCK_MILLISECONDS = 20_000;

/** Two keys made at once would be one too many: under the lock the keychain is asked again before one is made. */
function createKey(context: Context): Promise<VaultKey | undefined> {
  return withLock(
    context.home,
    "the key in the keychain",
    lockOptions(context, KEY_LOCK_MILLISECONDS),
    () => context.keychainKey("create"),
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
    await context.keychainKey("read");
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
