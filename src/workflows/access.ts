import type { Context } from "../context.ts";
import { accountLabel, matchAccount, sortAccounts, sortRoles, type Account, type AccountRole } from "../domain/access-listing.ts";
import { nearest } from "../domain/terminal-text.ts";
import { isAccountId } from "../domain/role-credentials.ts";
import { sessionCacheKey, type SsoSession } from "../domain/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { saveAccounts, saveRoles } from "../files/access-cache.ts";
import type { Connection, Pace } from "../network/transport.ts";
import { connectionTo } from "./connection.ts";
import { listingPace } from "./pace.ts";
import { withAccessToken } from "./token.ts";

/** Accounts and roles that this session may use, at a pace that the service bears. */

/** Called as a listing grows: how many are there, and of how many where that is known. */
export type Progress = (done: number, total: number | undefined) => void;

/** Requests at once. The quota is about 20 a second for all clients of an account together, and is not documented. */
const AT_ONCE = 4;

export interface RoleInAccount {
  readonly account: Account;
  readonly roleName: string;
}

export async function listAccounts(context: Context, session: SsoSession, progress: Progress): Promise<Account[]> {
  const portal = await import("../network/portal.ts");
  const connection = connectionTo(context, "SSO", session);
  const accounts = await withAccessToken(context, session, {}, (token) => portal.listAccounts(connection, token, (count) => progress(count, undefined)));
  if (accounts === "forbidden") throw notAllowed(session);
  const sorted = sortAccounts(accounts);
  rememberQuietly(() => saveAccounts(context.home, sessionCacheKey(session), sorted, context.now()));
  return sorted;
}

/** The roles of one account (id, name, or unique part of a name), or of all. Sorted by account, then by role. */
export async function listRoles(context: Context, session: SsoSession, wanted: string | undefined, progress: Progress): Promise<RoleInAccount[]> {
  const all = await listAccounts(context, session, () => undefined);
  const accounts = wanted === undefined ? all : [chosenAccount(all, wanted, session)];
  const roles = new Map<string, AccountRole[]>();
  const queue = [...accounts];
  const pace = listingPace(context);
  const worker = async (): Promise<void> => {
    for (let account = queue.shift(); account !== undefined; account = queue.shift()) {
      roles.set(account.accountId, await rolesOfAccount(context, session, account.accountId, pace));
      progress(roles.size, accounts.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, accounts.length) }, worker));
  rememberQuietly(() => saveRoles(context.home, sessionCacheKey(session), [...roles.keys()], [...roles.values()].flat(), context.now()));
  return accounts.flatMap((account) => (roles.get(account.accountId) ?? []).map(({ roleName }) => ({ account, roleName })));
}

/** The roles of one account by its id, sorted; none where the session may not see it. */
export async function rolesOfAccount(context: Context, session: SsoSession, accountId: string, pace?: Pace): Promise<AccountRole[]> {
  const portal = await import("../network/portal.ts");
  const connection = pace === undefined ? connectionTo(context, "SSO", session) : paced(context, session, pace);
  const roles = await withAccessToken(context, session, {}, (token) => portal.listAccountRoles(connection, token, accountId));
  return roles === "forbidden" ? [] : sortRoles(roles);
}

/** One connection for a whole listing, so that its sockets are used again. */
const connections = new WeakMap<Pace, Connection>();

function paced(context: Context, session: SsoSession, pace: Pace): Connection {
  const connection = connections.get(pace) ?? { ...connectionTo(context, "SSO", session), pace };
  connections.set(pace, connection);
  return connection;
}

/** The one account that `wanted` means; several are listed (exit 2), none names the nearest (exit 5). */
function chosenAccount(accounts: readonly Account[], wanted: string, session: SsoSession): Account {
  const match = matchAccount(accounts, wanted);
  if (match.kind === "one") return match.account;
  if (match.kind === "several") {
    throw new LatchkeyError("USAGE", `"${wanted}" fits ${match.accounts.length} accounts: ${match.accounts.slice(0, 5).map(accountLabel).join("; ")}.`, { hint: "Name one by its 12-digit id." });
  }
  const names = accounts.flatMap(({ accountName }) => accountName ?? []);
  const close = isAccountId(wanted) ? [] : nearest(wanted, names);
  throw new LatchkeyError("NOT_FOUND", `No account ${isAccountId(wanted) ? wanted : `"${wanted}"`} among the ${accounts.length} that ${session.name ?? session.startUrl} may use.`, {
    hint: close.length > 0 ? `The nearest: ${close.join(", ")}` : "See them all: latchkey accounts",
  });
}

function notAllowed(session: SsoSession): LatchkeyError {
  return new LatchkeyError("ACCESS_DENIED", `${session.name ?? session.startUrl} may not list accounts.`, {
    hint: "The session's sso_registration_scopes must include sso:account:access; mend that, then sign in again.",
  });
}

/** Names for whoami and for completion later; a disk that takes none costs only that. */
function rememberQuietly(save: () => void): void {
  try {
    save();
  } catch {
    // The listing itself is what was asked for.
  }
}
