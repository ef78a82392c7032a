import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { isRecord } from "../text/json.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { accessDirectory } from "../fs/paths.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { ignoreExpected, readCacheJson } from "../fs/read.ts";
import type { TokenStore } from "./store.ts";

/**
 * Which sign-in a token's file came from, as far as latchkey knows: AWS gives tokens no name of a person.
 *
 * A sign-in has a random id, recorded beside what is kept of it, together with how the token's file stood (time and
 * size). A refresh of ours records the new standing. A file that latchkey did not write stands otherwise: its sign-in
 * has no id yet, since it may be another person's (decision 9).
 */
export interface SignIn {
  readonly signInId: string;
  /** As in `SignInMark`. */
  readonly stamp: string;
}

const VERSION = 2;

export const SIGN_IN_RECORD = "sign-in.json";

/** The id of the sign-in that the token's file stands for now; undefined where none was given yet. */
export function findSignInId(
  home: string,
  session: SsoSession,
  store: TokenStore,
): string | undefined {
  const record = parseRecord(readCacheJson(recordPath(home, session)));
  return record?.stamp === store.readMark().stamp ? record.signInId : undefined;
}

/** The same; one that has no id gets one, which is recorded when something is first kept of it. */
export function identifySignIn(home: string, session: SsoSession, store: TokenStore): SignIn {
  const signInId = findSignInId(home, session, store) ?? randomBytes(16).toString("hex");
  return { signInId, stamp: store.readMark().stamp };
}

/** Whether the token's file still stands for this sign-in, whose id is recorded now if it was not. */
export function claimSignIn(
  home: string,
  session: SsoSession,
  store: TokenStore,
  signIn: SignIn,
): boolean {
  const isUnclaimed = findSignInId(home, session, store) === undefined;
  if (isUnclaimed && store.readMark().stamp === signIn.stamp) writeRecord(home, session, signIn);
  return findSignInId(home, session, store) === signIn.signInId;
}

/** After a login: nothing that was kept of the sign-in before belongs to this one. */
export function startSignIn(home: string, session: SsoSession, store: TokenStore): void {
  const signInId = randomBytes(16).toString("hex");
  writeRecord(home, session, { signInId, stamp: store.readMark().stamp });
}

/** Replaces the token's file by `commit`; the sign-in stays the one that it was. */
export function continueSignIn(
  home: string,
  session: SsoSession,
  store: TokenStore,
  commit: () => void,
): void {
  const signInId = findSignInId(home, session, store);
  commit();
  if (signInId !== undefined)
    writeRecord(home, session, { signInId, stamp: store.readMark().stamp });
}

function recordPath(home: string, session: SsoSession): string {
  return join(accessDirectory(home, sessionCacheKey(session)), SIGN_IN_RECORD);
}

function parseRecord(stored: unknown): SignIn | undefined {
  if (!isRecord(stored) || stored["version"] !== VERSION) return undefined;
  const { signInId, stamp } = stored;
  return typeof signInId === "string" && typeof stamp === "string"
    ? { signInId, stamp }
    : undefined;
}

/** Best effort: on a disk that takes nothing, nothing is kept of a sign-in either. */
function writeRecord(home: string, session: SsoSession, record: SignIn): void {
  const text = `${JSON.stringify({ version: VERSION, ...record })}\n`;
  ignoreExpected(() => writeSecretFile(recordPath(home, session), text));
}
