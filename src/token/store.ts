import {
  findForeignPortal,
  parseAccessToken,
  type AccessToken,
  type StoredPortal,
} from "../model/access-token.ts";
import type { CachedRoleCredentials, RoleRef, SignInMark } from "../model/role.ts";
import type { SsoSession } from "../model/sso-session.ts";
import type { StorageKind } from "../settings/settings.ts";
import type { LatchkeyError } from "../errors.ts";
import type { Replacement } from "../fs/replace.ts";
import type { TimeBudget } from "./time-budget.ts";

/** The content of a token file at one moment. */
export type TokenState =
  | { readonly kind: "token"; readonly token: AccessToken }
  /** A token of another portal under the same name. It is not this session's, and must not be removed. */
  | { readonly kind: "foreign"; readonly portal: StoredPortal }
  /** Half-written by another client, even after waiting. It is neither a sign-in nor a sign-out. */
  | { readonly kind: "torn" }
  /** No file, no usable content, or a file that this user may not read. */
  | { readonly kind: "absent"; readonly refusal?: LatchkeyError | undefined };

/** Returns what the JSON value of a token file means for a session. */
export function toTokenState(stored: unknown, session: SsoSession): TokenState {
  const portal = findForeignPortal(stored, session);
  if (portal !== undefined) return { kind: "foreign", portal };
  const token = parseAccessToken(stored, session);
  return token === undefined ? { kind: "absent" } : { kind: "token", token };
}

/** A temporary file next to a token file, left by a process that was killed before the rename. */
export interface LeftToken {
  readonly path: string;
  /** "absent" also if the file can't be read. */
  readonly state: TokenState;
}

/**
 * The token of one session and its role credentials, in the place chosen by the setting `storage`. A run opens it once.
 * All readers and writers use it, except the hot path, which reads only the unencrypted role cache.
 */
export interface TokenStore {
  readonly kind: StorageKind;
  /** Returns the stored token, valid or not. Waits for a writer that has not finished. */
  read(): Promise<AccessToken | undefined>;
  /** Does the same without letting signal handlers run, for the last comparison before a rename. */
  readNow(): TokenState;
  /** Returns whether the file exists, readable or not. */
  exists(): boolean;
  /** Lists temporary files of the token. While the token's lock is held, no process writes to them. */
  readLeft(): readonly LeftToken[];
  /** Opens the temporary file that will replace the token file. Reserves its length before a refresh token is used. */
  open(reserveBytes: number): Replacement;
  /**
   * Removes the token, but never another portal's. @returns the path of the removed token; undefined if there was none.
   */
  remove(): string | undefined;
  /** Returns the mark of the current sign-in, for new role credentials. */
  readMark(): SignInMark;
  /** @returns undefined if there are no usable credentials: a bad cache is rebuilt and not reported. */
  readRole(ref: RoleRef): CachedRoleCredentials | undefined;
  /** @throws LatchkeyError STORAGE_FAILED */
  writeRole(ref: RoleRef, credentials: CachedRoleCredentials): void;
}

/** The session whose token is needed, its store, and the time limits. */
export interface TokenRequest {
  readonly session: SsoSession;
  readonly store: TokenStore;
  readonly budget: TimeBudget;
  /** An access token that has not expired but that the portal has just refused. */
  readonly rejectedToken?: string | undefined;
}
