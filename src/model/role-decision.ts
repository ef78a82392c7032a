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
      /** Credentials to use if the fetch fails. */
      readonly fallback: CachedRoleCredentials | undefined;
    };

export interface RoleFacts {
  readonly ref: RoleRef;
  readonly now: Date;
  /** Credentials that were fetched less than this ago are used even if they end soon. */
  readonly shareSeconds: number;
  /** Returns whether the token file is unchanged since the credentials were fetched. */
  readonly isOfThisSignIn: (mark: SignInMark) => boolean;
}

/**
 * Returns whether cached credentials belong to this session, and not to another portal under the same name.
 * @param isOfItsToken returns whether they were fetched with the session's current token.
 */
export function isOfSession(
  { portal }: CachedRoleCredentials,
  { startUrl, region }: Portal,
  isOfItsToken: () => boolean,
): boolean {
  // Version 0.1.0 did not store the portal. The token file identifies it while it exists.
  if (portal === undefined) return isOfItsToken();
  return portal.startUrl === startUrl && portal.region === region;
}

/**
 * Decides whether cached credentials are used. Credentials of another sign-in may be another user's, so they are only a
 * fallback.
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
