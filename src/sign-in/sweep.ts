import { basename } from "node:path";
import { listSessionNames, type ConfigDocument } from "../aws-config/document.ts";
import type { Context } from "../context.ts";
import { parseTokenFile, refreshGrant, type AccessToken } from "../model/access-token.ts";
import { tokenCacheKey, type SsoSession } from "../model/sso-session.ts";
import { isRegion, isStartUrl } from "../model/start-url.ts";
import type { StorageKind } from "../settings/settings.ts";
import { isPast } from "../text/instant.ts";
import { parseJson, readText, toRecord } from "../text/json.ts";
import { cliRoleCacheDirectory, tokenDirectory, vaultTokenDirectory } from "../fs/paths.ts";
import { findTargetName } from "../fs/temporary.ts";
import { ignoreExpected, listFiles, readCacheJson, removeFile } from "../fs/read.ts";
import { summarizeProfiles } from "../profiles/profile.ts";
import { readKeyIfPossible } from "../token/open-store.ts";
import { readSealedFile, tokenIdentity, type VaultKey } from "../token/sealed-file.ts";

/**
 * Finds everything that `aws sso logout` removes: the tokens of all sessions, and the AWS CLI's cache of SSO role
 * credentials. Also finds sealed tokens of sessions that are not in the config.
 */

export interface ForeignToken {
  readonly path: string;
  readonly startUrl: string | undefined;
  readonly region: string | undefined;
  /** undefined if a sealed token can't be read. The file is removed anyway. */
  readonly token: AccessToken | undefined;
}

/**
 * Returns every file in the shared cache that contains an access token. Client registrations contain none, so they
 * stay. A token without a start URL is not from an access portal: other programs, such as Kiro, store such tokens in
 * this cache.
 */
export function readForeignTokens(home: string): {
  readonly tokens: readonly ForeignToken[];
  /** Paths of other programs' tokens. */
  readonly others: readonly string[];
} {
  const files = listFiles(tokenDirectory(home)).map((path) => ({ path, stored: readJson(path) }));
  const held = files.filter(
    ({ stored }) => readText(toRecord(stored)["accessToken"]) !== undefined,
  );
  const all = held.map(({ path, stored }) => toForeignToken(path, stored));
  return {
    tokens: all.filter(({ startUrl, token }) => startUrl !== undefined && token !== undefined),
    others: all.filter(({ startUrl }) => startUrl === undefined).map(({ path }) => path),
  };
}

/** Lists the files of sealed tokens, including temporary files of killed processes. */
export function listSealedTokens(home: string): string[] {
  return listFiles(vaultTokenDirectory(home)).filter((path) =>
    readTargetName(path).endsWith(".json"),
  );
}

/** Returns the session's key, which is the name of its token files. */
export function readTokenKey(path: string): string {
  return basename(readTargetName(path), ".json");
}

/** Returns the file's name. For a temporary file, returns the name of the file that it would have replaced. */
function readTargetName(path: string): string {
  return findTargetName(basename(path)) ?? basename(path);
}

function readSealedToken(path: string, key: VaultKey | undefined): ForeignToken {
  const text = readSealedFile(path, key, tokenIdentity(readTokenKey(path)));
  return toForeignToken(path, text === undefined ? undefined : parseJson(text));
}

function toForeignToken(path: string, stored: unknown): ForeignToken {
  const { startUrl, region } = toRecord(stored);
  return {
    path,
    startUrl: readText(startUrl),
    region: readText(region),
    token: parseTokenFile(stored),
  };
}

/** A sign-in without a section in the config, for example after a cancelled `configure`. Its start URL identifies it. */
export interface LeftSignIn {
  readonly session: SsoSession;
  readonly path: string;
  readonly token: AccessToken;
  readonly storage: StorageKind;
  readonly refreshable: boolean;
}

/** Returns the sign-ins whose token can still be used or refreshed. `logout --all` removes the other tokens too. */
export async function listLeftSignIns(
  context: Context,
  document: ConfigDocument,
): Promise<LeftSignIn[]> {
  const known = new Set(
    [
      ...listSessionNames(document),
      ...summarizeProfiles(document).flatMap(({ session }) => session ?? []),
    ].map(tokenCacheKey),
  );
  const isLeft = (path: string): boolean => !known.has(readTokenKey(path));
  const open = readForeignTokens(context.home).tokens.filter(({ path }) => isLeft(path));
  const sealed = await readSealedTokens(context, listSealedTokens(context.home).filter(isLeft));
  return [
    ...open.flatMap((token) => toLeftSignIn(token, "file", context.now())),
    ...sealed.flatMap((token) => toLeftSignIn(token, "keychain", context.now())),
  ];
}

function toLeftSignIn(
  { path, startUrl = "", region = "", token }: ForeignToken,
  storage: StorageKind,
  now: Date,
): LeftSignIn[] {
  if (token === undefined || !isStartUrl(startUrl) || !isRegion(region)) return [];
  const refreshable = refreshGrant(token, now) !== undefined;
  if (isPast(token.expiresAt, now) && !refreshable) return [];
  const session = { name: undefined, startUrl, region, registrationScopes: undefined };
  return [{ session, path, token, storage, refreshable }];
}

/** Reads sealed tokens of sessions that are not in the config. */
export async function readSealedTokens(
  context: Context,
  paths: readonly string[],
): Promise<ForeignToken[]> {
  if (paths.length === 0) return [];
  const key = await readKeyIfPossible(context, "a token");
  return paths.map((path) => readSealedToken(path, key));
}

export function removeCliRoleCredentials(home: string): string[] {
  return listFiles(cliRoleCacheDirectory(home)).filter((path) => {
    const { ProviderType } = toRecord(path.endsWith(".json") ? readJson(path) : undefined);
    return ProviderType === "sso" && removeFile(path);
  });
}

/** Returns the JSON value in a file, or undefined if it can't be read. */
function readJson(path: string): unknown {
  return ignoreExpected(() => readCacheJson(path));
}
