import type { Context } from "../context.ts";
import {
  isUsable,
  formatTokenFile,
  REFRESH_WINDOW_SECONDS,
  refreshGrant,
  buildRefreshEntry,
  type AccessToken,
  type IssuedToken,
  type RefreshGrant,
} from "../model/access-token.ts";
import {
  loginCommand,
  sessionCacheKey,
  sessionLabel,
  type SsoSession,
} from "../model/sso-session.ts";
import { LatchkeyError, isExpectedFailure } from "../errors.ts";
import { withLock, type LockOptions } from "../fs/lock.ts";
import type { Replacement } from "../fs/replace.ts";
import { recordRefusal, wasRefused } from "./shared-store.ts";
import { openToken, readToken, readTokenNow, type Storage } from "./store.ts";
import type { Refusal } from "../aws/portal.ts";
import { createConnection } from "../aws/connection.ts";
import { notice } from "../terminal/notice.ts";
import { openStorage } from "./choose-storage.ts";
import { continueSignIn } from "./sign-in-trace.ts";

/**
 * The access token of a session: cached, else silently refreshed, by one process at a time, else SIGN_IN_REQUIRED.
 * It never starts a login.
 *
 * Other AWS clients refresh the same file without a lock. So the file is read again under the lock, after a refusal,
 * and right before the write; a refresh token that changed meanwhile is somebody's newer work and stays.
 */
export interface TokenOptions {
  /** Milliseconds of `context.monotonic()`. */
  readonly deadline?: number | undefined;
  /** When the caller would rather use what it has. A refresh under way is waited for all the same: cut off, its answer may be the only copy of the new token. */
  readonly hurry?: number | undefined;
  /** An access token that the portal has just refused although it has not expired: not good enough. */
  readonly rejected?: string | undefined;
}

/** The same, with where the token is kept. */
interface StoredTokenOptions extends TokenOptions {
  readonly storage: Storage;
}

/** Inside a caller's 45 s: the rest is for the portal. */
const LOCK_MILLISECONDS = 30_000;

/** How long the lock is waited for, and how long the service is asked, where the old token or old role credentials would do. */
const SPARE_LOCK_MILLISECONDS = 5_000;
const SPARE_REFRESH_MILLISECONDS = 10_000;

export async function accessToken(
  context: Context,
  session: SsoSession,
  given: TokenOptions = {},
): Promise<AccessToken> {
  const options = { ...given, storage: await openStorage(context, session) };
  const token = await readToken(options.storage, session, context.sleep);
  if (token !== undefined && isFresh(token, context, options)) return token;
  if (token === undefined) throw signInRequired(session, "has no token on this machine");
  if (findUsableGrant(token, context, session) === undefined)
    return useAsLastResort(token, context, session, options);
  const lock = lockOptions(
    context,
    renewalDeadline(options),
    canBeLastResort(token, context, options) ? SPARE_LOCK_MILLISECONDS : LOCK_MILLISECONDS,
  );
  try {
    return await withLock(context.home, tokenLockName(session), lock, () =>
      refreshUnderLock(context, session, options),
    );
  } catch (thrown) {
    return useToTheEnd(context, session, options, thrown);
  }
}

/** Offline, throttled, a lock that stays taken, or a disk that takes no token: what is still valid is still served. */
function useToTheEnd(
  context: Context,
  session: SsoSession,
  options: StoredTokenOptions,
  thrown: unknown,
): AccessToken {
  if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
  const current = readTokenNow(options.storage, session);
  if (current === undefined || current === "torn" || !canBeLastResort(current, context, options))
    throw thrown;
  notice(context, `the token of ${sessionLabel(session)} could not be renewed: ${thrown.message}`);
  return current;
}

/** Milliseconds of `context.monotonic()` until which an answer that can be had again is waited for. */
export function renewalDeadline({ deadline, hurry }: TokenOptions): number | undefined {
  return deadline === undefined || hurry === undefined
    ? (deadline ?? hurry)
    : Math.min(deadline, hurry);
}

export function tokenLockName(session: SsoSession): string {
  return `the token of ${sessionLabel(session)}`;
}

export function lockOptions(
  context: Context,
  deadline: number | undefined,
  most = LOCK_MILLISECONDS,
): LockOptions {
  const left = deadline === undefined ? most : deadline - context.monotonic();
  return {
    timeoutMilliseconds: Math.max(0, Math.min(most, left)),
    monotonic: context.monotonic,
    sleep: context.sleep,
    env: context.env,
  };
}

/**
 * Calls the portal with a good token; where it answers 401 to a token that has not expired, refreshes once and asks once
 * more (revoked tokens that look valid are real: aws-cli issue 7340).
 */
export async function callWithToken<T>(
  context: Context,
  session: SsoSession,
  options: TokenOptions,
  call: (token: string) => Promise<T | Refusal>,
): Promise<Exclude<T, Refusal> | "forbidden"> {
  const first = await accessToken(context, session, options);
  const answer = await call(first.accessToken);
  if (answer !== "unauthorized") return answer as Exclude<T, Refusal> | "forbidden";
  const second = await accessToken(context, session, { ...options, rejected: first.accessToken });
  const answerToSecond = await call(second.accessToken);
  if (answerToSecond === "unauthorized")
    throw signInRequired(session, "is no longer accepted by AWS");
  return answerToSecond as Exclude<T, Refusal> | "forbidden";
}

