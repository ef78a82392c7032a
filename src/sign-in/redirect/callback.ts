import { createHash, timingSafeEqual } from "node:crypto";
import type { PendingRedirect } from "../../aws/grants.ts";

/** The service says nothing about how long it waits; the AWS CLI waits as long. */
export const REDIRECT_DEADLINE_SECONDS = 10 * 60;

/** S256 (RFC 7636 §4.2): 43 characters of base64url. */
function codeChallenge(codeVerifier: string): string {
  return createHash("sha256").update(codeVerifier, "ascii").digest("base64url");
}

/** Where the browser is sent. The parameter of IAM Identity Center is called `scopes`; blanks must be `%20`. */
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

/** A request as it came, before anything of it is believed. */
export interface CallbackRequest {
  readonly method: string | undefined;
  /** Path and query as the request line has them. */
  readonly target: string | undefined;
  readonly host: string | undefined;
}

export type Callback =
  | { readonly kind: "code"; readonly code: string }
  /** The person, or the service, said no: with the right state, so that no other page can say so. */
  | { readonly kind: "refused" }
  /** Not the answer that is waited for: answered with this status, and the wait goes on. */
  | { readonly kind: "stray"; readonly status: 400 | 404 | 405 | 421 };

/** The Host header must be the address itself: a name that leads here (DNS rebinding) is none of ours. */
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

/** The address that the browser ended at, as a person copies it out of the address bar. */
export function judgePastedAddress(text: string, pending: PendingRedirect): Callback {
  const [address, query = ""] = splitOnce(text.trim().replace(/#.*$/s, ""), "?");
  if (address !== pending.redirectUri) return { kind: "stray", status: 404 };
  return judgeParameters(new URLSearchParams(query), pending);
}

/** What a code can look like: the service's are opaque, and one that could not stand in JSON or a log is none. */
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

/** In constant time, whatever the lengths: the hashes are compared. */
function isSameSecret(presented: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text, "utf8").digest();
  return timingSafeEqual(digest(presented), digest(expected));
}

function splitOnce(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}
