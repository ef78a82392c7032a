import type { Context } from "../context.ts";
import {
  isFresh,
  isStillGood,
  type CachedRoleCredentials,
  type RoleCredentials,
  type RoleRef,
  type RoleRequest,
  type SignInMark,
} from "../model/role.ts";
import { sessionLabel } from "../model/sso-session.ts";
import { duration } from "../text/terminal.ts";
import { LatchkeyError, hasCode, isExpectedFailure } from "../errors.ts";
import { acquireLock, takesNoLock, type Lock } from "../fs/lock.ts";
import {
  isOfThisSignIn,
  readRole,
  readToken,
  removeRole,
  writeRole,
  readSignInMark,
  type Storage,
} from "../token/store.ts";
import { createConnection } from "../aws/connection.ts";
import { notice } from "../terminal/notice.ts";
import { explainRefusedRole } from "./refused-role.ts";
import { findStorageKind, openStorage } from "../token/choose-storage.ts";
import { lockOptions, renewalDeadline, callWithToken, type TokenOptions } from "../token/token.ts";

/** The same, by its name in the cache, with where its session keeps things. */
interface WantedRole extends RoleRequest {
  readonly ref: RoleRef;
  readonly storage: Storage;
}

/** Whoever was in line for the lock takes what the one before has just fetched, however short its life. */
const JUST_FETCHED_MILLISECONDS = 30_000;

/** How long a renewal may take while the old credentials would do: nobody waits for a service that is down. */
const RENEWAL_MILLISECONDS = 5_000;

/**
 * SDKs give a credential_process a minute at most (SDK for Go): everything, waiting and the start of the process
 * included, ends within 45 s; the last second is for the ending.
 */
export const CREDENTIAL_PROCESS_MILLISECONDS = 44_000;

/**
 * The credentials of a role: cached while they are fresh, else fetched by one caller at a time, else the old ones to
 * their last second. Never a browser, never a prompt.
 * @param deadline milliseconds of `context.monotonic()`.
 * @param sharedMilliseconds how old credentials may be that are served although they end soon.
 * @throws LatchkeyError SIGN_IN_REQUIRED, ACCESS_DENIED, UNREACHABLE, THROTTLED, BAD_RESPONSE, STORAGE_FAILED
 */
export async function roleCredentials(
  context: Context,
  request: RoleRequest,
  deadline?: number,
  sharedMilliseconds = JUST_FETCHED_MILLISECONDS,
): Promise<RoleCredentials> {
  const ref: RoleRef = {
    session: sessionLabel(request.session),
    accountId: request.accountId,
    roleName: request.roleName,
  };
  const storage = await openStorage(context, request.session);
  const wanted: WantedRole = { ...request, ref, storage };
  const cached = readCache(wanted);
  if (
    cached !== undefined &&
    isFresh(cached, ref, context.now()) &&
    isOfThisSignIn(storage, cached)
  )
    return cached;
  const hasSpare = cached !== undefined && isStillGood(cached, context.now());
  try {
    return await fetchUnderLock(context, wanted, {
      deadline,
      sharedMilliseconds,
      hurry: hasSpare ? context.monotonic() + RENEWAL_MILLISECONDS : undefined,
    });
  } catch (thrown) {
    return serveFallback(context, wanted, thrown);
  }
}

/** A damaged or foreign cache is a miss: it is rebuilt, not reported. */
function readCache({ storage, ref }: WantedRole): CachedRoleCredentials | undefined {
  try {
    return readRole(storage, ref);
  } catch {
    return undefined;
  }
}

function serveFallback(context: Context, wanted: WantedRole, thrown: unknown): RoleCredentials {
  if (!isExpectedFailure(thrown) || hasCode(thrown, "ACCESS_DENIED", "CANCELLED")) throw thrown;
  const cached = readCache(wanted);
  if (cached === undefined || !isStillGood(cached, context.now())) throw thrown;
  notice(
    context,
    `serving the credentials from before, good until ${cached.expiration.toISOString().slice(11, 16)}Z: ${thrown.message}`,
  );
  return cached;
}

