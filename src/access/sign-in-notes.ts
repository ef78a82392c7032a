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
 * What was learnt of a sign-in on the way: the roles that the portal has refused to it, which `status` says beside a sign-in
 * that is good (nothing else goes by it, since a refusal may be over a minute later), and the name of its person. Best
 * effort; it goes with the listings, at every login and logout.
 */
interface SignInNotes {
  readonly refusedRoles: readonly RefusedRole[];
  readonly userName?: string | undefined;
  /** Whether the name was asked for in vain: AWS is not asked again behind a person's back. */
  readonly isNameAsked?: boolean | undefined;
}

export interface RefusedRole extends AccountRole {
  readonly refusedAt: Date;
}

const VERSION = 1;

/** A session, and where its token is. */
export type Owner = Pick<TokenRequest, "session" | "store">;

/** Empty where nothing was learnt of the sign-in that the token stands for now. */
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

/** After it was given. */
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
 * @param signIn whose name it is: nothing is recorded where somebody else has signed in meanwhile.
 * @param userName undefined: it was asked for in vain.
 * @returns whether it is that sign-in still.
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
