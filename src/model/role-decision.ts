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
      /** What would do, should the fetch fail. */
      readonly fallback: CachedRoleCredentials | undefined;
    };

export interface RoleFacts {
  readonly ref: RoleRef;
  readonly now: Date;
  /** Credentials that were fetched less than this ago are used, although they end soon. */
  readonly shareSeconds: number;
  /** Whether the token's file is still as it was when the credentials were fetched. */
  readonly isOfThisSignIn: (mark: SignInMark) => boolean;
}

/**
 * Whether cached credentials are this session's, not those of another portal under the same name.
 * @param isOfItsToken whether they came with the token that the session has now.
 */
export function isOfSession(
  { portal }: CachedRoleCredentials,
  { startUrl, region }: Portal,
  isOfItsToken: () => boolean,
): boolean {
  // Version 0.1.0 did not write whose they are: their token tells, as long as it is there.
  if (portal === undefined) return isOfItsToken();
  return portal.startUrl === startUrl && portal.region === region;
}

/** Credentials of another sign-in may be another person's: they are a fallback at most. */
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
