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
  /** Another portal's token under the same name. It does not belong to this session, and must not be removed. */
  | { readonly kind: "foreign"; readonly portal: StoredPortal }
  /** Half-written by another client, even after waiting. It shows neither a sign-in nor a sign-out. */
  | { readonly kind: "torn" }
  /** There is no file, the file has no usable content, or this user may not read it. */
  | { readonly kind: "absent"; readonly refusal?: LatchkeyError | undefined };

/** Returns the state of a session's token from the JSON value of its file. */
export function toTokenState(stored: unknown, session: SsoSession): TokenState {
  const portal = findForeignPortal(stored, session);
  if (portal !== undefined) return { kind: "foreign", portal };
  const token = parseAccessToken(stored, session);
  return token === undefined ? { kind: "absent" } : { kind: "token", token };
}

/** A temporary file next to a token file. It remains from a process that was killed before the rename. */
export interface LeftToken {
  readonly path: string;
  /** "absent" also means that the file can't be read. */
  readonly state: TokenState;
}

/**
 * Stores the token of one session and its role credentials. The setting `storage` decides where. A run opens the store
 * once. All code uses the store, except the hot path, which reads only the unencrypted role cache.
 */
export interface TokenStore {
  readonly kind: StorageKind;
  /** Returns the stored token, valid or not. Waits for a writer that has not finished. */
  read(): Promise<AccessToken | undefined>;
  /** Like `read`, but synchronous, so that no signal handler runs. Used for the last comparison before a rename. */
  readNow(): TokenState;
  /** Returns whether the file exists, even if it can't be read. */
  exists(): boolean;
  /** Lists the temporary files of the token. While this process holds the token's lock, no process writes to them. */
  readLeft(): readonly LeftToken[];
  /**
   * Opens the temporary file that will replace the token file. Reserves its length, so that a full disk is detected
   * before a refresh token is used.
   */
  open(reserveBytes: number): Replacement;
  /**
   * Removes the token, unless it is another portal's.
   * @returns the path of the removed token; undefined if no token was removed.
   */
  remove(): string | undefined;
  /** Returns the mark of the current sign-in, for new role credentials. */
  readMark(): SignInMark;
  /** @returns undefined if there are no usable credentials. A damaged cache is replaced later, and not reported. */
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

/**
 * Returns the mark of the sign-in that a token came from. If someone else has signed in since the token was read, the
 * file's mark is that person's, and the result is a mark that no file has.
 * @param before the mark from before the token was read
 */
export function readMarkOf(store: TokenStore, token: string, before: SignInMark): SignInMark {
  const mark = store.readMark();
  if (mark.stamp === before.stamp) return mark;
  // Read after the mark: a file that is replaced in between has another token, or a newer mark.
  const state = store.readNow();
  const isOfToken = state.kind === "token" && state.token.accessToken === token;
  return isOfToken ? mark : { ...mark, stamp: "" };
}
