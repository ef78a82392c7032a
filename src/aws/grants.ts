import type { IssuedToken } from "../model/access-token.ts";

/** The two grants of a sign-in, without a request: what is sent, what an answer means. Times are seconds. */

/** The device authorization grant (RFC 8628): what an answer of the token endpoint means for the poll. */

/** RFC 8628 §3.2: the interval where the server gives none. */
const DEFAULT_INTERVAL_SECONDS = 5;
/** RFC 8628 §3.5: what slow_down adds, for this and all later polls. */
const SLOW_DOWN_SECONDS = 5;

const MAX_INTERVAL_SECONDS = 60;
const MAX_LIFETIME_SECONDS = 15 * 60;
const DEFAULT_LIFETIME_SECONDS = 10 * 60;

export interface DeviceAuthorization {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** A server's interval made usable: missing, negative or absurd ones become the default or a bound. */
export function pollInterval(seconds: unknown): number {
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds <= 0)
    return DEFAULT_INTERVAL_SECONDS;
  return Math.min(Math.max(seconds, 1), MAX_INTERVAL_SECONDS);
}

export function codeLifetime(seconds: unknown): number {
  if (typeof seconds !== "number" || !Number.isFinite(seconds) || seconds <= 0)
    return DEFAULT_LIFETIME_SECONDS;
  return Math.min(seconds, MAX_LIFETIME_SECONDS);
}

/** How one question to the token endpoint ended. */
export type TokenAnswer<T> =
  | { readonly kind: "token"; readonly token: T }
  | { readonly kind: "pending" }
  | { readonly kind: "slow-down" }
  | { readonly kind: "denied" }
  | { readonly kind: "expired" }
  | { readonly kind: "unreachable" };

/** What a refresh token or a code got; "refused": it, or its client, is no longer good, and asking again will not change that. */
export type GrantAnswer =
  { readonly kind: "token"; readonly token: IssuedToken } | { readonly kind: "refused" };

/** "refused": the service no longer knows the client, who registers once more. */
export type DeviceAnswer =
  { readonly kind: "started"; readonly device: DeviceAuthorization } | { readonly kind: "refused" };

type PollStep<T> =
  | { readonly kind: "wait"; readonly intervalSeconds: number }
  | { readonly kind: "done"; readonly token: T }
  | { readonly kind: "failed"; readonly reason: "denied" | "expired" };

/** The next step of the poll. A network failure doubles the interval (RFC 8628 §3.5) and the wait goes on. */
export function decidePollStep<T>(answer: TokenAnswer<T>, intervalSeconds: number): PollStep<T> {
  switch (answer.kind) {
    case "token":
      return { kind: "done", token: answer.token };
    case "pending":
      return { kind: "wait", intervalSeconds };
    case "slow-down":
      return {
        kind: "wait",
        intervalSeconds: Math.min(intervalSeconds + SLOW_DOWN_SECONDS, MAX_INTERVAL_SECONDS),
      };
    case "unreachable":
      return { kind: "wait", intervalSeconds: Math.min(intervalSeconds * 2, MAX_INTERVAL_SECONDS) };
    case "denied":
    case "expired":
      return { kind: "failed", reason: answer.kind };
  }
}

/**
 * The authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636, RFC 8252). Any program of this machine and any page in
 * the browser can send a request to the address that the browser comes back to: only the right state makes it ours.
 */

export const CALLBACK_PATH = "/oauth/callback";

/** As it is registered: on a loopback address any port will do (RFC 8252 §7.3). */
export const REGISTERED_REDIRECT_URI = `http://127.0.0.1${CALLBACK_PATH}`;

/** What is kept between the way out and the way back. */
export interface PendingRedirect {
  readonly redirectUri: string;
  /** 256 random bits each, as base64url. */
  readonly state: string;
  readonly codeVerifier: string;
}
