import { createHash } from "node:crypto";
import { dirname } from "node:path";
import {
  formatRegistration,
  parseAccessToken,
  parseRegistration,
  type AccessToken,
  type ClientRegistration,
  type RegistrationPurpose,
} from "../model/access-token.ts";
import { MAX_CACHE_BYTES, isRecord, parseJson } from "../text/json.ts";
import { formatRoleCredentials, type CachedRoleCredentials, type RoleRef } from "../model/role.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { hasCode } from "../errors.ts";
import {
  tokenRefusalPath,
  registrationDirectory,
  registrationFilePath,
  roleCredentialsPath,
  tokenFilePath,
} from "../fs/paths.ts";
import { pauseSync } from "../fs/pause.ts";
import { openReplacement, replaceFile, type Replacement } from "../fs/replace.ts";
import { ensurePrivateDirectory, listFiles, readIfPresent, removeFile } from "../fs/read.ts";

/**
 * The token cache that all AWS clients share, our client registrations, and the writing side of the role credential
 * cache. The AWS CLI truncates and rewrites token files in place and the SDK for JavaScript writes them without a
 * rename: a reader meets empty and half files, waits for the writer, and never deletes or mends one.
 */

const SECRET_MODE = 0o600;
/** Often, since a writer may leave the file empty most of the time; for half a second in all. */
const TORN_READ_PAUSE_MILLISECONDS = 10;
const TORN_READ_TRIES = 50;

export async function readToken(
  home: string,
  session: SsoSession,
  sleep: (milliseconds: number) => Promise<void>,
): Promise<AccessToken | undefined> {
  const path = tokenFilePath(home, sessionCacheKey(session));
  for (let tries = 0; ; tries += 1) {
    const text = readCacheText(path);
    const stored = text === undefined ? undefined : parseJson(text);
    if (stored !== undefined) return parseAccessToken(stored, session);
    if (text === undefined || tries === TORN_READ_TRIES) return undefined;
    await sleep(TORN_READ_PAUSE_MILLISECONDS);
  }
}

/**
 * As it stands at this instant: for the last comparison before a rename, where a gap would be one for signals, too.
 * "torn" where it stayed half-written for as long as `readToken` waits: nobody's sign-in, and no sign-out either.
 */
export function readTokenNow(home: string, session: SsoSession): AccessToken | "torn" | undefined {
  const path = tokenFilePath(home, sessionCacheKey(session));
  for (let tries = 0; ; tries += 1) {
    const text = readCacheText(path);
    if (text === undefined) return undefined;
    const stored = parseJson(text);
    if (stored !== undefined) return parseAccessToken(stored, session);
    if (tries === TORN_READ_TRIES) return "torn";
    pauseSync(TORN_READ_PAUSE_MILLISECONDS);
  }
}

export function tokenFileExists(home: string, session: SsoSession): boolean {
  return readCacheText(tokenFilePath(home, sessionCacheKey(session))) !== undefined;
}

function readCacheText(path: string): string | undefined {
  try {
    return readIfPresent(path, MAX_CACHE_BYTES)?.toString("utf8");
  } catch (thrown) {
    // A directory, a FIFO or a giant where a token should be: nothing usable. A disk that fails is another matter.
    if (hasCode(thrown, "CONFIG_INVALID")) return undefined;
    throw thrown;
  }
}

/** A token file about to be rewritten, opened and its old length reserved before a refresh token is spent for it. */
export function openTokenFile(
  home: string,
  session: SsoSession,
  reserveBytes: number,
): Replacement {
  const path = tokenFilePath(home, sessionCacheKey(session));
  ensurePrivateDirectory(dirname(path));
  return openReplacement(path, { mode: SECRET_MODE, reserveBytes });
}

export function readCachedRegistration(
  home: string,
  purpose: RegistrationPurpose,
  now: Date,
): ClientRegistration | undefined {
  const text = readCacheText(registrationFilePath(home, registrationFileName(purpose)));
  return text === undefined ? undefined : parseRegistration(parseJson(text), now);
}

export function writeRegistration(
  home: string,
  purpose: RegistrationPurpose,
  registration: ClientRegistration,
): void {
  const path = registrationFilePath(home, registrationFileName(purpose));
  ensurePrivateDirectory(dirname(path));
  replaceFile(path, formatRegistration(registration, purpose), { mode: SECRET_MODE });
}

export function removeRegistration(home: string, purpose: RegistrationPurpose): void {
  removeFile(registrationFilePath(home, registrationFileName(purpose)));
}

/** Whether a client of ours was given this token: its registration is still among ours. */
export function isOwnToken(home: string, token: AccessToken): boolean {
  return listFiles(registrationDirectory(home)).some((path) => {
    const text = readCacheText(path);
    const stored = text === undefined ? undefined : parseJson(text);
    return (
      isRecord(stored) && token.clientId !== undefined && stored["clientId"] === token.clientId
    );
  });
}

/** Every registration of a session, whatever it was made for, or of all sessions; returns the files that went. */
export function removeRegistrations(home: string, session: string | undefined): string[] {
  return listFiles(registrationDirectory(home)).filter((path) => {
    const text = readCacheText(path);
    const stored = text === undefined ? undefined : parseJson(text);
    return (
      (session === undefined || (isRecord(stored) && stored["session"] === session)) &&
      removeFile(path)
    );
  });
}

function registrationFileName(purpose: RegistrationPurpose): string {
  const { session, startUrl, region, scopes, flow } = purpose;
  return createHash("sha256")
    .update(JSON.stringify([session, startUrl, region, scopes, flow]), "utf8")
    .digest("hex")
    .slice(0, 40);
}

export function writeRoleCredentials(
  home: string,
  ref: RoleRef,
  credentials: CachedRoleCredentials,
): void {
  const path = roleCredentialsPath(home, ref);
  ensurePrivateDirectory(dirname(path));
  replaceFile(path, formatRoleCredentials(credentials, ref), { mode: SECRET_MODE });
}

/** Whether the service has refused this very refresh token before; only its hash was kept. */
export function wasRefused(home: string, sessionKey: string, refreshToken: string): boolean {
  const text = readCacheText(tokenRefusalPath(home, sessionKey));
  const stored = text === undefined ? undefined : parseJson(text);
  return isRecord(stored) && stored["refreshTokenSha256"] === sha256(refreshToken);
}

export function recordRefusal(home: string, sessionKey: string, refreshToken: string): void {
  const path = tokenRefusalPath(home, sessionKey);
  ensurePrivateDirectory(dirname(path));
  replaceFile(path, `${JSON.stringify({ refreshTokenSha256: sha256(refreshToken) })}\n`, {
    mode: SECRET_MODE,
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
