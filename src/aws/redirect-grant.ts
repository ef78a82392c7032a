/**
 * The authorization code grant with PKCE as a judgement (RFC 6749 §4.1, RFC 7636, RFC 8252): what the browser is sent
 * to, and what a request to the address that it comes back to means. Anything on this machine, and any page in the
 * browser, can ask at that address: only the right state makes an answer ours.
 */

export const CALLBACK_PATH = "/oauth/callback";

/** As it is registered: on a loopback address any port will do (RFC 8252 §7.3). */
export const REGISTERED_REDIRECT_URI = `http://127.0.0.1${CALLBACK_PATH}`;

export const REDIRECT_GRANT_TYPES = ["authorization_code", "refresh_token"] as const;

/** What is kept between the way out and the way back. */
export interface PendingRedirect {
  readonly redirectUri: string;
  /** 256 random bits each, as base64url. */
  readonly state: string;
  readonly codeVerifier: string;
}
