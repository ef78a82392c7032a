import type { Context } from "../context.ts";
import { listRoles } from "../access/list.ts";
import { readUsage, sortByUse } from "../choice/usage.ts";
import { findRoleRegion, selectRole } from "../choice/select.ts";
import { toRoleKey } from "../choice/entry.ts";
import type { HeldRole } from "../configure/filter.ts";
import { refusalText } from "../credentials/refused-role-text.ts";
import { LatchkeyError, usageError } from "../errors.ts";
import type { RoleRequest } from "../model/role.ts";
import { sessionFlagsText, sessionLabel } from "../model/sso-session.ts";
import { findSsoRole, resolveIdentity } from "../profiles/identity.ts";
import { summarizeProfiles } from "../profiles/profile.ts";
import { readConfig, type RoleFlags } from "../profiles/select.ts";
import { signInOnTheWay } from "../sign-in/on-the-way.ts";
import { COLLISION_REASONS } from "./collisions.ts";
import { syncHeldRoles, type SyncResult } from "./sync.ts";

/** Writes a profile for one role, for programs that can use a role only through a profile. */

interface KeepOptions {
  readonly yes: boolean;
  /** Called before anything is written. */
  readonly show: (synced: SyncResult) => void;
}

/**
 * @returns the name of the role's profile. If the role has no profile, writes one as `profiles sync` does.
 * @throws LatchkeyError ACCESS_DENIED, NOT_FOUND for a role that is not assigned; USAGE if no user can confirm the
 * change, or if another profile has the name
 */
export async function keepRole(
  context: Context,
  flags: RoleFlags,
  options: KeepOptions,
): Promise<string> {
  const role = await selectRole(context, flags);
  const own = findProfileOf(context, role);
  if (own !== undefined) return own;
  if (role.session.name === undefined) throw createUnnamedError(role);
  const held = await fetchHeldInAccount(context, role);
  const region = findRoleRegion(context, role);
  const synced = await syncHeldRoles(
    context,
    {
      ssoSession: role.session.name,
      filters: [`role:${role.roleName}`],
      regions: region === undefined ? undefined : [region],
    },
    { items: held, isWhole: false },
    { ...options, question: "Write it?", prune: false, rename: false, force: false, dryRun: false },
  );
  const [collision] = synced.plan.collisions;
  if (collision === undefined) return findProfileOf(context, role) ?? "";
  const { wanted, reason } = collision;
  throw usageError(
    `No profile was written for ${wanted.roleName} in ${role.accountId}: "${wanted.name}" ${COLLISION_REASONS[reason]}.`,
    `Give it a name: latchkey configure --profile NAME ${sessionFlagsText(role.session)} --account-id ${role.accountId} --role-name ${role.roleName}`,
  );
}

/** For a session that is only in a legacy profile, and so has no name. */
function createUnnamedError({ session, accountId, roleName }: RoleRequest): LatchkeyError {
  return usageError(
    `No profile was written for ${roleName} in ${accountId}: the sign-in to ${sessionLabel(session)} has no name, which a profile needs.`,
    `Give it one, then use the role: latchkey configure session --sso-session NAME ${sessionFlagsText(session)}`,
  );
}

/** Returns the most used profile through which AWS clients get this role. */
function findProfileOf(context: Context, role: RoleRequest): string | undefined {
  const { session, accountId, roleName } = role;
  const key = toRoleKey({ session: sessionLabel(session), accountId, roleName });
  const named = summarizeProfiles(readConfig(context).document).filter(
    (profile) => toRoleKey(profile) === key,
  );
  const sorted = sortByUse(named, ({ profile }) => profile, {
    usage: readUsage(context.home),
    now: context.now(),
  });
  return sorted.find(({ profile }) => standsFor(context, profile, role))?.profile;
}

function standsFor(context: Context, profile: string, role: RoleRequest): boolean {
  const found = findSsoRole(resolveIdentity(context, profile).source);
  return found?.accountId === role.accountId && found.roleName === role.roleName;
}

/** Lists all roles of the account, because their number decides the names of profiles. */
async function fetchHeldInAccount(
  context: Context,
  { session, accountId, roleName }: RoleRequest,
): Promise<readonly HeldRole[]> {
  const { items } = await signInOnTheWay(context, session, (signedIn) =>
    listRoles(context, signedIn, { wanted: accountId }),
  );
  if (items.some((held) => held.roleName === roleName)) return items;
  const { message, hint } = refusalText({
    accountId,
    roleName,
    accountName: items[0]?.account.accountName,
    held: items.map((held) => held.roleName),
    lookAgain: `latchkey roles ${accountId} ${sessionFlagsText(session)}`,
  });
  throw new LatchkeyError("ACCESS_DENIED", message, { hint });
}
