import type { Context } from "../context.ts";
import type { AccessToken } from "../model/access-token.ts";
import type { SsoSession } from "../model/sso-session.ts";
import type { LatchkeyError } from "../errors.ts";
import type { PortalAnswer } from "../aws/call/failure.ts";
import { trace } from "../trace.ts";
import {
  decide,
  describeDecision,
  describeForeignToken,
  signInRequired,
  takeToken,
} from "./decide.ts";
import { recordRejection, tokenFacts } from "./facts.ts";
import { openTokenStore } from "./open-store.ts";
import { refreshOrFallBack } from "./refresh.ts";
import type { TokenRequest } from "./store.ts";
import { NO_DEADLINE } from "./time-budget.ts";

export async function openTokenRequest(
  context: Context,
  session: SsoSession,
): Promise<TokenRequest> {
  return { session, store: await openTokenStore(context, session), budget: NO_DEADLINE };
}

/**
 * Returns the access token of a session: the stored token, or a refreshed one. Only one process refreshes at a time.
 * Never starts a sign-in.
 * @throws LatchkeyError SIGN_IN_REQUIRED, UNREACHABLE, THROTTLED, BAD_RESPONSE, STORAGE_FAILED
 */
export async function accessToken(context: Context, request: TokenRequest): Promise<AccessToken> {
  const token = await request.store.read();
  if (token === undefined) throw noTokenError(request);
  const decision = decide(token, tokenFacts(context, request));
  trace(() => describeDecision(request.session, decision, context.now()));
  return decision.action === "refresh"
    ? refreshOrFallBack(context, request, decision)
    : takeToken(request.session, decision);
}

/**
 * Returns the error for a session without a token: STORAGE_FAILED if the file can't be read, else SIGN_IN_REQUIRED,
 * even if the file contains another portal's token.
 */
export function noTokenError({
  session,
  store,
}: Pick<TokenRequest, "session" | "store">): LatchkeyError {
  const state = store.readNow();
  if (state.kind === "absent" && state.refusal !== undefined) return state.refusal;
  return signInRequired(
    session,
    "has no token on this machine",
    state.kind === "foreign" ? describeForeignToken(state.portal) : undefined,
  );
}

/**
 * Calls the portal with a valid token. If the response is 401 although the token has not expired, refreshes the token and
 * calls once more: a revoked token looks valid (aws-cli issue 7340).
 * @throws LatchkeyError as `accessToken` does
 */
export async function callWithToken<T>(
  context: Context,
  request: TokenRequest,
  call: (token: string) => Promise<PortalAnswer<T>>,
): Promise<Exclude<PortalAnswer<T>, { kind: "unauthorized" }>> {
  const first = await accessToken(context, request);
  const answer = await call(first.accessToken);
  if (answer.kind !== "unauthorized") return answer;
  recordRejection(context.home, request.session, first.accessToken);
  const second = await accessToken(context, { ...request, rejectedToken: first.accessToken });
  const answerToSecond = await call(second.accessToken);
  if (answerToSecond.kind !== "unauthorized") return answerToSecond;
  recordRejection(context.home, request.session, second.accessToken);
  throw signInRequired(request.session, "is no longer accepted by AWS");
}
