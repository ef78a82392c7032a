import { secondsUntil } from "../text/instant.ts";
import {
  renewWindowSeconds,
  type CachedRoleCredentials,
  type Portal,
  type RoleRef,
  type SignInMark,
} from "./role.ts";

/** What to do with the cached credentials of a role. */
export type RoleDecision =
  | { readonly action: "use"; readonly credentials: CachedRoleCredentials }
  | {
      readonly action: "fetch";
      /** The credentials to use if fetching new ones fails. */
      readonly fallback: CachedRoleCredentials | undefined;
    };

export interface RoleFacts {
  readonly ref: RoleRef;
  readonly now: Date;
  /** Credentials that were fetched less than this many seconds ago are used even if they expire soon. */
  readonly shareSeconds: number;
  /** Returns whether the token file is unchanged since the credentials were fetched. */
  readonly isOfThisSignIn: (mark: SignInMark) => boolean;
}

/**
 * Returns whether cached credentials are from this session, not from a session of the same name with another portal.
 * @param isOfItsToken returns whether the credentials were fetched with the session's current token.
 */
export function isOfSession(
  { portal }: CachedRoleCredentials,
  { startUrl, region }: Portal,
  isOfItsToken: () => boolean,
): boolean {
  // Version 0.1.0 did not store the portal. As long as the token file exists, it identifies the portal.
  if (portal === undefined) return isOfItsToken();
  return portal.startUrl === startUrl && portal.region === region;
}

/**
 * Decides whether cached credentials are used. If they were fetched after another sign-in, they may be another user's.
 * So they are used only if fetching new ones fails.
 */
export function decideRole(
  cached: CachedRoleCredentials | undefined,
  { ref, now, shareSeconds, isOfThisSignIn }: RoleFacts,
): RoleDecision {
  if (cached === undefined) return { action: "fetch", fallback: undefined };

  const secondsLeft = secondsUntil(cached.expiration, now);
  if (secondsLeft <= 0) return { action: "fetch", fallback: undefined };

  const ageSeconds = -secondsUntil(cached.fetchedAt, now);
  const isJustFetched = ageSeconds >= 0 && ageSeconds < shareSeconds;
  const isFresh = secondsLeft > renewWindowSeconds(ref) || isJustFetched;
  if (isFresh && isOfThisSignIn(cached.signIn)) return { action: "use", credentials: cached };
  return { action: "fetch", fallback: cached };
}
