import { parseAccessToken, type AccessToken } from "../model/access-token.ts";
import { parseJson } from "../text/json.ts";
import {
  formatRoleCredentials,
  parseRoleCredentials,
  type CachedRoleCredentials,
  type RoleRef,
  type SignInMark,
} from "../model/role.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import * as cache from "./role-cache.ts";
import {
  roleCredentialsPath,
  rolesDirectory,
  sessionRolesDirectory,
  tokenDirectory,
  tokenFilePath,
  vaultRolePath,
  vaultRolesDirectory,
  vaultTokenDirectory,
  vaultTokenPath,
} from "../fs/paths.ts";
import type { Replacement } from "../fs/replace.ts";
import { removeDirectory, removeFile, statIfPresent } from "../fs/read.ts";
import * as shared from "./shared-store.ts";
import { openSealedFile, readSealedFile, type Identity, type VaultKey } from "./sealed-store.ts";

/**
 * Tokens and role credentials, wherever the setting `storage` keeps them: every reader and writer but the hot path goes
 * through here. That one knows the open cache of roles alone, which is empty where roles are sealed.
 */
export type Storage = { readonly kind: "file"; readonly home: string } | Vault;

export interface Vault {
  readonly kind: "keychain";
  readonly home: string;
  /** undefined where the keychain holds none, or can't say: nothing sealed can be read then. */
  readonly key: VaultKey | undefined;
}

export async function readToken(
  storage: Storage,
  session: SsoSession,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<AccessToken | undefined> {
  return storage.kind === "file"
    ? shared.readToken(storage.home, session, sleep)
    : readSealedToken(storage, session);
}

/**
 * As it stands at this instant: for the last comparison before a rename. "torn" is a shared file that another client
 * left half-written; sealed ones are ours alone and always whole.
 */
export function readTokenNow(
  storage: Storage,
  session: SsoSession,
): AccessToken | "torn" | undefined {
  return storage.kind === "file"
    ? shared.readTokenNow(storage.home, session)
    : readSealedToken(storage, session);
}

function readSealedToken({ home, key }: Vault, session: SsoSession): AccessToken | undefined {
  const sessionKey = sessionCacheKey(session);
  const text = readSealedFile(vaultTokenPath(home, sessionKey), key, tokenIdentity(sessionKey));
  return text === undefined ? undefined : parseAccessToken(parseJson(text), session);
}

/** Whether there is a file at all, readable or not. */
export function tokenExists(storage: Storage, session: SsoSession): boolean {
  return storage.kind === "file"
    ? shared.tokenFileExists(storage.home, session)
    : hasSealedToken(storage.home, session);
}

export function hasSealedToken(home: string, session: SsoSession): boolean {
  return statIfPresent(vaultTokenPath(home, sessionCacheKey(session)))?.isFile() === true;
}

/** A token about to be rewritten, opened and its old length reserved before a refresh token is spent for it. */
export function openToken(
  storage: Storage,
  session: SsoSession,
  reserveBytes: number,
): Replacement {
  if (storage.kind === "file") return shared.openTokenFile(storage.home, session, reserveBytes);
  const sessionKey = sessionCacheKey(session);
  return openSealedFile(
    vaultTokenPath(storage.home, sessionKey),
    requireVaultKey(storage),
    tokenIdentity(sessionKey),
    reserveBytes,
  );
}

/** Removes the token in one of the two places; returns its path where one was there. */
export function removeToken(
  { kind, home }: Pick<Storage, "kind" | "home">,
  session: SsoSession,
): string | undefined {
  const sessionKey = sessionCacheKey(session);
  const path = kind === "file" ? tokenFilePath(home, sessionKey) : vaultTokenPath(home, sessionKey);
  return removeFile(path) ? path : undefined;
}

export function readRole(storage: Storage, ref: RoleRef): CachedRoleCredentials | undefined {
  if (storage.kind === "file") return cache.readCachedRole(storage.home, ref);
  const text = readSealedFile(vaultRolePath(storage.home, ref), storage.key, roleIdentity(ref));
  return text === undefined ? undefined : parseRoleCredentials(parseJson(text), ref);
}

export function writeRole(
  storage: Storage,
  ref: RoleRef,
  credentials: CachedRoleCredentials,
): void {
  if (storage.kind === "file") shared.writeRoleCredentials(storage.home, ref, credentials);
  else
    openSealedFile(
      vaultRolePath(storage.home, ref),
      requireVaultKey(storage),
      roleIdentity(ref),
      0,
    ).commit(formatRoleCredentials(credentials, ref));
}

/** Which sign-in a role's credentials would come from now. */
export function readSignInMark(storage: Storage, session: SsoSession): SignInMark {
  return cache.readSignInMark(storageTokenDirectory(storage), `${sessionCacheKey(session)}.json`);
}

export function isOfThisSignIn(storage: Storage, cached: CachedRoleCredentials): boolean {
  return cache.isOfThisSignIn(storageTokenDirectory(storage), cached);
}

function storageTokenDirectory({ kind, home }: Storage): string {
  return kind === "file" ? tokenDirectory(home) : vaultTokenDirectory(home);
}

export function removeRole(home: string, ref: RoleRef): void {
  removeFile(roleCredentialsPath(home, ref));
  removeFile(vaultRolePath(home, ref));
}

/** Drops every cached role of a session, wherever: after a new sign-in they may be another person's. */
export function removeSessionRoles(home: string, session: string): string[] {
  return [
    ...removeDirectory(sessionRolesDirectory(home, session)),
    ...removeDirectory(vaultRolesDirectory(home, session)),
  ];
}

/** Drops the role credentials that lie in the open: once they are to be sealed, nothing may answer from there. */
export function removeOpenRoles(home: string): void {
  removeDirectory(rolesDirectory(home));
}

export function tokenIdentity(sessionKey: string): Identity {
  return ["token", sessionKey];
}

function roleIdentity({ session, accountId, roleName }: RoleRef): Identity {
  return ["role", session, accountId, roleName];
}

function requireVaultKey({ key }: Vault): VaultKey {
  if (key !== undefined) return key;
  throw new LatchkeyError("STORAGE_FAILED", "The OS keychain holds no key of latchkey.", {
    hint: "Sign in again: latchkey login",
  });
}
