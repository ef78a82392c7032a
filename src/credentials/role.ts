import type { Context } from "../context.ts";
import type {
  CachedRoleCredentials,
  RoleCredentials,
  RoleRef,
  RoleRequest,
  SignInMark,
} from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isPast } from "../text/instant.ts";
import { LatchkeyError, hasCode, isExpectedFailure } from "../errors.ts";
import { acquireLock, lockOptions, takesNoLock, withLock, type Lock } from "../fs/lock.ts";
import { configFileKey } from "../fs/paths.ts";
import { forgetRefusedRole, recordRefusedRole } from "../access/sign-in-notes.ts";
import { createConnection } from "../aws/connection.ts";
import { clockOffText, isClockWrong, serverClockAheadSeconds } from "../aws/call/clock.ts";
import { notice } from "../terminal/notice.ts";
import { decideRole, isOfSession, type RoleDecision } from "../model/role-decision.ts";
import { readSettingsVersion } from "../settings/file.ts";
import { findStorageKind, openTokenStore } from "../token/open-store.ts";
import { trace } from "../trace.ts";
import { removeRole } from "../token/role-cache.ts";
import {
  limitForFallback,
  lockMilliseconds,
  NO_DEADLINE,
  waitDeadline,
  type TimeBudget,
} from "../token/time-budget.ts";
import type { TokenRequest } from "../token/store.ts";
import { callWithToken } from "../token/token.ts";
import { explainRefusedRole } from "./refused-role.ts";

/** A role by its name in the cache, with where its session keeps things. */
interface RoleFetch extends TokenRequest {
  readonly ref: RoleRef;
  /** How the settings stood when the store was opened. */
  readonly settingsVersion: string;
}

/**
 * The credentials of a role: cached while they are fresh, else fetched by one caller at a time, else the old ones to
 * their last second. Never a browser, never a prompt.
 * @throws LatchkeyError SIGN_IN_REQUIRED, ACCESS_DENIED, UNREACHABLE, THROTTLED, BAD_RESPONSE, STORAGE_FAILED
 */
export async function roleCredentials(
  context: Context,
  { session, accountId, roleName }: RoleRequest,
  budget: TimeBudget = NO_DEADLINE,
): Promise<RoleCredentials> {
  const ref = createRoleRef(context, { session, accountId, roleName });
  const settingsVersion = readSettingsVersion(context.home, context.env);
  const store = await openTokenStore(context, session);
  const wanted = { ref, session, budget, store, settingsVersion };
  // Only who waited for the lock shares what was fetched just now: a caller that comes later renews in time.
  const decision = readDecision(context, wanted, 0);
  if (decision.action === "use") {
    await markConfig(context, wanted, decision.credentials);
    return decision.credentials;
  }

  const hasFallback = decision.fallback !== undefined;
  const request = hasFallback ? { ...wanted, budget: limitForFallback(context, budget) } : wanted;
  try {
    return await fetchUnderLock(context, request);
  } catch (thrown) {
    return serveFallback(context, request, thrown);
  }
}

/** The key of a role in the cache. */
export function createRoleRef(
  { home, env }: Context,
  { session, accountId, roleName }: RoleRequest,
): RoleRef {
  const configFile = configFileKey(home, env);
  return { session: sessionLabel(session), accountId, roleName, configFile };
}

type CachedRole = Pick<RoleFetch, "store" | "ref" | "session">;

/** What to do about a role by what is cached of it. */
export function readDecision(
  context: Context,
  wanted: CachedRole,
  shareSeconds: number,
): RoleDecision {
  const { store, ref } = wanted;
  const cached = readOwnRole(wanted);
  const decision = decideRole(cached, {
    ref,
    now: context.now(),
    shareSeconds,
    isOfThisSignIn: ({ stamp }) => stamp === store.readMark().stamp,
  });
  trace(() => `${roleLockName(ref)}: ${describeDecision(decision, cached)}`);
  return decision;
}

function describeDecision(
  decision: RoleDecision,
  cached: CachedRoleCredentials | undefined,
): string {
  if (decision.action === "use")
    return `use what is cached, until ${decision.credentials.expiration.toISOString()}`;
  if (cached === undefined) return "fetch, since nothing is cached";
  return decision.fallback === undefined
    ? "fetch, since what is cached has ended"
    : "fetch, since what is cached ends soon or is of another sign-in";
}

/** What is cached of the role, where it is this session's. */
function readOwnRole({ store, ref, session }: CachedRole): CachedRoleCredentials | undefined {
  const cached = store.readRole(ref);
  if (cached === undefined) return undefined;
  const isOfItsToken = (): boolean =>
    store.readMark().stamp === cached.signIn.stamp && store.readNow().kind === "token";
  return isOfSession(cached, session, isOfItsToken) ? cached : undefined;
}

/**
 * Where the config has changed since, and the session is still the same, its present state is noted, so that the next
 * call is hot again. Under the role's lock, or a role that is refused meanwhile would come back; best effort.
 */
async function markConfig(
  context: Context,
  wanted: RoleFetch,
  cached: CachedRoleCredentials,
): Promise<void> {
  const { store, ref, session } = wanted;
  if (store.kind !== "file" || isMarked(cached, session)) return;
  try {
    const options = lockOptions(context, 0);
    await withLock(context.home, roleLockName(ref), options, async () => {
      const current = readDecision(context, wanted, 0);
      if (current.action !== "use") return;
      store.writeRole(ref, { ...current.credentials, ...markOf(session) });
      if (store.readMark().stamp !== current.credentials.signIn.stamp)
        removeRole(context.home, ref);
    });
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
  }
}

