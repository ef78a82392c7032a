import type { Context } from "../context.ts";
import { findEnvironmentProfile } from "../model/aws-environment.ts";
import type { AccessToken } from "../model/access-token.ts";
import { isRegion } from "../model/start-url.ts";
import { readSessions } from "../profiles/profile.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isExpectedFailure, usageError } from "../errors.ts";
import { isPast } from "../text/instant.ts";
import { removeAllHistories, removeHistories } from "../access/history/store.ts";
import { removeAllKeptListings, removeKeptListings } from "../access/kept.ts";
import { lockOptions, withLock } from "../fs/lock.ts";
import { notice } from "../terminal/notice.ts";
import { tokenDirectory } from "../fs/paths.ts";
import { removeFile } from "../fs/read.ts";
import { sweepDirectory } from "../fs/temporary.ts";
import {
  listLeftSignIns,
  listSealedTokens,
  readForeignTokens,
  readSealedTokens,
  readTokenKey,
  removeCliRoleCredentials,
  type ForeignToken,
} from "./sweep.ts";
import { createConnection, type ServiceAddress } from "../aws/connection.ts";
import { readConfig, selectSession, type SessionFlags } from "../profiles/select.ts";
import { describeForeignToken } from "../token/decide.ts";
import {
  openSealedStore,
  openSealedStoreIfPossible,
  openSharedStore,
} from "../token/open-store.ts";
import { tokenLockName } from "../token/refresh.ts";
import { removeAllRoles, removeSessionRoles } from "../token/role-cache.ts";
import type { StorageKind } from "../settings/settings.ts";
import type { TokenStore } from "../token/store.ts";
import { removeRegistrations } from "./registration.ts";

/**
 * Signs out. Ends the token at the service, then removes the token and everything that was fetched with it from this
 * machine, even if the service failed.
 */

export interface LogoutResult {
  /** The session's name or start URL. */
  readonly label: string;
  readonly hadToken: boolean;
  /** Whether the service confirmed that the token is invalid. */
  readonly revoked: boolean;
  readonly removed: readonly string[];
}

/**
 * Returns the session to sign out of. It may be missing from the config: then it is found by its start URL, or, if
 * nothing was given, it must be the only sign-in on this machine.
 */
export async function selectSignedIn(context: Context, flags: SessionFlags): Promise<SsoSession> {
  const { profile, ssoSession, startUrl, ssoRegion } = flags;
  const source = readConfig(context);
  const names = [profile, ssoSession, startUrl, ssoRegion, findEnvironmentProfile(context.env)];
  const isNamed = names.some((name) => name !== undefined);
  const isByUrl = startUrl !== undefined && ssoRegion === undefined;
  const isOnlyLeft = !isNamed && readSessions(source).sessions.length === 0;
  if (!isByUrl && !isOnlyLeft) return selectSession(context, flags);

  const left = (await listLeftSignIns(context, source.document)).map(({ session }) => session);
  const [first, ...others] = left.filter((each) => !isByUrl || each.startUrl === startUrl);
  if (first === undefined) return selectSession(context, flags);
  if (isByUrl || others.length === 0) return first;
  throw usageError(
    `Which sign-in? There are ${left.map(sessionLabel).join(", ")}.`,
    `Name one, or end all of them: latchkey logout --all`,
  );
}

/**
 * Signs out of a session. Checks both storages, because another storage may have been set at the sign-in.
 * @param forget also removes the client registrations and the histories of roles; the next sign-in registers again
 */
export async function logout(
  context: Context,
  session: SsoSession,
  forget: boolean,
): Promise<LogoutResult> {
  const lockName = tokenLockName(session);
  const ended = await withLock(context.home, lockName, lockOptions(context), () =>
    endSession(context, session, forget),
  );
  if (session.name !== undefined) return ended;
  const left = await listLeftSignIns(context, readConfig(context).document);
  const others = left.filter((each) => each.session.startUrl === session.startUrl);
  const all = ended.removed.length > 0 || others.length === 0 ? [ended] : [];
  for (const { path, token } of others)
    all.push(await endForeignToken(context, { ...session, path, token }, forget));
  return {
    label: ended.label,
    hadToken: all.some(({ hadToken }) => hadToken),
    revoked: all.every(({ revoked }) => revoked),
    removed: all.flatMap(({ removed }) => removed),
  };
}

async function endSession(
  context: Context,
  session: SsoSession,
  forget: boolean,
): Promise<LogoutResult> {
  const stores = await openStoresWithToken(context, session);
  const found = (await Promise.all(stores.map(readTokens))).flat();
  const tokens = found.flatMap(({ token }) => token ?? []);
  const issued = [...new Map(tokens.map((token) => [token.accessToken, token])).values()];
  const valid = issued.filter(({ expiresAt }) => !isPast(expiresAt, context.now()));
  const ended = await Promise.all(valid.map((token) => revokeAtPortal(context, session, token)));
  // If a sealed token can't be read, it may still be valid.
  const unread = found.some(({ kind, token }) => kind === "keychain" && token === undefined);
  return {
    label: sessionLabel(session),
    hadToken: tokens.length > 0 || unread,
    revoked: valid.length > 0 && !unread && ended.every(Boolean),
    removed: removeSession(context, session, stores, forget),
  };
}

