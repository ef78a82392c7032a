import type { Context } from "../../context.ts";
import { LatchkeyError } from "../../errors.ts";
import type { AccountRole } from "../../model/account.ts";
import type { RoleRequest } from "../../model/role.ts";
import { sessionFlagsText, sessionLabel, type SsoSession } from "../../model/sso-session.ts";
import { openTokenStoreIfPossible } from "../../token/open-store.ts";
import { openTokenRequest } from "../../token/token.ts";
import { ROLES } from "../kept-format.ts";
import { findKept } from "../kept.ts";
import { findAccountName } from "../known.ts";
import { listRolesOfAccount } from "../list.ts";
import { readAccessHistory } from "./store.ts";
import { learnUserName } from "./user-name.ts";

/** A role that a person has marked. */
export interface Favourite {
  /** The session's name, or its start URL if it has no name. */
  readonly session: string;
  readonly accountId: string;
  readonly accountName: string | undefined;
  readonly roleName: string;
}

/** Returns the favourites of the user who is signed in to each session, in the order in which they were marked. */
export async function listFavourites(
  context: Context,
  sessions: readonly SsoSession[],
): Promise<Favourite[]> {
  const all: Favourite[] = [];
  for (const session of sessions) all.push(...(await listFavouritesOf(context, session)));
  return all;
}

async function listFavouritesOf(context: Context, session: SsoSession): Promise<Favourite[]> {
  const store = await openTokenStoreIfPossible(context, session);
  await learnUserName(context, session);
  const label = sessionLabel(session);
  const history = readAccessHistory(context.home, { session, store });
  return (history?.favourites ?? []).map(({ accountId, roleName }) => ({
    session: label,
    accountId,
    accountName:
      history?.spans.find((span) => span.accountId === accountId)?.accountName ??
      findAccountName(context.home, label, accountId),
    roleName,
  }));
}

/**
 * Returns the favourite that is typed as `ACCOUNT/ROLE`, by account ID or name, ignoring case. It is found even if the
 * role is no longer assigned.
 */
export function findFavourite(
  favourites: readonly Favourite[],
  typed: string,
): Favourite | undefined {
  const wanted = typed.toLowerCase();
  const [first, ...others] = favourites.filter(({ accountId, accountName = accountId, roleName }) =>
    [accountId, accountName].some((account) => `${account}/${roleName}`.toLowerCase() === wanted),
  );
  return others.length === 0 ? first : undefined;
}

/**
 * Returns a role if the last listing or the service shows that the user holds it.
 * @throws LatchkeyError ACCESS_DENIED with the roles that the user holds in the account; SIGN_IN_REQUIRED
 */
export async function requireHeldRole(
  context: Context,
  { session, accountId, roleName }: RoleRequest,
): Promise<AccountRole> {
  const request = await openTokenRequest(context, session);
  const kept = findKept(context, request, ROLES)?.accounts ?? [];
  const listed = kept.find((account) => account.accountId === accountId)?.roleNames ?? [];
  if (listed.includes(roleName)) return { accountId, roleName };
  const held = await listRolesOfAccount(context, session, accountId);
  if (held.some((role) => role.roleName === roleName)) return { accountId, roleName };
  const names = held.map((role) => role.roleName).join(", ");
  throw new LatchkeyError(
    "ACCESS_DENIED",
    `The role ${roleName} in ${accountId} is not assigned to you.`,
    {
      hint:
        names === ""
          ? `You have no role there. See yours: latchkey roles ${sessionFlagsText(session)}`
          : `Your roles there: ${names}.`,
    },
  );
}
