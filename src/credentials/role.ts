import type { Context } from "../context.ts";
import type { RoleCredentials, RoleRef, RoleRequest, SignInMark } from "../model/role.ts";
import { isPast } from "../text/instant.ts";
import { LatchkeyError, hasCode, isExpectedFailure } from "../errors.ts";
import { acquireLock, lockOptions, takesNoLock, type Lock } from "../fs/lock.ts";
import { forgetRefusedRole, recordRefusedRole } from "../access/sign-in-notes.ts";
import { createConnection } from "../aws/connection.ts";
import { clockOffText, isClockWrong, serverClockAheadSeconds } from "../aws/call/clock.ts";
import { notice } from "../terminal/notice.ts";
import { readSettingsVersion } from "../settings/file.ts";
import { findStorageKind, openTokenStore } from "../token/open-store.ts";
import { removeRole } from "../token/role-cache.ts";
import {
  limitForFallback,
  lockMilliseconds,
  NO_DEADLINE,
  waitDeadline,
  type TimeBudget,
} from "../token/time-budget.ts";
import { readMarkOf, type TokenRequest } from "../token/store.ts";
import { callWithToken } from "../token/token.ts";
import {
  createRoleRef,
  markConfig,
  markOf,
  readDecision,
  readOwnRole,
  roleLockName,
} from "./cached-role.ts";
import { explainRefusedRole } from "./refused-role.ts";

/** A role's key in the cache, and the store of its session. */
interface RoleFetch extends TokenRequest {
  readonly ref: RoleRef;
  /** Identifies the settings file as it was when the store was opened, to detect a change. */
  readonly settingsVersion: string;
}

/**
 * Returns the credentials of a role. Uses cached ones while they are fresh; otherwise one caller at a time fetches new
 * ones. If that fails, uses the cached ones until they expire. Never opens a browser, never asks a question.
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
  // 0: cached credentials that expire soon are renewed, even if they were fetched a moment ago. Only callers that
  // waited for the lock share such credentials.
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

/** Returns cached credentials that have not expired. If there are none, or access was denied, throws the failure. */
function serveFallback(context: Context, request: RoleFetch, thrown: unknown): RoleCredentials {
  if (!isExpectedFailure(thrown) || hasCode(thrown, "ACCESS_DENIED", "CANCELLED")) throw thrown;
  const cached = readOwnRole(request);
  if (cached === undefined || isPast(cached.expiration, context.now())) throw thrown;
  notice(
    context,
    `using the cached credentials, good until ${cached.expiration.toISOString().slice(11, 16)}Z: ${thrown.message}`,
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

/**
 * Takes the lock. If no lock can be written to disk, continues without one: an extra request is better than a failure.
 * Waits for a busy lock; an unsafe one is an error.
 */
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

/**
 * The portal's answer and the token used. `signIn` is the mark of the sign-in before the request, to detect a login
 * meanwhile.
 */
interface FetchedRole {
  readonly credentials: RoleCredentials;
  readonly token: string;
  readonly signIn: SignInMark;
}

async function fetchFromPortal(context: Context, request: RoleFetch): Promise<FetchedRole> {
  const { session, ref, store, budget } = request;
  const { fetchRoleCredentials } = await import("../aws/role-credentials.ts");
  const connection = createConnection(context, "SSO", session, waitDeadline(budget));
  const before = store.readMark();
  let used = { token: "", signIn: before };
  const answer = await callWithToken(context, request, (token) => {
    used = { token, signIn: readMarkOf(store, token, before) };
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

/** Caches the credentials. If the disk can't be written, the call still succeeds and the next one sends a request. */
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
    notice(context, `the credentials could not be cached: ${thrown.message}`);
  }
}

/**
 * Returns whether the cached credentials must be removed again. A logout, or another person's login, removes the token
 * and then the cached roles; a change of storage removes the unencrypted files. If that happened during the request to
 * the portal, the credentials were written after that removal.
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

/** Removes credentials that AWS called expired or invalid, unless newer ones were fetched since. */
export async function dropRole(
  context: Context,
  request: RoleRequest,
  accessKeyId: string,
): Promise<void> {
  const store = await openTokenStore(context, request.session);
  const ref = createRoleRef(context, request);
  if (store.readRole(ref)?.accessKeyId === accessKeyId) removeRoleIfPossible(context, ref);
}

/** A disk error here must not hide that the role was refused. */
function removeRoleIfPossible(context: Context, ref: RoleRef): void {
  try {
    removeRole(context.home, ref);
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(context, thrown.message);
  }
}

/** This machine's clock is the usual cause; the `Date` of the service's answers shows it. */
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
