import { join } from "node:path";
import type { AccountRole } from "../model/account.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { accessDirectory } from "../fs/paths.ts";
import { ignoreExpected, readCacheJson } from "../fs/read.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { readText, toRecord } from "../text/json.ts";
import { claimSignIn, findSignInId, identifySignIn, type SignIn } from "../token/sign-in-id.ts";
import type { TokenRequest } from "../token/store.ts";

/**
 * Notes about a sign-in: the user's name, and the roles that the portal refused. `status` shows refused roles; nothing
 * else uses them, since the portal may accept such a role a minute later. Best effort. Removed with the listings at
 * every login and logout.
 */
interface SignInNotes {
  readonly refusedRoles: readonly RefusedRole[];
  readonly userName?: string | undefined;
  /** Whether an earlier request for the name failed. AWS is not asked again in the background. */
  readonly isNameAsked?: boolean | undefined;
}

export interface RefusedRole extends AccountRole {
  readonly refusedAt: Date;
}

const VERSION = 1;

/** A session and the store of its token. */
export type Owner = Pick<TokenRequest, "session" | "store">;

/** Reads the notes of the token's current sign-in. Empty if there are none. */
export function readSignInNotes(home: string, { session, store }: Owner): SignInNotes {
  const stored = toRecord(ignoreExpected(() => readCacheJson(notesPath(home, session))));
  const signInId = findSignInId(home, session, store);
  const isOfThisSignIn = signInId !== undefined && stored["signInId"] === signInId;
  if (stored["version"] !== VERSION || !isOfThisSignIn) return { refusedRoles: [] };
  const { refusedRoles, userName, isNameAsked } = stored;
  return {
    refusedRoles: Array.isArray(refusedRoles) ? refusedRoles.flatMap(toRefusedRole) : [],
    userName: readText(userName),
    isNameAsked: isNameAsked === true || undefined,
  };
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
  const notes = readSignInNotes(home, owner);
  const role = { accountId, roleName, refusedAt };
  writeNotes(home, owner, { ...notes, refusedRoles: [...listOthers(notes, role), role] });
}

/** Removes a note after the portal has accepted the role. */
export function forgetRefusedRole(home: string, owner: Owner, role: AccountRole): void {
  const notes = readSignInNotes(home, owner);
  const others = listOthers(notes, role);
  if (others.length < notes.refusedRoles.length)
    writeNotes(home, owner, { ...notes, refusedRoles: others });
}

function listOthers({ refusedRoles }: SignInNotes, role: AccountRole): RefusedRole[] {
  return refusedRoles.filter(
    ({ accountId, roleName }) => accountId !== role.accountId || roleName !== role.roleName,
  );
}

/**
 * Records the user's name.
 * @param signIn the sign-in that was asked about; nothing is recorded if someone else has signed in meanwhile
 * @param userName undefined if the request failed
 * @returns whether it is still the same sign-in
 */
export function recordUserName(
  home: string,
  owner: Owner,
  signIn: SignIn,
  userName: string | undefined,
): boolean {
  const { session, store } = owner;
  if (!claimSignIn(home, session, store, signIn)) return false;
  const notes = readSignInNotes(home, owner);
  const named = userName === undefined ? { isNameAsked: true } : { userName };
  if (userName === undefined || notes.userName !== userName)
    writeNotes(home, owner, { ...notes, ...named });
  return true;
}

function writeNotes(home: string, { session, store }: Owner, notes: SignInNotes): void {
  const signIn = identifySignIn(home, session, store);
  if (!claimSignIn(home, session, store, signIn)) return;
  const { signInId } = signIn;
  const text = `${JSON.stringify({ version: VERSION, signInId, ...notes })}\n`;
  ignoreExpected(() => writeSecretFile(notesPath(home, session), text));
}

function notesPath(home: string, session: SsoSession): string {
  return join(accessDirectory(home, sessionCacheKey(session)), "notes.json");
}
