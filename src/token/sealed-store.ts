import type { AccessToken } from "../model/access-token.ts";
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
import { vaultRolePath, vaultTokenPath } from "../fs/paths.ts";
import type { Replacement } from "../fs/replace.ts";
import { listTemporaries } from "../fs/temporary.ts";
import { removeFile, statIfPresent } from "../fs/read.ts";
import { readSignInMark } from "./role-cache.ts";
import {
  openSealedFile,
  readSealedFile,
  roleIdentity,
  tokenIdentity,
  type VaultKey,
} from "./sealed-file.ts";
import { toTokenState, type LeftToken, type TokenState, type TokenStore } from "./store.ts";

/**
 * Stores a session's secrets in latchkey's own files, encrypted with the key in the OS keychain. Such a file is never
 * half-written.
 */
export class SealedTokenStore implements TokenStore {
  readonly kind = "keychain";
  readonly #home: string;
  readonly #session: SsoSession;
  readonly #path: string;
  readonly #key: VaultKey | undefined;

  /** @param key undefined if the keychain has no key or can't be read. Then no secret can be read or written. */
  constructor(home: string, session: SsoSession, key: VaultKey | undefined) {
    this.#home = home;
    this.#session = session;
    this.#path = vaultTokenPath(home, sessionCacheKey(session));
    this.#key = key;
  }

  async read(): Promise<AccessToken | undefined> {
    const state = this.readNow();
    return state.kind === "token" ? state.token : undefined;
  }

  readNow(): TokenState {
    return this.#look(this.#path);
  }

  exists(): boolean {
    return statIfPresent(this.#path)?.isFile() === true;
  }

  readLeft(): LeftToken[] {
    return listTemporaries(this.#path).map((path) => ({ path, state: this.#look(path) }));
  }

  open(reserveBytes: number): Replacement {
    const identity = tokenIdentity(sessionCacheKey(this.#session));
    return openSealedFile(this.#path, this.#requireKey(), identity, reserveBytes);
  }

  remove(): string | undefined {
    if (this.readNow().kind === "foreign") return undefined;
    return removeFile(this.#path) ? this.#path : undefined;
  }

  readMark(): SignInMark {
    return readSignInMark(this.#path);
  }

  readRole(ref: RoleRef): CachedRoleCredentials | undefined {
    try {
      const text = readSealedFile(vaultRolePath(this.#home, ref), this.#key, roleIdentity(ref));
      return text === undefined ? undefined : parseRoleCredentials(parseJson(text), ref);
    } catch {
      return undefined;
    }
  }

  writeRole(ref: RoleRef, credentials: CachedRoleCredentials): void {
    const path = vaultRolePath(this.#home, ref);
    const text = formatRoleCredentials(credentials, ref);
    openSealedFile(path, this.#requireKey(), roleIdentity(ref), 0).commit(text);
  }

  #look(path: string): TokenState {
    const identity = tokenIdentity(sessionCacheKey(this.#session));
    const text = readSealedFile(path, this.#key, identity);
    return text === undefined ? { kind: "absent" } : toTokenState(parseJson(text), this.#session);
  }

  #requireKey(): VaultKey {
    if (this.#key !== undefined) return this.#key;
    throw new LatchkeyError("STORAGE_FAILED", "The OS keychain holds no key of latchkey.", {
      hint: "Sign in again: latchkey login",
    });
  }
}
