import type { Context } from "../context.ts";
import { isUsable, type AccessToken } from "../model/access-token.ts";
import { listSessions, readSession } from "../profiles/profile.ts";
import type { StorageKind } from "../settings/settings.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { readToken, tokenExists, type Storage } from "../token/store.ts";
import { readConfig } from "../profiles/select.ts";
import { askPortal } from "./login.ts";
import { openStorageIfPossible } from "../token/choose-storage.ts";
import { findUsableGrant } from "../token/token.ts";

/** Where each sign-in stands, from what is on this machine; `verify` asks the service, too. */

export type SessionState = "usable" | "refreshable" | "expired" | "signed-out" | "unreadable";

/** As people read them. */
export const STATE_WORDS: Readonly<Record<SessionState, string>> = {
  usable: "signed in",
  refreshable: "renews itself",
  expired: "expired",
  "signed-out": "signed out",
  unreadable: "unreadable",
};

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
  /** What is known of the service's word. A token that has expired is not worth a question. */
  readonly heard: "not-asked" | "accepted" | "refused" | "no-answer";
}

export async function listSessionStatuses(
  context: Context,
  only: string | undefined,
  verify: boolean,
): Promise<SessionStatus[]> {
  const source = readConfig(context);
  const sessions = only === undefined ? listSessions(source) : [readSession(source, only)];
  return Promise.all(sessions.map((session) => sessionStatus(context, session, verify)));
}

export async function sessionStatus(
  context: Context,
  session: SsoSession,
  verify: boolean,
): Promise<SessionStatus> {
  const storage = await openStorageIfPossible(context, session);
  const token = await readToken(storage, session, context.sleep);
  const refreshable = token !== undefined && findUsableGrant(token, context, session) !== undefined;
  const heard =
    verify && token !== undefined && isUsable(token, context.now())
      ? HEARD[await askPortal(context, session, token)]
      : "not-asked";
  return {
    session,
    label: sessionLabel(session),
    state:
      token === undefined
        ? stateWithoutToken(storage, session)
        : sessionState(token, refreshable, heard === "refused", context.now()),
    expiresAt: token?.expiresAt,
    refreshable,
    storage: storage.kind,
    registrationExpiresAt: token?.registrationExpiresAt,
    verified: VERIFIED[heard],
    heard,
  };
}

const HEARD = { accepted: "accepted", refused: "refused", unknown: "no-answer" } as const;
const VERIFIED: Readonly<Record<SessionStatus["heard"], boolean | undefined>> = {
  accepted: true,
  refused: false,
  "no-answer": undefined,
  "not-asked": undefined,
};

function stateWithoutToken(storage: Storage, session: SsoSession): SessionState {
  return tokenExists(storage, session) ? "unreadable" : "signed-out";
}

function sessionState(
  token: AccessToken,
  refreshable: boolean,
  refused: boolean,
  now: Date,
): SessionState {
  if (isUsable(token, now) && !refused) return "usable";
  return refreshable ? "refreshable" : "expired";
}

export function isServiceable(state: SessionState): boolean {
  return state === "usable" || state === "refreshable";
}
