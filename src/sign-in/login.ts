import type { Context } from "../context.ts";
import {
  formatTokenFile,
  refreshGrant,
  buildLoginEntry,
  type AccessToken,
} from "../model/access-token.ts";
import type { StorageKind } from "../settings/settings.ts";
import { decideSignIn, findAutomationMark, type AutomationMark } from "../model/login-method.ts";
import { loginCommand, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { hasCode, isExpectedFailure, LatchkeyError } from "../errors.ts";
import { CLOCK_CURE, findClockFault } from "../aws/call/clock.ts";
import { readSettings } from "../settings/file.ts";
import { readSessions } from "../profiles/profile.ts";
import { createNoSessionError, readConfig } from "../profiles/select.ts";
import { endListings } from "../access/kept.ts";
import { acquireLock, lockOptions, withLock, type Lock } from "../fs/lock.ts";
import { isPast } from "../text/instant.ts";
import { notice } from "../terminal/notice.ts";
import { runDeviceFlow, type IssuedSignIn } from "./device.ts";
import { chooseSignInMethod, type SignInMethod, type SignInOptions } from "./method.ts";
import { writeRegion, findPortal, type Portal } from "./portal-address.ts";
import { runRedirectFlow } from "./redirect/flow.ts";
import { openSealedStore, openSharedStore, openTokenStoreForSignIn } from "../token/open-store.ts";
import { describeForeignToken } from "../token/decide.ts";
import { tokenLockName } from "../token/refresh.ts";
import { removeSessionRoles } from "../token/role-cache.ts";
import { startSignIn } from "../token/sign-in-id.ts";
import type { TokenRequest } from "../token/store.ts";
import { NO_DEADLINE } from "../token/time-budget.ts";
import { accessToken } from "../token/token.ts";
import { isOwnToken } from "./registration.ts";
import { askPortal } from "./status.ts";

/**
 * Signs in, unless the existing sign-in is usable. Runs only if a user asks for it: with `login`, or by answering a
 * question with "yes".
 */

export interface LoginOptions extends SignInOptions {
  /** Whether to sign in even if the token is valid. */
  readonly force: boolean;
}

export interface LoginResult {
  readonly session: SsoSession;
  readonly expiresAt: Date;
  readonly refreshable: boolean;
  readonly alreadySignedIn: boolean;
  readonly storage: StorageKind;
  /** false if the service could not be asked whether it still accepts the token. */
  readonly verified: boolean;
}

export async function login(
  context: Context,
  session: SsoSession,
  options: LoginOptions,
): Promise<LoginResult> {
  const result = await signInUnlessGood(context, session, options);
  const fault = findClockFault(context);
  if (fault !== undefined) notice(context, `${fault}: AWS refuses its signatures. ${CLOCK_CURE}`);
  return result;
}

async function signInUnlessGood(
  context: Context,
  session: SsoSession,
  options: LoginOptions,
): Promise<LoginResult> {
  const store = await openTokenStoreForSignIn(context, session);
  const request = { session, store, budget: NO_DEADLINE };
  // Read before the check: if another login ends between the two, its token must not count as the old one.
  const before = await store.read();
  const existing = options.force ? { refused: [] } : await checkExistingSignIn(context, request);
  if ("signedIn" in existing) return existing.signedIn;
  refuseForAutomation(context, session);
  // Usage errors are reported before latchkey waits for anything.
  const manner = await chooseSignInMethod(context, session, options);
  const lock = await loginLock(context, session);
  try {
    const old = [before?.accessToken, ...existing.refused];
    const shared = await findConcurrentLogin(context, request, old);
    return shared ?? (await signIn(context, request, manner));
  } finally {
    lock.release();
  }
}

/** Refuses in CI jobs and coding agents, because a person must approve. @throws LatchkeyError SIGN_IN_REQUIRED */
function refuseForAutomation({ env, home, terminal }: Context, session: SsoSession): void {
  const decision = decideSignIn({
    isCommand: true,
    interactive: terminal.interactive,
    mark: findAutomationMark(env),
    settings: readSettings(home, env, session.name),
  });
  if (decision.action !== "refuse") return;
  throw new LatchkeyError(
    "SIGN_IN_REQUIRED",
    `Signing in to ${sessionLabel(session)} requires a person${describeMark(decision.mark)}.`,
    { hint: `Run in a terminal of your own: ${loginCommand(session)}` },
  );
}

function describeMark(mark: AutomationMark | undefined): string {
  if (mark === undefined) return "";
  const who = mark.kind === "agent" ? "a coding agent" : "a CI job";
  return `, but ${who} runs this command (${mark.variable} is set)`;
}

/** The result for one session of `login --all`. */
export type LoginOfAll =
  | { readonly label: string; readonly result: LoginResult; readonly error?: undefined }
  | { readonly label: string; readonly result?: undefined; readonly error: LatchkeyError };

/**
 * Signs in to every session of the config, one after the other. If a sign-in fails, continues with the next session.
 * @param report called with each result
 * @throws LatchkeyError CANCELLED, CONFIG_INVALID if the config has no session
 */
export async function loginAll(
  context: Context,
  options: LoginOptions,
  report: (one: LoginOfAll) => void,
): Promise<LoginOfAll[]> {
  const source = readConfig(context);
  const { sessions, refused } = readSessions(source);
  if (sessions.length + refused.length === 0) throw createNoSessionError(source);
  const ended: LoginOfAll[] = [];
  const end = (one: LoginOfAll): void => {
    ended.push(one);
    report(one);
  };
  for (const session of sessions) {
    const label = sessionLabel(session);
    try {
      end({ label, result: await login(context, session, options) });
    } catch (thrown) {
      if (!isExpectedFailure(thrown) || hasCode(thrown, "CANCELLED")) throw thrown;
      end({ label, error: thrown });
    }
  }
  for (const { name, error } of refused) end({ label: name, error });
  return ended;
}

/**
 * Returns the result of another login of the same session that ended while this login waited for the lock. This login
 * then uses that token, even if the other process was killed.
 */
async function findConcurrentLogin(
  context: Context,
  request: TokenRequest,
  old: ReadonlyArray<string | undefined>,
): Promise<LoginResult | undefined> {
  const token = await request.store.read();
  if (token === undefined || old.includes(token.accessToken)) return undefined;
  return isPast(token.expiresAt, context.now())
    ? undefined
    : toLoginResult(context, request, token);
}

/** The bytes to reserve. The file with a token and its registration is smaller than 4 KiB. */
const TOKEN_RESERVE_BYTES = 4096;

/** The maximum wait for another login. No code is valid for so long. */
const LONGEST_SIGN_IN_MILLISECONDS = 16 * 60_000;

/** This is the only lock that is held while latchkey waits for a user. Only another login waits for it. */
function loginLock(context: Context, session: SsoSession): Promise<Lock> {
  return acquireLock(context.home, `the sign-in to ${sessionLabel(session)}`, {
    ...lockOptions(context, LONGEST_SIGN_IN_MILLISECONDS),
    onBusy: () =>
      notice(
        context,
        `another sign-in to ${sessionLabel(session)} is in progress; waiting for it to end.`,
      ),
  });
}

async function signIn(
  context: Context,
  { session, store, budget }: TokenRequest,
  manner: SignInMethod,
): Promise<LoginResult> {
  // Reserves the space first, so that a full disk fails before a person approves anything.
  store.open(TOKEN_RESERVE_BYTES).abandon();
  const portal = await findPortal(context, session);
  const issued = await runFlow(context, portal, manner);
  await writeRegion(context, session, portal);
  return writeToken(context, { session: portal.session, store, budget }, issued);
}

/** Runs the chosen flow. If `auto` chose the redirect and no port can be opened, uses a code instead. */
async function runFlow(
  context: Context,
  portal: Portal,
  manner: SignInMethod,
): Promise<IssuedSignIn> {
  if (manner.flow === "device") return runDeviceFlow(context, portal, manner);
  const { listenForRedirect } = await import("./redirect/loopback.ts");
  const listener = await listenForRedirect(manner.redirectPort).catch((thrown: unknown) => {
    if (!manner.isAutomatic || !isExpectedFailure(thrown)) throw thrown;
    notice(context, `${thrown.message} Signing in with a code instead.`);
    return undefined;
  });
  return listener === undefined
    ? runDeviceFlow(context, portal, manner)
    : runRedirectFlow(context, portal, manner, listener);
}

/** A usable sign-in, or the access tokens that the portal refused. */
type ExistingSignIn = { readonly signedIn: LoginResult } | { readonly refused: readonly string[] };

/** Asks the portal whether it accepts the existing token. If it refuses, refreshes the token once. */
async function checkExistingSignIn(
  context: Context,
  request: TokenRequest,
): Promise<ExistingSignIn> {
  const refused: string[] = [];
  try {
    for (const _ of ["as it is", "refreshed"]) {
      const rejectedToken = refused.at(-1);
      const token = await accessToken(context, { ...request, rejectedToken });
      const verdict = await askPortal(context, request.session, token);
      const verified = verdict === "accepted";
      if (verdict !== "refused")
        return { signedIn: { ...toLoginResult(context, request, token), verified } };
      refused.push(token.accessToken);
    }
    return { refused };
  } catch (thrown) {
    if (hasCode(thrown, "SIGN_IN_REQUIRED")) return { refused };
    throw thrown;
  }
}

function toLoginResult(
  { now }: Context,
  { session, store }: TokenRequest,
  token: AccessToken,
): LoginResult {
  return {
    session,
    expiresAt: token.expiresAt,
    refreshable: refreshGrant(token, now()) !== undefined,
    alreadySignedIn: true,
    storage: store.kind,
    verified: true,
  };
}

/** Writes the token. Removes older role credentials and listings, because they may be another user's. */
async function writeToken(
  context: Context,
  { session, store }: TokenRequest,
  { registration, token: issued }: IssuedSignIn,
): Promise<LoginResult> {
  const { home } = context;
  const stored = buildLoginEntry(session, registration, issued);
  await withLock(home, tokenLockName(session), lockOptions(context), async () => {
    const before = store.readNow();
    if (before.kind === "foreign")
      notice(
        context,
        `${sessionLabel(session)}: ${describeForeignToken(before.portal)}, and is replaced`,
      );
    store.open(0).commit(formatTokenFile(stored));
    removeTokenElsewhere(context, session, store.kind);
    removeSessionRoles(home, sessionLabel(session));
    endListings(home, session);
    startSignIn(home, session, store);
  });
  return {
    session,
    expiresAt: issued.expiresAt,
    refreshable: issued.refreshToken !== undefined,
    alreadySignedIn: false,
    storage: store.kind,
    verified: true,
  };
}

/** Removes the older token from the other storage. Does not remove another tool's token from the shared cache. */
function removeTokenElsewhere(context: Context, session: SsoSession, kind: StorageKind): void {
  if (kind === "file") {
    openSealedStore(context, session, undefined).remove();
    return;
  }
  const shared = openSharedStore(context, session);
  const state = shared.readNow();
  if (state.kind === "absent" || state.kind === "foreign") return;
  if (state.kind === "token" && isOwnToken(context.home, state.token)) shared.remove();
  else
    notice(
      context,
      `another tool's token of ${sessionLabel(session)} stays in ~/.aws/sso/cache, readable without the keychain: latchkey logout removes both.`,
    );
}
