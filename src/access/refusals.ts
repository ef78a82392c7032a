import { join } from "node:path";
import type { AccountRole } from "../model/account.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { accessDirectory } from "../fs/paths.ts";
import { ignoreExpected, readCacheJson } from "../fs/read.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { isRecord, readText, toRecord } from "../text/json.ts";
import { claimSignIn, findSignInId, identifySignIn } from "../token/sign-in-id.ts";
import type { TokenRequest } from "../token/store.ts";

/**
 * The roles that the portal has refused to this sign-in: what `status` says beside a sign-in that is good. Nothing else
 * goes by it, since a refusal may be over a minute later. Best effort: it goes with the listings, at every login and logout.
 */

const VERSION = 1;

type Owner = Pick<TokenRequest, "session" | "store">;

export interface RefusedRole extends AccountRole {
  readonly refusedAt: Date;
}

export function listRefusedRoles(home: string, { session, store }: Owner): RefusedRole[] {
  const stored = ignoreExpected(() => readCacheJson(refusalsPath(home, session)));
  if (!isRecord(stored) || stored["version"] !== VERSION) return [];
  const signInId = findSignInId(home, session, store);
  const { roles } = stored;
  const isOfThisSignIn = signInId !== undefined && stored["signInId"] === signInId;
  return isOfThisSignIn && Array.isArray(roles) ? roles.flatMap(toRefusedRole) : [];
}

function toRefusedRole(stored: unknown): RefusedRole[] {
  const { accountId, roleName, refusedAt } = toRecord(stored);
  const at = new Date(readText(refusedAt) ?? Number.NaN);
  if (typeof accountId !== "string" || typeof roleName !== "string") return [];
  return Number.isNaN(at.getTime()) ? [] : [{ accountId, roleName, refusedAt: at }];
}

export function recordRefusedRole(
  home: string,
  owner: Owner,
  { accountId, roleName, refusedAt }: RefusedRole,
): void {
  const others = listRefusedRoles(home, owner).filter(
    (role) => !isSameRole(role, { accountId, roleName }),
  );
  writeRefusals(home, owner, [...others, { accountId, roleName, refusedAt }]);
}

/** After it was given. */
export function forgetRefusedRole(home: string, owner: Owner, role: AccountRole): void {
  const all = listRefusedRoles(home, owner);
  const others = all.filter((refused) => !isSameRole(refused, role));
  if (others.length < all.length) writeRefusals(home, owner, others);
}

function isSameRole(one: AccountRole, other: AccountRole): boolean {
  return one.accountId === other.accountId && one.roleName === other.roleName;
}

function writeRefusals(home: string, { session, store }: Owner, roles: RefusedRole[]): void {
  const signIn = identifySignIn(home, session, store);
  if (!claimSignIn(home, session, store, signIn)) return;
  const { signInId } = signIn;
  const text = `${JSON.stringify({ version: VERSION, signInId, roles })}\n`;
  ignoreExpected(() => writeSecretFile(refusalsPath(home, session), text));
}

function refusalsPath(home: string, session: SsoSession): string {
  return join(accessDirectory(home, sessionCacheKey(session)), "refused-roles.json");
}
