import type { Context } from "../context.ts";
import {
  isUsable,
  printTokenFile,
  refreshGrant,
  registrationPurpose,
  storedAfterLogin,
  type AccessToken,
  type ClientRegistration,
  type IssuedToken,
} from "../domain/access-token.ts";
import { nextPollStep, type DeviceAuthorization } from "../domain/oauth.ts";
import type { StorageKind } from "../domain/settings.ts";
import type { DevicePromptWords } from "../domain/sign-in-words.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../domain/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { forgetSignIn } from "../files/access-cache.ts";
import { acquireLock, withLock, type Lock } from "../files/lock.ts";
import { loadSettings } from "../files/settings.ts";
import { readCachedRegistration, removeRegistration, saveRegistration } from "../files/token-cache.ts";
import { openToken, readToken, removeSessionRoles, type Storage } from "../files/token-store.ts";
import { connectionTo } from "./connection.ts";
import { notice } from "./notice.ts";
import { openStorageForSignIn, removeTokenElsewhere } from "./storage.ts";
import { accessToken, lockOptions, tokenLockName } from "./token.ts";

/** Signing in by device authorization (RFC 8628). Only an explicit command comes here. */

export interface LoginOptions {
  /** Sign in although the token is good. */
  readonly force: boolean;
  readonly openBrowser: boolean;
  /** Shows the code before anything is waited for. */
  readonly announce: (prompt: DevicePromptWords) => void;
  /** Called while waiting, with the seconds that the code is still good. */
  readonly waiting: (secondsLeft: number) => void;
}

export interface SignedIn {
  readonly session: SsoSession;
  readonly expiresAt: Date;
  readonly refreshable: boolean;
  readonly alreadySignedIn: boolean;
  readonly storage: StorageKind;
  /** false where the service could not be asked whether it still accepts the token. */
  readonly verified: boolean;
}

export async function login(context: Context, session: SsoSession, options: LoginOptions): Promise<SignedIn> {
  const storage = await openStorageForSignIn(context, session);
  if (!options.force) {
    const existing = await existingSignIn(context, session, storage.kind);
    if (existing !== undefined) return existing;
  }
  const before = await readToken(storage, session, context.sleep);
  const lock = await loginLock(context, session);
  try {
    const shared = await signedInMeanwhile(context, session, storage, before);
    return shared ?? (await freshSignIn(context, session, storage, options));
  } finally {
    lock.release();
  }
}

/** Several logins of one session are one: whoever waited shares what the first one got, also where it was killed. */
async function signedInMeanwhile(context: Context, session: SsoSession, storage: Storage, before: AccessToken | undefined): Promise<SignedIn | undefined> {
  const now = await readToken(storage, session, context.sleep);
  if (now === undefined || now.accessToken === before?.accessToken || !isUsable(now, context.now())) return undefined;
  return alreadySignedIn(context, session, storage.kind, now, true);
}

/** Longer than any code is good for. */
const LONGEST_SIGN_IN_MILLISECONDS = 16 * 60_000;

/** The only lock that is held while a person is waited for; nothing but another login waits for it. */
function loginLock(context: Context, session: SsoSession): Promise<Lock> {
  return acquireLock(context.home, `the sign-in to ${sessionLabel(session)}`, {
    ...lockOptions(context, undefined),
    timeoutMilliseconds: LONGEST_SIGN_IN_MILLISECONDS,
    onBusy: () => notice(context, `another sign-in to ${sessionLabel(session)} is under way: waiting for it to end.`),
  });
}

async function freshSignIn(context: Context, session: SsoSession, storage: Storage, options: LoginOptions): Promise<SignedIn> {
  const registration = await registeredClient(context, session);
  const issued = await deviceToken(context, session, registration, options);
  return keepToken(context, session, storage, issued.registration, issued.token);
}

/** The sign-in that is there, refreshed if need be and put to the service once; undefined where a new one is needed. */
async function existingSignIn(context: Context, session: SsoSession, storage: StorageKind): Promise<SignedIn | undefined> {
  let token: AccessToken;
  try {
    token = await accessToken(context, session);
  } catch (thrown) {
    if (thrown instanceof LatchkeyError && thrown.code === "SIGN_IN_REQUIRED") return undefined;
    throw thrown;
  }
  const verdict = await acceptedByPortal(context, session, token);
  if (verdict !== "refused") return alreadySignedIn(context, session, storage, token, verdict === "accepted");
  try {
    const renewed = await accessToken(context, session, { rejected: token.accessToken });
    const secondVerdict = await acceptedByPortal(context, session, renewed);
    return secondVerdict === "refused" ? undefined : alreadySignedIn(context, session, storage, renewed, secondVerdict === "accepted");
  } catch (thrown) {
    if (thrown instanceof LatchkeyError && thrown.code === "SIGN_IN_REQUIRED") return undefined;
    throw thrown;
  }
}

/** One question to the portal. A service that can't be reached says nothing about the token. */
export async function acceptedByPortal(context: Context, session: SsoSession, token: AccessToken): Promise<"accepted" | "refused" | "unknown"> {
  const { isTokenAccepted } = await import("../network/portal.ts");
  try {
    const deadline = context.monotonic() + 5_000;
    return (await isTokenAccepted(connectionTo(context, "SSO", session, deadline), token.accessToken)) ? "accepted" : "refused";
  } catch (thrown) {
    if (thrown instanceof LatchkeyError && ["UNREACHABLE", "THROTTLED", "BAD_RESPONSE"].includes(thrown.code)) return "unknown";
    throw thrown;
  }
}

