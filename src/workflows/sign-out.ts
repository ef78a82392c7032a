import type { Context } from "../context.ts";
import { isUsable, type AccessToken } from "../domain/access-token.ts";
import { isRegion } from "../domain/partition.ts";
import { allSessions } from "../domain/profile.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../domain/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { withLock } from "../files/lock.ts";
import { readForeignTokens, removeCliRoleCredentials, removeTokenFile } from "../files/sign-out-sweep.ts";
import { readToken, removeRegistrations, removeSessionRoles, removeToken } from "../files/token-cache.ts";
import { connectionTo, type Place } from "./connection.ts";
import { readConfig } from "./selection.ts";
import { lockOptions, tokenLockName } from "./token.ts";

/** Signing out: the token is ended at the service, then removed here with what it got, whatever the service said. */

export interface SignedOut {
  /** The session's name or start URL. */
  readonly label: string;
  readonly hadToken: boolean;
  /** Whether the service confirmed that the token is dead. */
  readonly revoked: boolean;
  readonly removed: readonly string[];
}

/** @param forget also drops what this machine registered itself as: the next sign-in introduces it anew. */
export async function logout(context: Context, session: SsoSession, forget: boolean): Promise<SignedOut> {
  return withLock(context.home, tokenLockName(session), lockOptions(context, undefined), async () => {
    const token = await readToken(context.home, session, context.sleep);
    const revoked = token !== undefined && isUsable(token, context.now()) && (await revokedAtPortal(context, session, token));
    const key = sessionCacheKey(session);
    const file = removeToken(context.home, key);
    const registrations = forget ? removeRegistrations(context.home, sessionLabel(session)) : [];
    const removed = [...(file === undefined ? [] : [file]), ...removeSessionRoles(context.home, sessionLabel(session)), ...registrations];
    return { label: sessionLabel(session), hadToken: token !== undefined, revoked, removed };
  });
}

/** Every session of the config, then every other token in the shared cache, then the AWS CLI's role credentials. */
export async function logoutAll(context: Context, forget: boolean): Promise<SignedOut[]> {
  const known: SignedOut[] = [];
  for (const session of allSessions(readConfig(context))) known.push(await logout(context, session, forget));
  for (const { path, startUrl, region, token } of readForeignTokens(context.home)) {
    const revoked = region !== undefined && isRegion(region) && isUsable(token, context.now()) && (await revokedAtPortal(context, { region }, token));
    removeTokenFile(path);
    known.push({ label: startUrl ?? path, hadToken: true, revoked, removed: [path] });
  }
  const forgotten = forget ? removeRegistrations(context.home, undefined) : [];
  if (forgotten.length > 0) known.push({ label: "sessions that the config no longer has", hadToken: false, revoked: false, removed: forgotten });
  const swept = removeCliRoleCredentials(context.home);
  if (swept.length > 0) known.push({ label: "the AWS CLI's cache", hadToken: false, revoked: false, removed: swept });
  return known.filter(({ removed }) => removed.length > 0);
}

async function revokedAtPortal(context: Context, place: Place, token: AccessToken): Promise<boolean> {
  const portal = await import("../network/portal.ts");
  try {
    await portal.logout(connectionTo(context, "SSO", place, context.monotonic() + 10_000), token.accessToken);
    return true;
  } catch (thrown) {
    if (thrown instanceof LatchkeyError && thrown.code !== "CANCELLED") return false;
    throw thrown;
  }
}
