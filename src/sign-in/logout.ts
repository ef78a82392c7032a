import type { Context } from "../context.ts";
import { isUsable, type AccessToken } from "../model/access-token.ts";
import { isRegion } from "../model/start-url.ts";
import { listSessions } from "../profiles/profile.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isExpectedFailure } from "../errors.ts";
import { removeAllKeptListings, removeKeptListings } from "../access/kept-files.ts";
import { withLock } from "../fs/lock.ts";
import { removeFile } from "../fs/read.ts";
import {
  listSealedTokens,
  readForeignTokens,
  readSealedToken,
  removeCliRoleCredentials,
  type ForeignToken,
} from "./sweep.ts";
import { removeRegistrations } from "../token/shared-store.ts";
import {
  hasSealedToken,
  readToken,
  removeSessionRoles,
  removeToken,
  type Storage,
} from "../token/store.ts";
import { createConnection, type ServiceAddress } from "../aws/connection.ts";
import { readConfig } from "../profiles/select.ts";
import { openVaultIfPossible } from "../token/choose-storage.ts";
import { lockOptions, tokenLockName } from "../token/token.ts";

/** Signing out: the token is ended at the service, then removed here with what it got, whatever the service said. */

export interface LogoutResult {
  /** The session's name or start URL. */
  readonly label: string;
  readonly hadToken: boolean;
  /** Whether the service confirmed that the token is dead. */
  readonly revoked: boolean;
  readonly removed: readonly string[];
}

/**
 * Wherever a token of that session is, whatever the settings say now: they may have said otherwise before.
 * @param forget also drops what this machine registered itself as: the next sign-in introduces it anew.
 */
export async function logout(
  context: Context,
  session: SsoSession,
  forget: boolean,
): Promise<LogoutResult> {
  return withLock(
    context.home,
    tokenLockName(session),
    lockOptions(context, undefined),
    async () => {
      const storages = await findStoragesWithToken(context, session);
      const found = await Promise.all(
        storages.map(async (storage) => ({
          storage,
          token: await readToken(storage, session, context.sleep),
        })),
      );
      const tokens = found.flatMap(({ token }) => token ?? []);
      const usable = tokens.filter((token) => isUsable(token, context.now()));
      const ended = await Promise.all(
        usable.map((token) => revokeAtPortal(context, session, token)),
      );
      // A sealed token that can't be read may be good for all we know.
      const unread = found.some(
        ({ storage, token }) => storage.kind === "keychain" && token === undefined,
      );
      const isRevoked = usable.length > 0 && !unread && ended.every(Boolean);
      return {
        label: sessionLabel(session),
        hadToken: tokens.length > 0 || unread,
        revoked: isRevoked,
        removed: removeSession(context.home, session, storages, forget),
      };
    },
  );
}

/** Returns the paths of what was there. */
function removeSession(
  home: string,
  session: SsoSession,
  storages: readonly Storage[],
  forget: boolean,
): string[] {
  const files = storages.flatMap((storage) => removeToken(storage, session) ?? []);
  const registrations = forget ? removeRegistrations(home, sessionLabel(session)) : [];
  return [
    ...files,
    ...removeSessionRoles(home, sessionLabel(session)),
    ...removeKeptListings(home, sessionCacheKey(session)),
    ...registrations,
  ];
}

async function findStoragesWithToken(context: Context, session: SsoSession): Promise<Storage[]> {
  const shared: Storage = { kind: "file", home: context.home };
  return hasSealedToken(context.home, session)
    ? [shared, await openVaultIfPossible(context, `the token of ${sessionLabel(session)}`)]
    : [shared];
}

/** Every session of the config, then every other token in both places, then the AWS CLI's role credentials. */
export async function logoutAll(context: Context, forget: boolean): Promise<LogoutResult[]> {
  const known: LogoutResult[] = [];
  for (const session of listSessions(readConfig(context)))
    known.push(await logout(context, session, forget));
  for (const { path, startUrl, region, token } of [
    ...readForeignTokens(context.home),
    ...(await listForeignSealedTokens(context)),
  ]) {
    const revoked =
      token !== undefined &&
      region !== undefined &&
      isRegion(region) &&
      isUsable(token, context.now()) &&
      (await revokeAtPortal(context, { region }, token));
    removeFile(path);
    known.push({ label: startUrl ?? path, hadToken: true, revoked, removed: [path] });
  }
  removeAllKeptListings(context.home);
  const forgotten = forget ? removeRegistrations(context.home, undefined) : [];
  if (forgotten.length > 0)
    known.push({
      label: "sessions that the config no longer has",
      hadToken: false,
      revoked: false,
      removed: forgotten,
    });
  const swept = removeCliRoleCredentials(context.home);
  if (swept.length > 0)
    known.push({ label: "the AWS CLI's cache", hadToken: false, revoked: false, removed: swept });
  return known.filter(({ removed }) => removed.length > 0);
}

/** Of sessions that the config no longer knows. */
async function listForeignSealedTokens(context: Context): Promise<ForeignToken[]> {
  const paths = listSealedTokens(context.home);
  if (paths.length === 0) return [];
  const { key } = await openVaultIfPossible(context, "a token");
  return paths.map((path) => readSealedToken(path, key));
}

async function revokeAtPortal(
  context: Context,
  place: ServiceAddress,
  token: AccessToken,
): Promise<boolean> {
  const portal = await import("../aws/portal.ts");
  try {
    await portal.logout(
      createConnection(context, "SSO", place, context.monotonic() + 10_000),
      token.accessToken,
    );
    return true;
  } catch (thrown) {
    if (isExpectedFailure(thrown) && thrown.code !== "CANCELLED") return false;
    throw thrown;
  }
}
