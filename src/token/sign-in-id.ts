import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { isRecord } from "../text/json.ts";
import { sessionCacheKey, type SsoSession } from "../model/sso-session.ts";
import { accessDirectory } from "../fs/paths.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { ignoreExpected, readCacheJson } from "../fs/read.ts";
import type { TokenStore } from "./store.ts";

/**
 * Tracks which sign-in a token file came from. AWS does not put a user's name into tokens.
 *
 * Each sign-in has a random id. It is recorded next to what latchkey stores about the sign-in, together with the state of
 * the token file (time and size). After its own refresh latchkey records the new state. If another program wrote the
 * file, the state differs, and the sign-in has no id yet: it may be another user's (decision 9).
 */
export interface SignIn {
  readonly signInId: string;
  /** As in `SignInMark`. */
  readonly stamp: string;
}

const VERSION = 2;

export const SIGN_IN_RECORD = "sign-in.json";

/** Returns the id of the sign-in that the token file belongs to; undefined if it has none yet. */
export function findSignInId(
  home: string,
  session: SsoSession,
  store: TokenStore,
): string | undefined {
  const record = parseRecord(readCacheJson(recordPath(home, session)));
  return record?.stamp === store.readMark().stamp ? record.signInId : undefined;
}

/** Does the same, but creates an id if there is none. The id is recorded when something is first stored for it. */
export function identifySignIn(home: string, session: SsoSession, store: TokenStore): SignIn {
  const signInId = findSignInId(home, session, store) ?? randomBytes(16).toString("hex");
  return { signInId, stamp: store.readMark().stamp };
}

/** Returns whether the token file still belongs to this sign-in. Records its id if it was not recorded. */
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

/** Gives a new login a new id, so that nothing stored for the previous sign-in belongs to it. */
export function startSignIn(home: string, session: SsoSession, store: TokenStore): void {
  const signInId = randomBytes(16).toString("hex");
  writeRecord(home, session, { signInId, stamp: store.readMark().stamp });
}

/** Replaces the token file with `commit`, and keeps the id of the sign-in. */
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

/** Best effort: if the disk can't be written, nothing is stored for the sign-in either. */
function writeRecord(home: string, session: SsoSession, record: SignIn): void {
  const text = `${JSON.stringify({ version: VERSION, ...record })}\n`;
  ignoreExpected(() => writeSecretFile(recordPath(home, session), text));
}
