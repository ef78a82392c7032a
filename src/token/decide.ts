import {
  REFRESH_WINDOW_SECONDS,
  refreshGrant,
  type AccessToken,
  type RefreshGrant,
  type StoredPortal,
} from "../model/access-token.ts";
import { loginCommand, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { secondsUntil } from "../text/instant.ts";
import { duration } from "../text/terminal.ts";

/** What to do with a session's stored token. */
export type TokenDecision = RefreshDecision | FinalDecision;

/** A decision that needs no request to a service. */
export type FinalDecision =
  | { readonly action: "use"; readonly token: AccessToken }
  | { readonly action: "sign-in"; readonly reason: SignInReason };

export interface RefreshDecision {
  readonly action: "refresh";
  readonly token: AccessToken;
  readonly grant: RefreshGrant;
  /** Whether the token can still be used if the refresh fails. */
  readonly isStillValid: boolean;
}

export interface TokenFacts {
  readonly now: Date;
  /** An access token that has not expired, but that the portal has just refused. It must not be used again. */
  readonly rejectedToken?: string | undefined;
  /** Returns whether the portal has refused this access token before. A refused token never becomes valid again. */
  readonly isRejected: (accessToken: string) => boolean;
  /** Returns whether AWS has refused this refresh token before, so that latchkey does not send it again. */
  readonly isRefused: (refreshToken: string) => boolean;
}

type SignInReason =
  | "has no token on this machine"
  | "has expired"
  | "is no longer accepted by AWS"
  | "was signed out meanwhile";

export function decide(token: AccessToken | undefined, facts: TokenFacts): TokenDecision {
  if (token === undefined) return { action: "sign-in", reason: "has no token on this machine" };

  const withoutRefresh = decideWithoutRefresh(token, facts);
  const isStillValid = withoutRefresh.action === "use";
  const secondsLeft = secondsUntil(token.expiresAt, facts.now);
  if (isStillValid && secondsLeft > REFRESH_WINDOW_SECONDS) return withoutRefresh;

  const grant = findGrant(token, facts);
  return grant === undefined ? withoutRefresh : { action: "refresh", token, grant, isStillValid };
}

/** Returns a line for the trace. */
export function describeDecision(session: SsoSession, decision: TokenDecision, now: Date): string {
  const of = `token of ${sessionLabel(session)}: ${decision.action}`;
  if (decision.action === "sign-in") return `${of}, since it ${decision.reason}`;
  const seconds = secondsUntil(decision.token.expiresAt, now);
  const validity = seconds > 0 ? `it is good for ${duration(seconds)}` : "it has expired";
  return `${of}, since ${validity}${decision.action === "refresh" && seconds > 0 ? " and may be refused" : ""}`;
}

/**
 * Decides for a token that should be refreshed but can't be: it is used until it expires, unless the portal has refused it.
 */
export function decideWithoutRefresh(
  token: AccessToken,
  { now, rejectedToken, isRejected }: Omit<TokenFacts, "isRefused">,
): FinalDecision {
  if (token.accessToken === rejectedToken || isRejected(token.accessToken))
    return { action: "sign-in", reason: "is no longer accepted by AWS" };
  return secondsUntil(token.expiresAt, now) > 0
    ? { action: "use", token }
    : { action: "sign-in", reason: "has expired" };
}

/** Returns the values that a refresh needs; undefined if the token can't be refreshed. */
export function findGrant(
  token: AccessToken,
  { now, isRefused }: Pick<TokenFacts, "now" | "isRefused">,
): RefreshGrant | undefined {
  const grant = refreshGrant(token, now);
  return grant === undefined || isRefused(grant.refreshToken) ? undefined : grant;
}

/** @throws LatchkeyError SIGN_IN_REQUIRED */
export function takeToken(session: SsoSession, decision: FinalDecision): AccessToken {
  if (decision.action === "use") return decision.token;
  throw signInRequired(session, decision.reason);
}

/** Describes another portal's token in the session's file. AWS clients derive the file's name only from the session. */
export function describeForeignToken({ startUrl, region }: StoredPortal): string {
  const portal = [startUrl, region].filter((part) => part !== undefined).join(" in ");
  return `the one under its name is another portal's (${portal})`;
}

/** Returns the error that asks for a sign-in. @param detail explains the reason. */
export function signInRequired(
  session: SsoSession,
  reason: SignInReason,
  detail?: string,
): LatchkeyError {
  const named =
    session.name === undefined
      ? `The SSO session at ${session.startUrl}`
      : `The SSO session "${session.name}"`;
  return new LatchkeyError(
    "SIGN_IN_REQUIRED",
    `${named} ${reason}${detail === undefined ? "" : `: ${detail}`}.`,
    {
      hint: loginCommand(session),
    },
  );
}
