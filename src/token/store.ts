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

/** What a token's file holds at one instant. */
export type TokenState =
  | { readonly kind: "token"; readonly token: AccessToken }
  /** Another portal's, under the same name: nothing of this session, and not this session's to remove. */
  | { readonly kind: "foreign"; readonly portal: StoredPortal }
  /** Half-written by another client, for as long as a reader waits: nobody's sign-in, and no sign-out either. */
  | { readonly kind: "torn" }
  /** No file, or nothing usable in it, or what this user may not read. */
  | { readonly kind: "absent"; readonly refusal?: LatchkeyError | undefined };

/** What the JSON value of a token's file is to a session. */
export function toTokenState(stored: unknown, session: SsoSession): TokenState {
  const portal = findForeignPortal(stored, session);
  if (portal !== undefined) return { kind: "foreign", portal };
  const token = parseAccessToken(stored, session);
  return token === undefined ? { kind: "absent" } : { kind: "token", token };
}

/** What a process that was killed before the rename left beside a token's file. */
export interface LeftToken {
  readonly path: string;
  /** "absent" also where it can't be read. */
  readonly state: TokenState;
}

/**
 * The token of one session and the role credentials that it got, wherever the setting `storage` keeps them. A run opens
 * it once. Every reader and writer but the hot path goes through it: that one knows the open cache of roles alone.
 */
export interface TokenStore {
  readonly kind: StorageKind;
  /** The token as it is kept, good or not; waits for a writer that is half way. */
  read(): Promise<AccessToken | undefined>;
  /** The same without letting a signal in: for the last comparison before a rename. */
  readNow(): TokenState;
  /** Whether there is a file at all, readable or not. */
  exists(): boolean;
  /** Temporary files of the token; nobody writes to one while the token's lock is held. */
  readLeft(): readonly LeftToken[];
  /** Opens the next version of the token, with its length reserved before a refresh token is spent for it. */
  open(reserveBytes: number): Replacement;
  /** Leaves another portal's token alone. @returns the path of the token, where one was there. */
  remove(): string | undefined;
  /** Which sign-in a role's credentials would come from now. */
  readMark(): SignInMark;
  /** @returns undefined where there is nothing usable: a cache is rebuilt, not reported. */
  readRole(ref: RoleRef): CachedRoleCredentials | undefined;
  /** @throws LatchkeyError STORAGE_FAILED */
  writeRole(ref: RoleRef, credentials: CachedRoleCredentials): void;
}

/** Whose token is wanted, where it is kept, and how long it may take. */
export interface TokenRequest {
  readonly session: SsoSession;
  readonly store: TokenStore;
  readonly budget: TimeBudget;
  /** An access token that the portal has just refused although it has not expired. */
  readonly rejectedToken?: string | undefined;
}