async function fetchUnderLock(
  context: Context,
  wanted: WantedRole,
  options: TokenOptions & { readonly sharedMilliseconds: number },
): Promise<RoleCredentials> {
  const { storage, ref } = wanted;
  const lock = await lockIfPossible(context, ref, renewalDeadline(options));
  try {
    const cached = readCache(wanted);
    if (
      cached !== undefined &&
      isServable(cached, ref, context.now(), options.sharedMilliseconds) &&
      isOfThisSignIn(storage, cached)
    )
      return cached;
    const { credentials, token, signIn } = await fetchFromPortal(context, wanted, options);
    try {
      writeRole(storage, ref, { ...credentials, fetchedAt: context.now(), signIn });
      await removeIfSignedOut(context, wanted, token);
    } catch (thrown) {
      if (!isExpectedFailure(thrown)) throw thrown;
      notice(context, `the credentials could not be kept: ${thrown.message}`);
    }
    return credentials;
  } finally {
    lock?.release();
  }
}

function isServable(
  cached: CachedRoleCredentials,
  ref: RoleRef,
  now: Date,
  sharedMilliseconds: number,
): boolean {
  const age = now.getTime() - cached.fetchedAt.getTime();
  return (
    isFresh(cached, ref, now) || (isStillGood(cached, now) && age >= 0 && age < sharedMilliseconds)
  );
}

/** Where no disk takes a lock, one fetch too many is better than none. One that is busy is waited for; one that is not safe ends the run. */
async function lockIfPossible(
  context: Context,
  ref: RoleRef,
  deadline: number | undefined,
): Promise<Lock | undefined> {
  try {
    return await acquireLock(
      context.home,
      `the role ${ref.roleName} in ${ref.accountId} of ${ref.session}`,
      lockOptions(context, deadline),
    );
  } catch (thrown) {
    if (!takesNoLock(thrown)) throw thrown;
    notice(context, `working without a lock: ${thrown.message}`);
    return undefined;
  }
}

/**
 * A logout, or a login that may be another person's, removes the token first and the cached roles then; the choice of
 * another storage removes what lies in the open. One that came while the portal answered has not seen what was saved
 * after it: it goes here.
 */
async function removeIfSignedOut(
  context: Context,
  { session, storage, ref }: WantedRole,
  token: string,
): Promise<void> {
  const current = await readToken(storage, session, context.sleep);
  if (current?.accessToken !== token || findStorageKind(context, session.name) !== storage.kind)
    removeRole(context.home, ref);
}

/** What the portal gave, and for which token; the mark is from before it was asked, so that a login meanwhile shows. */
interface FetchedRole {
  readonly credentials: RoleCredentials;
  readonly token: string;
  readonly signIn: SignInMark;
}

async function fetchFromPortal(
  context: Context,
  wanted: WantedRole,
  options: TokenOptions,
): Promise<FetchedRole> {
  const { session, accountId, roleName, storage, ref } = wanted;
  const { fetchRoleCredentials } = await import("../aws/portal.ts");
  const connection = createConnection(context, "SSO", session, renewalDeadline(options));
  let used = { token: "", signIn: readSignInMark(storage, session) };
  const answer = await callWithToken(context, session, options, (token) => {
    used = { token, signIn: readSignInMark(storage, session) };
    return fetchRoleCredentials(connection, token, accountId, roleName);
  });
  if (answer === "forbidden") {
    removeRoleIfPossible(context, ref);
    throw await explainRefusedRole(context, wanted, used.token, renewalDeadline(options));
  }
  if (isStillGood(answer, context.now())) return { credentials: answer, ...used };
  const { serverClockAheadSeconds } = await import("../aws/http.ts");
  throw clockError(serverClockAheadSeconds(connection) ?? 0);
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
  const off = Math.abs(serverAheadSeconds) >= CLOCK_TOLERANCE_SECONDS;
  const direction = serverAheadSeconds > 0 ? "behind" : "ahead of";
  const hint = off
    ? `Set the clock of this machine: it is ${duration(Math.abs(serverAheadSeconds))} ${direction} the service's.`
    : "Try again in a minute.";
  return new LatchkeyError(
    "BAD_RESPONSE",
    "The access portal gave role credentials that have already expired.",
    { hint },
  );
}

/** AWS refuses signatures that are off by more. */
const CLOCK_TOLERANCE_SECONDS = 300;
