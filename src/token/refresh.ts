import type { Context } from "../context.ts";
import {
  buildRefreshEntry,
  formatTokenFile,
  type AccessToken,
  type IssuedToken,
} from "../model/access-token.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isExpectedFailure } from "../errors.ts";
import { lockOptions, withLock } from "../fs/lock.ts";
import type { Replacement } from "../fs/replace.ts";
import { createConnection } from "../aws/connection.ts";
import type { GrantAnswer } from "../aws/grants.ts";
import { isPast } from "../text/instant.ts";
import { trace } from "../trace.ts";
import { notice } from "../terminal/notice.ts";
import {
  decide,
  decideWithoutRefresh,
  describeDecision,
  signInRequired,
  takeToken,
  type RefreshDecision,
} from "./decide.ts";
import { recordRefusal, tokenFacts } from "./facts.ts";
import { continueSignIn } from "./sign-in-id.ts";
import type { TokenRequest } from "./store.ts";
import { lockMilliseconds, refreshDeadline } from "./time-budget.ts";

/**
 * Refreshes a token: takes the lock, reads the token again, exchanges the refresh token, and writes the new token.
 *
 * Other AWS clients refresh the same file without a lock. So the file is read again under the lock, after a refusal,
 * and just before the write. If the refresh token in the file has changed since, another process has stored a newer
 * token, and latchkey does not overwrite it.
 */

export function tokenLockName(session: SsoSession): string {
  return `the token of ${sessionLabel(session)}`;
}

/**
 * Refreshes the token. If that fails (offline, throttled, lock not free, disk full) and the old token is still valid,
 * returns the old token.
 */
export async function refreshOrFallBack(
  context: Context,
  request: TokenRequest,
  decision: RefreshDecision,
): Promise<AccessToken> {
  const { session, budget } = request;
  const wait = lockMilliseconds(context, budget, decision.isStillValid);
  try {
    return await withLock(context.home, tokenLockName(session), lockOptions(context, wait), () =>
      refreshUnderLock(context, request),
    );
  } catch (thrown) {
    if (!isExpectedFailure(thrown) || thrown.code === "CANCELLED") throw thrown;
    const state = request.store.readNow();
    const fallback = state.kind === "token" ? state.token : undefined;
    if (fallback === undefined || !isStillValid(context, request, fallback)) throw thrown;
    notice(
      context,
      `the token of ${sessionLabel(session)} could not be renewed: ${thrown.message}`,
    );
    return fallback;
  }
}

function isStillValid(context: Context, request: TokenRequest, token: AccessToken): boolean {
  return decideWithoutRefresh(token, tokenFacts(context, request)).action === "use";
}

/** Refreshes the token. If the process that held the lock before has just refreshed it, returns that token. */
async function refreshUnderLock(context: Context, request: TokenRequest): Promise<AccessToken> {
  const decision = decide(await request.store.read(), tokenFacts(context, request));
  trace(() => `under its lock: ${describeDecision(request.session, decision, context.now())}`);
  return decision.action === "refresh"
    ? exchangeRefreshToken(context, request, decision)
    : takeToken(request.session, decision);
}

/**
 * Exchanges the refresh token. Opens the new token file and reserves its length first: a refresh token works only once,
 * so storing the new token must not fail.
 */
async function exchangeRefreshToken(
  context: Context,
  request: TokenRequest,
  refresh: RefreshDecision,
): Promise<AccessToken> {
  const { session, store, budget } = request;
  const { token, grant, isStillValid } = refresh;
  const file = store.open(formatTokenFile(token.stored).length);
  let answer: GrantAnswer;
  try {
    const { refreshAccessToken } = await import("../aws/oidc.ts");
    const deadline = refreshDeadline(context, budget, isStillValid);
    answer = await refreshAccessToken(
      createConnection(context, "SSO_OIDC", session, deadline),
      grant,
    );
  } catch (thrown) {
    file.abandon();
    throw thrown;
  }
  if (answer.kind === "token")
    return saveRefreshed(context, request, { refresh, file, issued: answer.token });
  file.abandon();
  return rereadAfterRefusal(context, request, refresh);
}

interface Exchange {
  readonly refresh: RefreshDecision;
  /** The temporary file that is open and will replace the token file. */
  readonly file: Replacement;
  readonly issued: IssuedToken;
}

/**
 * Writes the new token, but only if the file still contains the refresh token that was sent, or is half-written because
 * its writer was killed. All of it is synchronous, so that no signal handler runs.
 */
function saveRefreshed(
  context: Context,
  { session, store }: TokenRequest,
  { refresh: { token: before, grant }, file, issued }: Exchange,
): AccessToken {
  const current = store.readNow();
  const currentToken = current.kind === "token" ? current.token : undefined;
  if (current.kind !== "torn" && currentToken?.refreshToken !== grant.refreshToken) {
    file.abandon();
    if (currentToken === undefined || isPast(currentToken.expiresAt, context.now()))
      throw signInRequired(session, "was signed out meanwhile");
    return currentToken;
  }

  const stored = buildRefreshEntry(before, session, issued);
  try {
    continueSignIn(context.home, session, store, () => file.commit(formatTokenFile(stored)));
  } catch (thrown) {
    if (!isExpectedFailure(thrown)) throw thrown;
    notice(
      context,
      `the renewed token of ${sessionLabel(session)} could not be kept: ${thrown.message}`,
    );
  }
  const refreshToken = issued.refreshToken ?? before.refreshToken;
  return { ...before, ...issued, refreshToken, stored };
}

/**
 * Waits between attempts to read the file again. Another client, which uses no lock, may have refreshed first and be
 * still writing.
 */
const REREAD_MILLISECONDS = [50, 200, 500, 1000];

async function rereadAfterRefusal(
  context: Context,
  request: TokenRequest,
  { grant, token }: RefreshDecision,
): Promise<AccessToken> {
  const { session, store } = request;
  for (const pause of REREAD_MILLISECONDS) {
    await context.sleep(pause);
    const current = await store.read();
    const isNewer = current !== undefined && current.refreshToken !== grant.refreshToken;
    if (isNewer && isStillValid(context, request, current)) return current;
  }
  recordRefusal(context.home, session, grant.refreshToken);
  return takeToken(session, decideWithoutRefresh(token, tokenFacts(context, request)));
}