interface FoundToken {
  readonly kind: StorageKind;
  /** undefined if there is no token, or it can't be read. */
  readonly token: AccessToken | undefined;
}

/**
 * Reads the tokens of a store. Includes tokens in temporary files of killed processes, because the service may still
 * accept them.
 */
async function readTokens(store: TokenStore): Promise<FoundToken[]> {
  const { kind } = store;
  const left = store.readLeft().map(({ state }) => state);
  const isKept = kind === "file" || store.exists();
  return [
    ...(isKept ? [{ kind, token: await store.read() }] : []),
    ...left.map((state) => ({ kind, token: state.kind === "token" ? state.token : undefined })),
  ];
}

/** Removes temporary files of killed processes. Files with another portal's token stay, like that token itself. */
function removeLeft(store: TokenStore): string[] {
  const own = store.readLeft().filter(({ state }) => state.kind !== "foreign");
  return own.map(({ path }) => path).filter(removeFile);
}

/** Removes the files of a session. @returns their paths. */
function removeSession(
  context: Context,
  session: SsoSession,
  stores: readonly TokenStore[],
  forget: boolean,
): string[] {
  const { home } = context;
  const label = sessionLabel(session);
  const foreign = stores.map((store) => store.readNow()).find(({ kind }) => kind === "foreign");
  if (foreign?.kind === "foreign")
    notice(context, `${label}: ${describeForeignToken(foreign.portal)}, and is kept`);
  const isForeignAlone = foreign !== undefined && stores.length === 1;
  return [
    ...stores.flatMap((store) => [store.remove() ?? [], removeLeft(store)].flat()),
    ...(isForeignAlone ? [] : removeSessionRoles(home, label)),
    ...(isForeignAlone ? [] : removeKeptListings(home, sessionCacheKey(session))),
    ...(forget ? removeRegistrations(home, label) : []),
    ...(forget ? removeHistories(home, sessionCacheKey(session)) : []),
  ];
}

async function openStoresWithToken(context: Context, session: SsoSession): Promise<TokenStore[]> {
  const shared = openSharedStore(context, session);
  const sealed = openSealedStore(context, session, undefined);
  return sealed.exists() || sealed.readLeft().length > 0
    ? [shared, await openSealedStoreIfPossible(context, session)]
    : [shared];
}

/**
 * Signs out of every session of the config, ends all other tokens in both storages, and removes the AWS CLI's role
 * credentials, in this order.
 */
export async function logoutAll(context: Context, forget: boolean): Promise<LogoutResult[]> {
  const known: LogoutResult[] = [];
  for (const session of readSessions(readConfig(context)).sessions)
    known.push(await logout(context, session, forget));
  const { tokens, others } = readForeignTokens(context.home);
  const sealed = await readSealedTokens(context, listSealedTokens(context.home));
  for (const token of [...tokens, ...sealed])
    known.push(await endForeignToken(context, token, forget));
  if (others.length > 0)
    notice(
      context,
      `not removed, since they have no start URL and belong to other programs: ${others.join(", ")}`,
    );
  sweepDirectory(tokenDirectory(context.home));
  removeAllKeptListings(context.home);
  const leftovers = [
    {
      label: "sessions that the config no longer has",
      removed: [
        ...removeAllRoles(context.home),
        ...(forget ? removeRegistrations(context.home, undefined) : []),
        ...(forget ? removeAllHistories(context.home) : []),
      ],
    },
    { label: "the AWS CLI's cache", removed: removeCliRoleCredentials(context.home) },
  ];
  const swept = leftovers.map((each) => ({ ...each, hadToken: false, revoked: false }));
  return [...known, ...swept].filter(({ removed }) => removed.length > 0);
}

/** Ends a token for which only its file is known, not the name of its session. */
async function endForeignToken(
  context: Context,
  { path, startUrl, region, token }: ForeignToken,
  forget: boolean,
): Promise<LogoutResult> {
  const revoked =
    token !== undefined &&
    region !== undefined &&
    isRegion(region) &&
    !isPast(token.expiresAt, context.now()) &&
    (await revokeAtPortal(context, { region }, token));
  removeFile(path);
  const key = readTokenKey(path);
  const listings = removeKeptListings(context.home, key);
  const histories = forget ? removeHistories(context.home, key) : [];
  const removed = [path, ...listings, ...histories];
  return { label: startUrl ?? path, hadToken: true, revoked, removed };
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
