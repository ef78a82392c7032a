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

/** What CreateToken returned, with its lifetime turned into an instant of the local clock. */
export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresAt: Date;
  readonly refreshToken: string | undefined;
}

/**
 * The access token of one SSO session, as every AWS client keeps it in `~/.aws/sso/cache`.
 * `accessToken` and `expiresAt` are enough to use it; the refresh token and the next three, all of them, to refresh it.
 */
export interface AccessToken extends IssuedToken {
  readonly clientId: string | undefined;
  readonly clientSecret: string | undefined;
  readonly registrationExpiresAt: Date | undefined;
  /** The whole JSON object as read, so that keys which other tools added survive a rewrite of ours. */
  readonly stored: PlainRecord;
}

/** What RegisterClient returned. Public clients share it between logins until it expires (90 days). */
export interface ClientRegistration {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly expiresAt: Date;
}

/** Renewed this many seconds before its end. botocore renews at 15 min and the SDK for JavaScript at 5. */
export const REFRESH_WINDOW_SECONDS = 5 * 60;

/** Other tools' keys may hold objects and lists; nothing that a client writes comes near this. */
const DEEPEST_LEVELS = 64;

/**
 * The token in a cache file's JSON value, or undefined where there is nothing usable: wrong types, an unreadable or
 * insane date, or a token that could not stand in a header.
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

/** The same, for one session: a file that belongs to another start URL or region (a restored backup) is not usable. */
export function parseAccessToken(stored: unknown, session: SsoSession): AccessToken | undefined {
  if (!isRecord(stored)) return undefined;
  if (
    contradicts(stored["startUrl"], session.startUrl) ||
    contradicts(stored["region"], session.region)
  )
    return undefined;
  return parseTokenFile(stored);
}

/** What a token's file says of the portal that it is good for. */
export interface StoredPortal {
  readonly startUrl: string | undefined;
  readonly region: string | undefined;
}

/** That, where it is another portal than this session's. */
export function findForeignPortal(stored: unknown, session: SsoSession): StoredPortal | undefined {
  const { startUrl, region } = toRecord(stored);
  const portal = { startUrl: readText(startUrl), region: readText(region) };
  const isForeign =
    contradicts(portal.startUrl, session.startUrl) || contradicts(portal.region, session.region);
  return isForeign ? portal : undefined;
}

/** Absent is no contradiction: other tools write tokens with the two required keys alone. */
function contradicts(stored: unknown, configured: string): boolean {
  return stored !== undefined && stored !== null && stored !== configured;
}

/** What a refresh needs, or undefined where the token has no way to be refreshed. */
export interface RefreshGrant extends Omit<ClientRegistration, "expiresAt"> {
  readonly refreshToken: string;
}

export function refreshGrant(token: AccessToken, now: Date): RefreshGrant | undefined {
  const { refreshToken, clientId, clientSecret, registrationExpiresAt } = token;
  if (refreshToken === undefined || clientId === undefined || clientSecret === undefined)
    return undefined;
  // botocore refuses to refresh without this date, the SDK for JavaScript does not look: absent is no obstacle.
  if (registrationExpiresAt !== undefined && secondsUntil(registrationExpiresAt, now) <= 0)
    return undefined;
  return { refreshToken, clientId, clientSecret };
}

/** The cache object after a login: the AWS CLI's eight keys in its order. */
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
 * The cache object after a refresh: every other key stays as it was, and the refresh token stays where none came back
 * (RFC 6749 §6; botocore and the SDK for JavaScript drop it and can then never refresh again).
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
 * One line with `", "` and `": "`, as Python's json.dumps writes it: the AWS CLI's layout, non-ASCII escaped. What is
 * undefined is left out.
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

/** What a registration is good for; one that was made for another purpose is not reused. */
export function registrationPurpose(session: SsoSession, flow: LoginFlow) {
  return {
    session: sessionLabel(session),
    startUrl: session.startUrl,
    region: session.region,
    scopes: session.registrationScopes ?? null,
    flow,
  };
}

/** A registration is reused while this much of it is left, as the AWS CLI does. */
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
