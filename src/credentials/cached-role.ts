import type { Context } from "../context.ts";
import type { CachedRoleCredentials, RoleRef, RoleRequest } from "../model/role.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isExpectedFailure } from "../errors.ts";
import { lockOptions, withLock } from "../fs/lock.ts";
import { configFileKey } from "../fs/paths.ts";
import { decideRole, isOfSession, type RoleDecision } from "../model/role-decision.ts";
import { trace } from "../trace.ts";
import { removeRole } from "../token/role-cache.ts";
import type { TokenRequest } from "../token/store.ts";

/** Reads a role's cache entry, decides whether it can be used, and keeps its marks up to date. */

/** Returns the key of a role in the cache. */
export function createRoleRef(
  { home, env }: Context,
  { session, accountId, roleName }: RoleRequest,
): RoleRef {
  const configFile = configFileKey(home, env);
  return { session: sessionLabel(session), accountId, roleName, configFile };
}

/** A role's key in the cache, and the store that contains the entry. */
export type CachedRole = Pick<TokenRequest, "session" | "store"> & { readonly ref: RoleRef };

/** Decides what to do about a role from its cache entry. */
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
    return `use the cached credentials, until ${decision.credentials.expiration.toISOString()}`;
  if (cached === undefined) return "fetch, since nothing is cached";
  return decision.fallback === undefined
    ? "fetch, since the cached credentials have expired"
    : "fetch, since the cached credentials expire soon or belong to another sign-in";
}

/** Returns the cached credentials if they belong to this session. */
export function readOwnRole({
  store,
  ref,
  session,
}: CachedRole): CachedRoleCredentials | undefined {
  const cached = store.readRole(ref);
  if (cached === undefined) return undefined;
  const isOfItsToken = (): boolean =>
    store.readMark().stamp === cached.signIn.stamp && store.readNow().kind === "token";
  return isOfSession(cached, session, isOfItsToken) ? cached : undefined;
}

/**
 * Records the config's state in the cache entry if it has changed but the session has not, so that the next call uses
 * the fast path. Takes the role's lock: without it, a role that was refused meanwhile would be cached again. Best
 * effort.
 */
export async function markConfig(
  context: Context,
  wanted: CachedRole,
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

/** Returns the portal and the config's state, which the cache entry stores. */
export function markOf({ startUrl, region, config }: SsoSession): Partial<CachedRoleCredentials> {
  return { portal: { startUrl, region }, config };
}

/** Returns the name of the lock that callers of the same role share. */
export function roleLockName({ session, accountId, roleName }: RoleRef): string {
  return `the role ${roleName} in ${accountId} of ${session}`;
}