function alreadySignedIn(context: Context, session: SsoSession, storage: StorageKind, token: AccessToken, verified: boolean): SignedIn {
  return { session, expiresAt: token.expiresAt, refreshable: refreshGrant(token, context.now()) !== undefined, alreadySignedIn: true, storage, verified };
}

export function clientName(context: Context): string {
  const host = context.hostname.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 64);
  return `latchkey on ${host === "" ? "this machine" : host}`;
}

async function registeredClient(context: Context, session: SsoSession): Promise<ClientRegistration> {
  const purpose = registrationPurpose(session, "device");
  const cached = readCachedRegistration(context.home, purpose, context.now());
  if (cached !== undefined) return cached;
  const { registerClient } = await import("../network/oidc.ts");
  const registration = await registerClient(connectionTo(context, "SSO_OIDC", session), {
    clientName: clientName(context),
    scopes: session.registrationScopes,
  });
  saveRegistration(context.home, purpose, registration);
  return registration;
}

/** A cached registration that the service no longer knows is replaced once. */
async function authorization(context: Context, session: SsoSession, registration: ClientRegistration) {
  const { startDeviceAuthorization } = await import("../network/oidc.ts");
  const connection = connectionTo(context, "SSO_OIDC", session);
  const first = await startDeviceAuthorization(connection, registration, session.startUrl);
  if (first !== "registration-refused") return { registration, device: first };
  removeRegistration(context.home, registrationPurpose(session, "device"));
  const fresh = await registeredClient(context, session);
  const second = await startDeviceAuthorization(connection, fresh, session.startUrl);
  if (second !== "registration-refused") return { registration: fresh, device: second };
  throw new LatchkeyError("BAD_RESPONSE", "The sign-in service refuses the client that it has just registered.", { hint: "Check the region of the session: latchkey status" });
}

async function deviceToken(
  context: Context,
  session: SsoSession,
  known: ClientRegistration,
  options: LoginOptions,
): Promise<{ registration: ClientRegistration; token: IssuedToken }> {
  const { registration, device } = await authorization(context, session, known);
  options.announce({
    name: session.name,
    startUrl: session.startUrl,
    userCode: device.userCode,
    url: device.verificationUriComplete,
    clientName: clientName(context),
    opensBrowser: options.openBrowser,
  });
  // Whether an opener was there does not matter: the URL is on the screen.
  if (options.openBrowser) void context.openBrowser(device.verificationUriComplete, browserCommand(context, session));
  return { registration, token: await approvedToken(context, session, registration, device, options) };
}

/** The session's own setting, else the general one, else BROWSER, else the desktop's own way. */
function browserCommand(context: Context, session: SsoSession): string | undefined {
  return loadSettings(context.home, context.env, session.name).browser ?? context.env["BROWSER"];
}

/** Polls at the server's pace until approval, refusal, or the end of the code by a clock that can't be set back. */
async function approvedToken(
  context: Context,
  session: SsoSession,
  registration: ClientRegistration,
  device: DeviceAuthorization,
  options: LoginOptions,
): Promise<IssuedToken> {
  const { askForDeviceToken } = await import("../network/oidc.ts");
  const connection = connectionTo(context, "SSO_OIDC", session);
  const deadline = context.monotonic() + device.expiresInSeconds * 1000;
  let { intervalSeconds } = device;
  for (;;) {
    const pause = Math.min(intervalSeconds * 1000, Math.max(0, deadline - context.monotonic()));
    await sleepShowing(context, pause, deadline, options.waiting);
    if (context.monotonic() >= deadline) throw loginFailed("expired", session);
    const step = nextPollStep(await askForDeviceToken(connection, registration, device.deviceCode), intervalSeconds);
    if (step.kind === "done") return step.token;
    if (step.kind === "failed") throw loginFailed(step.reason, session);
    intervalSeconds = step.intervalSeconds;
  }
}

async function sleepShowing(context: Context, milliseconds: number, deadline: number, waiting: (secondsLeft: number) => void): Promise<void> {
  const end = context.monotonic() + milliseconds;
  while (context.monotonic() < end) {
    waiting(Math.max(0, (deadline - context.monotonic()) / 1000));
    await context.sleep(Math.min(1000, end - context.monotonic()));
  }
}

function loginFailed(reason: "denied" | "expired", session: SsoSession): LatchkeyError {
  const what = reason === "denied" ? "The sign-in was refused on the approval page." : "The code ran out before it was approved.";
  return new LatchkeyError("LOGIN_FAILED", `${what} Nothing was changed for ${sessionLabel(session)}.`, { hint: "Start again: latchkey login" });
}

/** Saved where the session's storage is; role credentials and listings from before go, since they may be another person's. */
async function keepToken(context: Context, session: SsoSession, storage: Storage, registration: ClientRegistration, issued: IssuedToken): Promise<SignedIn> {
  const stored = storedAfterLogin(session, registration, issued);
  await withLock(context.home, tokenLockName(session), lockOptions(context, undefined), async () => {
    openToken(storage, session, 0).commit(printTokenFile(stored));
    removeTokenElsewhere(context, session, storage);
    removeSessionRoles(context.home, sessionLabel(session));
    forgetSignIn(context.home, sessionCacheKey(session));
  });
  const refreshable = issued.refreshToken !== undefined;
  return { session, expiresAt: issued.expiresAt, refreshable, alreadySignedIn: false, storage: storage.kind, verified: true };
}
