import type { IssuedToken } from "../model/access-token.ts";

/**
 * The two OAuth grants of a sign-in, without their requests: what is sent and what an answer means. Times are in
 * seconds.
 */

/** The device authorization grant (RFC 8628): what an answer of the token endpoint means for polling. */

/** RFC 8628 §3.2: the interval if the server sends none. */
const DEFAULT_INTERVAL_SECONDS = 5;
/** RFC 8628 §3.5: what slow_down adds to this and all later intervals. */
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

/**
 * Returns a usable interval: the default for a missing or negative one, a bound for one that is too short or too long.
 */
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

/** The result of one request to the token endpoint. */
export type TokenAnswer<T> =
  | { readonly kind: "token"; readonly token: T }
  | { readonly kind: "pending" }
  | { readonly kind: "slow-down" }
  | { readonly kind: "denied" }
  | { readonly kind: "expired" }
  | { readonly kind: "unreachable" };

/**
 * The result of exchanging a refresh token or a code. "refused": the token or code, or its client, is no longer valid,
 * and a retry does not help.
 */
export type GrantAnswer =
  { readonly kind: "token"; readonly token: IssuedToken } | { readonly kind: "refused" };

/** "refused": the service does not accept the client any more. The caller registers again. */
export type DeviceAnswer =
  { readonly kind: "started"; readonly device: DeviceAuthorization } | { readonly kind: "refused" };

type PollStep<T> =
  | { readonly kind: "wait"; readonly intervalSeconds: number }
  | { readonly kind: "done"; readonly token: T }
  | { readonly kind: "failed"; readonly reason: "denied" | "expired" };

/** Returns the next step of the poll. A network failure doubles the interval (RFC 8628 §3.5), and polling continues. */
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
 * The authorization code grant with PKCE (RFC 6749 §4.1, RFC 7636, RFC 8252). Any program on this machine and any page
 * in the browser can send a request to the redirect address. Only a request with the right state belongs to this
 * sign-in.
 */

export const CALLBACK_PATH = "/oauth/callback";

/** Registered without a port: on a loopback address any port is accepted (RFC 8252 §7.3). */
export const REGISTERED_REDIRECT_URI = `http://127.0.0.1${CALLBACK_PATH}`;

/** What latchkey remembers between the authorization request and the callback. */
export interface PendingRedirect {
  readonly redirectUri: string;
  /** `state` and `codeVerifier` are 256 random bits each, as base64url. */
  readonly state: string;
  readonly codeVerifier: string;
}
