import { createHash, timingSafeEqual } from "node:crypto";
import type { PendingRedirect } from "../../aws/grants.ts";

/** The service does not document its time limit. This is the limit of the AWS CLI. */
export const REDIRECT_DEADLINE_SECONDS = 10 * 60;

/** Returns the S256 challenge (RFC 7636 §4.2): 43 characters of base64url. */
function codeChallenge(codeVerifier: string): string {
  return createHash("sha256").update(codeVerifier, "ascii").digest("base64url");
}

/** Returns the URL for the browser. IAM Identity Center calls the parameter `scopes`, and spaces must be `%20`. */
export function authorizeUrl(
  endpoint: string,
  clientId: string,
  pending: PendingRedirect,
  scopes: readonly string[],
): string {
  const parameters = {
    response_type: "code",
    client_id: clientId,
    redirect_uri: pending.redirectUri,
    state: pending.state,
    code_challenge_method: "S256",
    scopes: scopes.join(" "),
    code_challenge: codeChallenge(pending.codeVerifier),
  };
  const query = Object.entries(parameters).map(
    ([name, value]) => `${name}=${encodeURIComponent(value)}`,
  );
  return `${endpoint.replace(/\/$/, "")}/authorize?${query.join("&")}`;
}

/** A request as received, not yet validated. */
export interface CallbackRequest {
  readonly method: string | undefined;
  /** Path and query of the request line. */
  readonly target: string | undefined;
  readonly host: string | undefined;
}

export type Callback =
  | { readonly kind: "code"; readonly code: string }
  /** The user or the service refused. The request contains the right state, so it is not from another page. */
  | { readonly kind: "refused" }
  /** Not the browser's redirect. The response has this status, and latchkey continues to wait. */
  | { readonly kind: "stray"; readonly status: 400 | 404 | 405 | 421 };

/**
 * Decides what a request is. Its Host header must be that of the redirect address, so that requests with another name
 * for 127.0.0.1 (DNS rebinding) are refused.
 */
export function judgeCallback(
  { method, target, host }: CallbackRequest,
  pending: PendingRedirect,
): Callback {
  const own = new URL(pending.redirectUri);
  if (host !== own.host) return { kind: "stray", status: 421 };
  const [path, query = ""] = splitOnce(target ?? "", "?");
  if (path !== own.pathname) return { kind: "stray", status: 404 };
  if (method !== "GET") return { kind: "stray", status: 405 };
  return judgeParameters(new URLSearchParams(query), pending);
}

/** Decides what an address is that the user copied from the browser's address bar. */
export function judgePastedAddress(text: string, pending: PendingRedirect): Callback {
  const [address, query = ""] = splitOnce(text.trim().replace(/#.*$/s, ""), "?");
  if (address !== pending.redirectUri) return { kind: "stray", status: 404 };
  return judgeParameters(new URLSearchParams(query), pending);
}

/** Matches a code. The service's codes are opaque; only visible ASCII is accepted. */
const CODE = /^[\x21-\x7e]{1,8192}$/;

function judgeParameters(query: URLSearchParams, pending: PendingRedirect): Callback {
  const [codes, states, errors] = [
    query.getAll("code"),
    query.getAll("state"),
    query.getAll("error"),
  ];
  const [state] = states;
  if (state === undefined || states.length > 1 || !isSameSecret(state, pending.state))
    return { kind: "stray", status: 400 };
  if (errors.length === 1 && codes.length === 0) return { kind: "refused" };
  const [code] = codes;
  if (code === undefined || codes.length > 1 || errors.length > 0 || !CODE.test(code))
    return { kind: "stray", status: 400 };
  return { kind: "code", code };
}

/** Compares in constant time. Compares hashes, so that different lengths don't matter. */
function isSameSecret(presented: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(presented), digest(expected));
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