export function signInRequired(session: SsoSession, what: string): LatchkeyError {
  const named =
    session.name === undefined
      ? `The SSO session at ${session.startUrl}`
      : `The SSO session "${session.name}"`;
  return new LatchkeyError("SIGN_IN_REQUIRED", `${named} ${what}.`, {
    hint: loginCommand(session),
  });
}

function isFresh(token: AccessToken, context: Context, options: TokenOptions): boolean {
  return (
    isUsable(token, context.now(), REFRESH_WINDOW_SECONDS) && token.accessToken !== options.rejected
  );
}

/** What a refresh needs; undefined also where the service has refused this very refresh token: no one queues to ask again. */
export function findUsableGrant(
  token: AccessToken,
  context: Context,
  session: SsoSession,
): RefreshGrant | undefined {
  const grant = refreshGrant(token, context.now());
  return grant !== undefined &&
    wasRefused(context.home, sessionCacheKey(session), grant.refreshToken)
    ? undefined
    : grant;
}

/** A token that should have been refreshed but can't be is used to its last second, unless it was refused. */
function useAsLastResort(
  token: AccessToken,
  context: Context,
  session: SsoSession,
  options: TokenOptions,
): AccessToken {
  if (token.accessToken === options.rejected)
    throw signInRequired(session, "is no longer accepted by AWS");
  if (isUsable(token, context.now())) return token;
  throw signInRequired(session, "has expired");
}

function canBeLastResort(token: AccessToken, context: Context, options: TokenOptions): boolean {
  return isUsable(token, context.now()) && token.accessToken !== options.rejected;
}

async function refreshUnderLock(
  context: Context,
  session: SsoSession,
  options: StoredTokenOptions,
): Promise<AccessToken> {
  const token = await readToken(options.storage, session, context.sleep);
  if (token === undefined) throw signInRequired(session, "has no token on this machine");
  if (isFresh(token, context, options)) return token;
  const grant = findUsableGrant(token, context, session);
  if (grant === undefined) return useAsLastResort(token, context, session, options);
  return exchangeRefreshToken(context, session, { token, grant, options });
}

/** A token as it was read, and what is sent to renew it. */
interface Refresh {
  readonly token: AccessToken;
  readonly grant: RefreshGrant;
  readonly options: StoredTokenOptions;
}

/** The file is opened, and its length reserved, first: a token that could not be kept must not be spent. */
async function exchangeRefreshToken(
  context: Context,
  session: SsoSession,
  refresh: Refresh,
): Promise<AccessToken> {
  const { token, grant, options } = refresh;
  const file = openToken(options.storage, session, formatTokenFile(token.stored).length);
  let issued: IssuedToken | "refused";
  try {
    const { refreshAccessToken } = await import("../aws/oidc.ts");
    const hasSpare = options.hurry !== undefined || canBeLastResort(token, context, options);
    const hurry = hasSpare ? context.monotonic() + SPARE_REFRESH_MILLISECONDS : undefined;
    issued = await refreshAccessToken(
      createConnection(
        context,
        "SSO_OIDC",
        session,
        renewalDeadline({ deadline: options.deadline, hurry }),
      ),
      grant,
    );
  } catch (thrown) {
    file.abandon();
    throw thrown;
  }
  if (issued !== "refused") return saveRefreshed(context, session, { ...refresh, file }, issued);
  file.abandon();
  return rereadAfterRefusal(context, session, refresh);
}

/**
 * Compare and swap: written only where the file still holds the refresh token that was sent, or nothing whole, as after
 * a writer that died. Nothing here lets a signal in.
 */
function saveRefreshed(
  context: Context,
  session: SsoSession,
  { token: before, grant, options, file }: Refresh & { readonly file: Replacement },
  issued: IssuedToken,
): AccessToken {
  const current = readTokenNow(options.storage, session);
  if (current !== "torn" && current?.refreshToken !== grant.refreshToken) {
    file.abandon();
    if (current !== undefined && isUsable(current, context.now())) return current;
    throw signInRequired(session, "was signed out meanwhile");
  }
  const stored = buildRefreshEntry(before, session, issued);
  const renewed = {
    ...before,
    ...issued,
    refreshToken: issued.refreshToken ?? before.refreshToken,
    stored,
  };
  try {
    file.commit(formatTokenFile(stored));
    continueSignIn(context.home, sessionCacheKey(session), before, renewed);
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(
      context,
      `the renewed token of ${sessionLabel(session)} could not be kept: ${thrown.message}`,
    );
  }
  return renewed;
}

/** The moments at which a refresher without a lock, whose token beat ours, may be caught finishing its write. */
const REREAD_MILLISECONDS = [50, 200, 500, 1000];

async function rereadAfterRefusal(
  context: Context,
  session: SsoSession,
  { token, grant, options }: Refresh,
): Promise<AccessToken> {
  for (const pause of REREAD_MILLISECONDS) {
    await context.sleep(pause);
    const current = await readToken(options.storage, session, context.sleep);
    if (
      current !== undefined &&
      current.refreshToken !== grant.refreshToken &&
      canBeLastResort(current, context, options)
    )
      return current;
  }
  try {
    recordRefusal(context.home, sessionCacheKey(session), grant.refreshToken);
  } catch {
    // Not remembered: the next caller asks once more, and is refused as well.
  }
  return useAsLastResort(token, context, session, options);
}
