import type { Context } from "../context.ts";
import { listSessions, readSession } from "../profiles/profile.ts";
import type { StorageKind } from "../settings/settings.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isPast } from "../text/instant.ts";
import { readConfig } from "../profiles/select.ts";
import { askPortal } from "./login.ts";
import { decide, findGrant, type TokenDecision } from "../token/decide.ts";
import { openTokenStoreIfPossible } from "../token/open-store.ts";
import { tokenFacts } from "../token/facts.ts";

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
  const store = await openTokenStoreIfPossible(context, session);
  const token = await store.read();
  const facts = tokenFacts(context, { session });
  const isAsked = verify && token !== undefined && !isPast(token.expiresAt, facts.now);
  const heard = isAsked ? HEARD[await askPortal(context, session, token)] : "not-asked";
  const rejectedToken = heard === "refused" ? token?.accessToken : undefined;
  return {
    session,
    label: sessionLabel(session),
    state:
      token === undefined
        ? stateWithoutToken(store.exists())
        : sessionState(decide(token, { ...facts, rejectedToken })),
    expiresAt: token?.expiresAt,
    refreshable: token !== undefined && findGrant(token, facts) !== undefined,
    storage: store.kind,
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

function stateWithoutToken(hasFile: boolean): SessionState {
  return hasFile ? "unreadable" : "signed-out";
}

function sessionState(decision: TokenDecision): SessionState {
  switch (decision.action) {
    case "use":
      return "usable";
    case "refresh":
      return decision.isStillValid ? "usable" : "refreshable";
    case "sign-in":
      return "expired";
  }
}

export function isServiceable(state: SessionState): boolean {
  return state === "usable" || state === "refreshable";
}
