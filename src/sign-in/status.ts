import type { Context } from "../context.ts";
import { readSession, readSessions, type RefusedSession } from "../profiles/profile.ts";
import type { AccessToken } from "../model/access-token.ts";
import type { StorageKind } from "../settings/settings.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { isPast } from "../text/instant.ts";
import { clockTime } from "../text/terminal.ts";
import { readSignInNotes } from "../access/sign-in-notes.ts";
import { ignoreExpected } from "../fs/read.ts";
import { hasCode } from "../errors.ts";
import { createConnection } from "../aws/connection.ts";
import { readConfig } from "../profiles/select.ts";
import { decide, findGrant, describeForeignToken, type TokenDecision } from "../token/decide.ts";
import { openTokenStoreIfPossible } from "../token/open-store.ts";
import { recordRejection, tokenFacts } from "../token/facts.ts";
import type { TokenRequest, TokenState, TokenStore } from "../token/store.ts";
import { listLeftSignIns, type LeftSignIn } from "./sweep.ts";

/** The state of each sign-in, from local files. With `verify`, the portal is also asked. */

export type SessionState = "usable" | "refreshable" | "expired" | "signed-out" | "unreadable";

export interface SessionStatus {
  readonly session: SsoSession;
  readonly label: string;
  readonly state: SessionState;
  readonly expiresAt: Date | undefined;
  readonly refreshable: boolean;
  readonly storage: StorageKind;
  readonly registrationExpiresAt: Date | undefined;
  /** Whether the portal accepts the token. An expired token is not checked. */
  readonly heard: PortalVerdict | "not-asked";
  /** Other facts as text, such as another portal's token under the same name, or roles that AWS refused. */
  readonly notes: readonly string[];
  /** Whether the config has an error in this session. The notes contain the error. */
  readonly isRefused?: true;
  /** Whether the config has no section for this sign-in. Then other clients can't use it. */
  readonly isLeft?: true;
}

export async function listSessionStatuses(
  context: Context,
  only: SsoSession | undefined,
  verify: boolean,
): Promise<SessionStatus[]> {
  if (only !== undefined) return [await sessionStatus(context, only, verify)];
  const source = readConfig(context);
  const { sessions, refused } = readSessions(source);
  const urls = new Set(sessions.map(({ startUrl }) => startUrl));
  const left = (await listLeftSignIns(context, source.document)).filter(
    ({ session }) => !urls.has(session.startUrl),
  );
  // No session is usable, so the command fails with the error.
  if (sessions.length === 0 && refused[0] !== undefined) throw refused[0].error;
  const statuses = await Promise.all(
    sessions.map((session) => sessionStatus(context, session, verify)),
  );
  const leftStatuses = await Promise.all(left.map((each) => toLeftStatus(context, each, verify)));
  return [...statuses, ...leftStatuses, ...refused.map(toRefusedStatus)];
}

async function toLeftStatus(
  context: Context,
  { session, token, storage, refreshable }: LeftSignIn,
  verify: boolean,
): Promise<SessionStatus> {
  const isExpired = isPast(token.expiresAt, context.now());
  const heard = verify && !isExpired ? await askPortal(context, session, token) : "not-asked";
  const isUsable = !isExpired && heard !== "refused";
  const lapsed = refreshable ? "refreshable" : "expired";
  return {
    session,
    label: sessionLabel(session),
    state: isUsable ? "usable" : lapsed,
    expiresAt: token.expiresAt,
    refreshable,
    storage,
    registrationExpiresAt: token.registrationExpiresAt,
    heard,
    notes: [
      "the config has no section for this sign-in: latchkey configure adds one, latchkey logout ends it",
    ],
    isLeft: true,
  };
}

/** Returns the status of a session with an error in the config. */
function toRefusedStatus({ name, error }: RefusedSession): SessionStatus {
  return {
    session: { name, startUrl: "", region: "", registrationScopes: undefined },
    label: name,
    state: "unreadable",
    expiresAt: undefined,
    refreshable: false,
    storage: "file",
    registrationExpiresAt: undefined,
    heard: "not-asked",
    notes: [[error.message, error.hint].filter(Boolean).join(" ").replace(/\.$/, "")],
    isRefused: true,
  };
}

export async function sessionStatus(
  context: Context,
  session: SsoSession,
  verify: boolean,
): Promise<SessionStatus> {
  const store = await openTokenStoreIfPossible(context, session);
  const token = await store.read();
  const tokenState: TokenState = token === undefined ? store.readNow() : { kind: "token", token };
  const facts = tokenFacts(context, { session });
  const isAsked = verify && token !== undefined && !isPast(token.expiresAt, facts.now);
  const heard = isAsked ? await askPortal(context, session, token) : "not-asked";
  const rejectedToken = heard === "refused" ? token?.accessToken : undefined;
  return {
    session,
    label: sessionLabel(session),
    state: findState(store, tokenState, decide(token, { ...facts, rejectedToken })),
    expiresAt: token?.expiresAt,
    refreshable: token !== undefined && findGrant(token, facts) !== undefined,
    storage: store.kind,
    registrationExpiresAt: token?.registrationExpiresAt,
    heard,
    notes: listNotes(context, { session, store }, tokenState),
  };
}

function listNotes(
  { home, now }: Context,
  owner: Pick<TokenRequest, "session" | "store">,
  state: TokenState,
): string[] {
  if (state.kind === "foreign") return [`signed out: ${describeForeignToken(state.portal)}`];
  return readSignInNotes(home, owner).refusedRoles.map(
    ({ accountId, roleName, refusedAt }) =>
      `AWS refused the role ${roleName} in ${accountId} (${clockTime(refusedAt, now())})`,
  );
}

function findState(store: TokenStore, { kind }: TokenState, decision: TokenDecision): SessionState {
  if (kind === "foreign") return "signed-out";
  if (kind !== "token" && store.exists()) return "unreadable";
  switch (decision.action) {
    case "use":
      return "usable";
    case "refresh":
      return decision.isStillValid ? "usable" : "refreshable";
    case "sign-in":
      return kind === "token" ? "expired" : "signed-out";
  }
}

export function isServiceable(state: SessionState): boolean {
  return state === "usable" || state === "refreshable";
}

/** Returns a session of the config if its token is on this machine, in any state; otherwise undefined. */
export async function findSignIn(context: Context, name: string): Promise<SsoSession | undefined> {
  const session = ignoreExpected(() => readSession(readConfig(context), name));
  if (session === undefined) return undefined;
  const { state } = await sessionStatus(context, session, false);
  return state === "signed-out" ? undefined : session;
}

type PortalVerdict = "accepted" | "refused" | "no-answer";

/**
 * Asks the portal once whether it accepts the token. If the portal can't be reached, that shows nothing about the token.
 */
export async function askPortal(
  context: Context,
  session: SsoSession,
  { accessToken }: AccessToken,
): Promise<PortalVerdict> {
  const { isTokenAccepted } = await import("../aws/portal.ts");
  const connection = createConnection(context, "SSO", session, context.monotonic() + 5_000);
  try {
    if (await isTokenAccepted(connection, accessToken)) return "accepted";
    recordRejection(context.home, session, accessToken);
    return "refused";
  } catch (thrown) {
    if (hasCode(thrown, "UNREACHABLE", "THROTTLED", "BAD_RESPONSE")) return "no-answer";
    throw thrown;
  }
}
