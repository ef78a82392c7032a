import type { Context } from "../context.ts";
import { isUsable, type AccessToken } from "../domain/access-token.ts";
import { allSessions, readSession } from "../domain/profile.ts";
import type { StorageKind } from "../domain/settings.ts";
import { sessionLabel, type SsoSession } from "../domain/sso-session.ts";
import { readToken, tokenExists, type Storage } from "../files/token-store.ts";
import { readConfig } from "./selection.ts";
import { acceptedByPortal } from "./sign-in.ts";
import { chosenStorage, openVaultIfPossible } from "./storage.ts";
import { usableGrant } from "./token.ts";

/** Where each sign-in stands, from what is on this machine; `verify` asks the service, too. */

export type SessionState = "usable" | "refreshable" | "expired" | "signed-out" | "unreadable";

export interface SessionStatus {
  readonly session: SsoSession;
  readonly label: string;
  readonly state: SessionState;
  readonly expiresAt: Date | undefined;
  readonly refreshable: boolean;
  readonly storage: StorageKind;
  readonly registrationExpiresAt: Date | undefined;
  /** What the service said: undefined where it was not asked or could not be. */
  readonly verified: boolean | undefined;
}

export async function sessionStatuses(context: Context, only: string | undefined, verify: boolean): Promise<SessionStatus[]> {
  const source = readConfig(context);
  const sessions = only === undefined ? allSessions(source) : [readSession(source, only)];
  return Promise.all(sessions.map((session) => sessionStatus(context, session, verify)));
}

async function sessionStatus(context: Context, session: SsoSession, verify: boolean): Promise<SessionStatus> {
  const storage = await storageOf(context, session);
  const token = await readToken(storage, session, context.sleep);
  const refreshable = token !== undefined && usableGrant(token, context, session) !== undefined;
  const verdict = verify && token !== undefined && isUsable(token, context.now()) ? await acceptedByPortal(context, session, token) : "unknown";
  return {
    session,
    label: sessionLabel(session),
    state: stateOf(context, session, storage, token, refreshable, verdict === "refused"),
    expiresAt: token?.expiresAt,
    refreshable,
    storage: storage.kind,
    registrationExpiresAt: token?.registrationExpiresAt,
    verified: verdict === "unknown" ? undefined : verdict === "accepted",
  };
}

/** A keychain that fails is reported, and hides no other session. */
async function storageOf(context: Context, session: SsoSession): Promise<Storage> {
  if (chosenStorage(context, session.name) === "file") return { kind: "file", home: context.home };
  return openVaultIfPossible(context, `the token of ${sessionLabel(session)}`);
}

function stateOf(context: Context, session: SsoSession, storage: Storage, token: AccessToken | undefined, refreshable: boolean, refused: boolean): SessionState {
  if (token === undefined) return tokenExists(storage, session) ? "unreadable" : "signed-out";
  if (isUsable(token, context.now()) && !refused) return "usable";
  return refreshable ? "refreshable" : "expired";
}

export function isServiceable(state: SessionState): boolean {
  return state === "usable" || state === "refreshable";
}
