import type { Context } from "../context.ts";
import { isUsable, type AccessToken } from "../domain/access-token.ts";
import { allSessions, readSession } from "../domain/profile.ts";
import { sessionLabel, type SsoSession } from "../domain/sso-session.ts";
import { readToken, tokenFileExists } from "../files/token-cache.ts";
import { readConfig } from "./selection.ts";
import { acceptedByPortal } from "./sign-in.ts";
import { usableGrant } from "./token.ts";

/** Where each sign-in stands, from what is on this machine; `verify` asks the service, too. */

export type SessionState = "usable" | "refreshable" | "expired" | "signed-out" | "unreadable";

export interface SessionStatus {
  readonly session: SsoSession;
  readonly label: string;
  readonly state: SessionState;
  readonly expiresAt: Date | undefined;
  readonly refreshable: boolean;
  readonly registrationExpiresAt: Date | undefined;
  /** What the service said: undefined where it was not asked or could not be. */
  readonly verified: boolean | undefined;
}

export async function sessionStatuses(context: Context, only: string | undefined, verify: boolean): Promise<SessionStatus[]> {
  const source = readConfig(context);
  const sessions = only === undefined ? allSessions(source) : [readSession(source, only)];
  return Promise.all(sessions.map((session) => sessionStatus(context, session, verify)));
}

export async function sessionStatus(context: Context, session: SsoSession, verify: boolean): Promise<SessionStatus> {
  const token = await readToken(context.home, session, context.sleep);
  const refreshable = token !== undefined && usableGrant(token, context, session) !== undefined;
  const verdict = verify && token !== undefined && isUsable(token, context.now()) ? await acceptedByPortal(context, session, token) : "unknown";
  return {
    session,
    label: sessionLabel(session),
    state: stateOf(context, session, token, refreshable, verdict === "refused"),
    expiresAt: token?.expiresAt,
    refreshable,
    registrationExpiresAt: token?.registrationExpiresAt,
    verified: verdict === "unknown" ? undefined : verdict === "accepted",
  };
}

function stateOf(context: Context, session: SsoSession, token: AccessToken | undefined, refreshable: boolean, refused: boolean): SessionState {
  if (token === undefined) return tokenFileExists(context.home, session) ? "unreadable" : "signed-out";
  if (isUsable(token, context.now()) && !refused) return "usable";
  return refreshable ? "refreshable" : "expired";
}

export function isServiceable(state: SessionState): boolean {
  return state === "usable" || state === "refreshable";
}
