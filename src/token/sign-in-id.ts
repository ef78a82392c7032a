import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { isRecord } from "../text/json.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { accessDirectory } from "../fs/paths.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { ignoreExpected, readCacheJson } from "../fs/read.ts";
import type { TokenStore } from "./store.ts";

/**
 * Identifies the sign-in that a token file belongs to. Tokens do not contain a user's name.
 *
 * Each sign-in has a random id. latchkey records the id next to what it stores about the sign-in, together with the
 * state of the token file (time and size). After its own refresh, latchkey records the new state. If another program
 * has written the file, the state is different. Then the sign-in has no id yet, because it may be another user's
 * (decision 9).
 */
export interface SignIn {
  readonly signInId: string;
  /** As in `SignInMark`. */
  readonly stamp: string;
}

const VERSION = 2;

export const SIGN_IN_RECORD = "sign-in.json";

/** Returns the id of the sign-in that the token file belongs to; undefined if that sign-in has no id yet. */
export function findSignInId(
  home: string,
  session: SsoSession,
  store: TokenStore,
): string | undefined {
  const record = parseRecord(readCacheJson(recordPath(home, session)));
  return record?.stamp === store.readMark().stamp ? record.signInId : undefined;
}

/**
 * Returns the id of the token file's sign-in. If it has none, creates one; it is recorded when something is first
 * stored for the sign-in.
 */
export function identifySignIn(home: string, session: SsoSession, store: TokenStore): SignIn {
  const signInId = findSignInId(home, session, store) ?? randomBytes(16).toString("hex");
  return { signInId, stamp: store.readMark().stamp };
}

/** Returns whether the token file still belongs to this sign-in. If so, and its id is not recorded yet, records it. */
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

/** Records a new id for a new login, so that nothing that was stored for the previous sign-in belongs to it. */
export function startSignIn(home: string, session: SsoSession, store: TokenStore): void {
  const signInId = randomBytes(16).toString("hex");
  writeRecord(home, session, { signInId, stamp: store.readMark().stamp });
}

/** Replaces the token file by calling `commit`. The sign-in keeps its id. */
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

/** Writes the record if possible. If the disk can't be written, nothing else is stored for the sign-in either. */
function writeRecord(home: string, session: SsoSession, record: SignIn): void {
  const text = `${JSON.stringify({ version: VERSION, ...record })}\n`;
  ignoreExpected(() => writeSecretFile(recordPath(home, session), text));
}
