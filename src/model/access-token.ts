import { formatInstant, parseInstant, secondsUntil } from "../text/instant.ts";
import {
  isRecord,
  isNestedWithin,
  readText,
  readVisibleAscii,
  toRecord,
  type PlainRecord,
} from "../text/json.ts";
import type { LoginFlow } from "./login-method.ts";
import { sessionLabel, type SsoSession } from "./sso-session.ts";

/** The token that CreateToken returned, with its lifetime converted to an instant of the local clock. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly refreshToken: string | undefined;
}

/**
 * The access token of one SSO session, in the form in which every AWS client stores it in `~/.aws/sso/cache`. For
 * requests, `accessToken` and `expiresAt` are enough. A refresh needs the refresh token and the next three keys.
 */
export interface AccessToken extends IssuedToken {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly registrationExpiresAt: Date | undefined;
  /** The whole JSON object as it was read, so that keys of other tools stay when latchkey rewrites the file. */
  readonly stored: PlainRecord;
}

/** The client registration from RegisterClient. Public clients share it between logins until it expires (90 days). */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly expiresAt: Date;
}

/** A token is refreshed this many seconds before it expires. botocore uses 15 min, the SDK for JavaScript 5. */
export const REFRESH_WINDOW_SECONDS = 5 * 60;

/** The maximum depth of the JSON. Other tools may add keys with objects and lists, but no client nests this deep. */
const DEEPEST_LEVELS = 64;

/**
 * Returns the token in the JSON value of a cache file. Returns undefined if it is not usable: wrong types, an invalid
 * or implausible date, or a token that is not allowed in a header.
 */
export function parseTokenFile(stored: unknown): AccessToken | undefined {
  if (!isRecord(stored) || !isNestedWithin(stored, DEEPEST_LEVELS)) return undefined;
  const accessToken = readVisibleAscii(stored["accessToken"]);
  const expiresAt = parseInstant(stored["expiresAt"]);
  if (accessToken === undefined || expiresAt === undefined) return undefined;
  return {
    accessToken,
    expiresAt,
    refreshToken: readVisibleAscii(stored["refreshToken"]),
    clientId: readVisibleAscii(stored["clientId"]),
    clientSecret: readVisibleAscii(stored["clientSecret"]),
    registrationExpiresAt: parseInstant(stored["registrationExpiresAt"]),
    stored,
  };
}

/**
 * Returns the token if the file belongs to this session. A file for another start URL or region, such as a restored
 * backup, does not.
 */
export function parseAccessToken(stored: unknown, session: SsoSession): AccessToken | undefined {
  if (!isRecord(stored)) return undefined;
  if (
    contradicts(stored["startUrl"], session.startUrl) ||
    contradicts(stored["region"], session.region)
  )
    return undefined;
  return parseTokenFile(stored);
}

/** The portal whose token is in a token file. */
export interface StoredPortal {
  readonly startUrl: string | undefined;
  readonly region: string | undefined;
}

/** Returns the portal of a token file if it is another portal than this session's; else undefined. */
export function findForeignPortal(stored: unknown, session: SsoSession): StoredPortal | undefined {
  const { startUrl, region } = toRecord(stored);
  const portal = { startUrl: readText(startUrl), region: readText(region) };
  const isForeign =
    contradicts(portal.startUrl, session.startUrl) || contradicts(portal.region, session.region);
  return isForeign ? portal : undefined;
}

/** Returns whether a stored value differs from the config. A missing value is allowed: other tools write only two keys. */
function contradicts(stored: unknown, configured: string): boolean {
  return stored !== undefined && stored !== null && stored !== configured;
}

/** The keys of a token file that a refresh needs. */
export interface RefreshGrant extends Omit<ClientRegistration, "expiresAt"> {
  readonly refreshToken: string;
}

export function refreshGrant(token: AccessToken, now: Date): RefreshGrant | undefined {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt } = token;
  if (refreshToken === undefined || clientId === undefined || clientSecret === undefined)
    return undefined;
  // Without this date botocore does not refresh, but the SDK for JavaScript does. latchkey does too.
  if (registrationExpiresAt !== undefined && secondsUntil(registrationExpiresAt, now) <= 0)
    return undefined;
  return { refreshToken, clientId, clientSecret };
}

/** Returns the content of the token file after a login: the AWS CLI's eight keys, in its order. */
export function buildLoginEntry(
  session: SsoSession,
  registration: ClientRegistration,
  issued: IssuedToken,
): PlainRecord {
  return {
    ...tokenMembers(session, issued),
    clientId: registration.clientId,
    clientSecret: registration.clientSecret,
    registrationExpiresAt: formatInstant(registration.expiresAt),
    refreshToken: issued.refreshToken,
  };
}

/**
 * Returns the content of the token file after a refresh. All other keys stay. If the service returned no new refresh
 * token, the old one stays (RFC 6749 §6); botocore and the SDK for JavaScript drop it, and can then never refresh again.
 */
export function buildRefreshEntry(
  before: AccessToken,
  session: SsoSession,
  issued: IssuedToken,
): PlainRecord {
  return {
    ...before.stored,
    ...tokenMembers(session, issued),
    refreshToken: issued.refreshToken ?? before.stored["refreshToken"],
  };
}

function tokenMembers({ startUrl, region }: SsoSession, issued: IssuedToken): PlainRecord {
  const { accessToken, expiresAt } = issued;
  return { startUrl, region, accessToken, expiresAt: formatInstant(expiresAt) };
}

/**
 * Returns JSON on one line with `", "` and `": "` and escaped non-ASCII characters, like Python's json.dumps, which the
 * AWS CLI uses. Undefined values are left out.
 */
export function formatTokenFile(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatTokenFile).join(", ")}]`;
  if (isRecord(value)) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${asciiJson(key)}: ${formatTokenFile(member)}`).join(", ")}}`;
  }
  return asciiJson(value);
}

function asciiJson(value: unknown): string {
  const escape = (character: string): string =>
    `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return JSON.stringify(value ?? null).replace(/[\u007f-\uffff]/g, escape);
}

/** Returns everything that a registration is valid for. latchkey does not reuse a registration for anything else. */
export function registrationPurpose(session: SsoSession, flow: LoginFlow) {
  return {
    session: sessionLabel(session),
    startUrl: session.startUrl,
    region: session.region,
    scopes: session.registrationScopes ?? null,
    flow,
  };
}

/** A registration is reused only if it is valid for longer than this, as in the AWS CLI. */
const REGISTRATION_MARGIN_SECONDS = 15 * 60;

export function parseRegistration(stored: unknown, now: Date): ClientRegistration | undefined {
  if (!isRecord(stored)) return undefined;
  const clientId = readVisibleAscii(stored["clientId"]);
  const clientSecret = readVisibleAscii(stored["clientSecret"]);
  const expiresAt = parseInstant(stored["expiresAt"]);
  if (clientId === undefined || clientSecret === undefined || expiresAt === undefined)
    return undefined;
  return secondsUntil(expiresAt, now) > REGISTRATION_MARGIN_SECONDS
    ? { clientId, clientSecret, expiresAt }
    : undefined;
}

export function formatRegistration(
  registration: ClientRegistration,
  purpose: ReturnType<typeof registrationPurpose>,
): string {
  return `${JSON.stringify({ ...purpose, ...registration, expiresAt: formatInstant(registration.expiresAt) })}\n`;
}