function isMarked({ portal, config }: CachedRoleCredentials, session: SsoSession): boolean {
  const wanted = session.config;
  if (portal === undefined) return false;
  return wanted === undefined || (config?.file === wanted.file && config.stamp === wanted.stamp);
}

function markOf({ startUrl, region, config }: SsoSession): Partial<CachedRoleCredentials> {
  return { portal: { startUrl, region }, config };
}

/** Credentials that end soon are better than none; a role that was taken away has none. */
function serveFallback(context: Context, request: RoleFetch, thrown: unknown): RoleCredentials {
  if (!isExpectedFailure(thrown) || hasCode(thrown, "ACCESS_DENIED", "CANCELLED")) throw thrown;
  const cached = readOwnRole(request);
  if (cached === undefined || isPast(cached.expiration, context.now())) throw thrown;
  notice(
    context,
    `serving the credentials from before, good until ${cached.expiration.toISOString().slice(11, 16)}Z: ${thrown.message}`,
  );
  return cached;
}

async function fetchUnderLock(context: Context, request: RoleFetch): Promise<RoleCredentials> {
  const lock = await lockIfPossible(context, request);
  try {
    const decision = readDecision(context, request, request.budget.shareSeconds);
    if (decision.action === "use") return decision.credentials;

    const fetched = await fetchFromPortal(context, request);
    await writeToCache(context, request, fetched);
    return fetched.credentials;
  } finally {
    lock?.release();
  }
}

function roleLockName({ session, accountId, roleName }: RoleRef): string {
  return `the role ${roleName} in ${accountId} of ${session}`;
}

/** Where no disk takes a lock, one fetch too many is better than none. One that is busy is waited for; one that is not safe ends the run. */
async function lockIfPossible(
  context: Context,
  { ref, budget }: RoleFetch,
): Promise<Lock | undefined> {
  const wait = lockMilliseconds(context, budget, false);
  try {
    return await acquireLock(context.home, roleLockName(ref), lockOptions(context, wait));
  } catch (thrown) {
    if (!takesNoLock(thrown)) throw thrown;
    notice(context, `working without a lock: ${thrown.message}`);
    return undefined;
  }
}

/** What the portal gave, and for which token; the mark is from before it was asked, so that a login meanwhile shows. */
interface FetchedRole {
  readonly credentials: RoleCredentials;
  readonly token: string;
  readonly signIn: SignInMark;
}

async function fetchFromPortal(context: Context, request: RoleFetch): Promise<FetchedRole> {
  const { session, ref, store, budget } = request;
  const { fetchRoleCredentials } = await import("../aws/role-credentials.ts");
  const connection = createConnection(context, "SSO", session, waitDeadline(budget));
  let used = { token: "", signIn: store.readMark() };
  const answer = await callWithToken(context, request, (token) => {
    used = { token, signIn: store.readMark() };
    return fetchRoleCredentials(connection, token, ref.accountId, ref.roleName);
  });
  if (answer.kind === "forbidden") {
    removeRoleIfPossible(context, ref);
    recordRefusedRole(context.home, request, { ...ref, refusedAt: context.now() });
    throw await explainRefusedRole(context, request, used.token);
  }
  const credentials = answer.value;
  if (!isPast(credentials.expiration, context.now())) return { credentials, ...used };
  throw clockError(serverClockAheadSeconds(connection) ?? 0);
}

/** A disk that takes nothing costs the next caller a request, and this one nothing. */
async function writeToCache(
  context: Context,
  request: RoleFetch,
  { credentials, token, signIn }: FetchedRole,
): Promise<void> {
  const { store, ref, session } = request;
  try {
    const fetchedAt = context.now();
    store.writeRole(ref, { ...credentials, fetchedAt, signIn, ...markOf(session) });
    forgetRefusedRole(context.home, request, ref);
    if (await wasSignedOut(context, request, token, signIn)) removeRole(context.home, ref);
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(context, `the credentials could not be kept: ${thrown.message}`);
  }
}

/**
 * A logout, or a login that may be another person's, removes the token first and the cached roles then; the choice of
 * another storage removes what lies in the open. One that came while the portal answered has not seen what was saved
 * after it.
 */
async function wasSignedOut(
  context: Context,
  { session, store, settingsVersion }: RoleFetch,
  token: string,
  signIn: SignInMark,
): Promise<boolean> {
  const settingsChanged = readSettingsVersion(context.home, context.env) !== settingsVersion;
  if (settingsChanged && findStorageKind(context, session.name) !== store.kind) return true;
  if (store.readMark().stamp === signIn.stamp) return false;
  const current = await store.read();
  return current?.accessToken !== token;
}

/** Drops what AWS calls expired or invalid, unless others have been fetched since. */
export async function dropRole(
  context: Context,
  request: RoleRequest,
  accessKeyId: string,
): Promise<void> {
  const store = await openTokenStore(context, request.session);
  const ref = createRoleRef(context, request);
  if (store.readRole(ref)?.accessKeyId === accessKeyId) removeRoleIfPossible(context, ref);
}

/** A disk that lets nothing be removed must not hide that the role is gone. */
function removeRoleIfPossible(context: Context, ref: RoleRef): void {
  try {
    removeRole(context.home, ref);
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(context, thrown.message);
  }
}

/** A wrong clock of ours is the usual reason: the service's own, in every answer, tells. */
function clockError(serverAheadSeconds: number): LatchkeyError {
  const hint = isClockWrong(serverAheadSeconds)
    ? `Set the clock of this machine: it is ${clockOffText(serverAheadSeconds)}.`
    : "Try again in a minute.";
  return new LatchkeyError(
    "BAD_RESPONSE",
    "The access portal gave role credentials that have already expired.",
    { hint },
  );
}
