import { randomBytes } from "node:crypto";
import type { Context } from "../../context.ts";
import type { IssuedToken } from "../../model/access-token.ts";
import { canOpenBrowser } from "../../model/login-method.ts";
import {
  authorizeUrl,
  judgeCallback,
  judgePastedAddress,
  REDIRECT_DEADLINE_SECONDS,
} from "./callback.ts";
import { browserWaitText, loginError, NOT_THIS_SIGN_IN, PASTE_QUESTION } from "../text.ts";
import type { Answer, RedirectListener } from "./loopback.ts";
import { createConnection } from "../../aws/connection.ts";
import { removeClientRegistration, redirectScopes, findOrRegisterClient } from "../registration.ts";
import { waitWithNotice, type IssuedSignIn } from "../device.ts";
import { announce, openForPerson, type SignInMethod } from "../method.ts";
import type { Portal } from "../portal-address.ts";
import type { PendingRedirect } from "../../aws/grants.ts";

/**
 * Signs in with the authorization code flow with PKCE: the browser redirects to this machine, as in the AWS CLI since
 * 2.22.
 */

/** @param listener must already listen, because the browser may redirect at once; closed by this function */
export async function runRedirectFlow(
  context: Context,
  portal: Portal,
  manner: SignInMethod,
  listener: RedirectListener,
): Promise<IssuedSignIn> {
  try {
    const { authorizationEndpoint } = await import("../../aws/oidc.ts");
    const registration = await findOrRegisterClient(context, portal, "pkce");
    const pending = {
      redirectUri: listener.redirectUri,
      state: createSecret(),
      codeVerifier: createSecret(),
    };
    const endpoint = authorizationEndpoint(createConnection(context, "SSO_OIDC", portal.session));
    const url = authorizeUrl(
      endpoint,
      registration.clientId,
      pending,
      redirectScopes(portal.session),
    );
    const isLocal = manner.opensBrowser && canOpenBrowser(manner.place);
    const remote = isLocal ? undefined : findRemoteAddress(context);
    const canPaste = context.terminal.interactive && !isLocal;
    const attempt = { portal, pending, canPaste };
    const comeBack = { redirectUri: listener.redirectUri, remote, canPaste };
    announce(context, manner, { session: portal.session, url, comeBack });
    const answer = waitForAnswer(context, attempt, listener);
    openForPerson(context, manner, url);
    const token = await redeemAnswer(context, attempt, registration, await answer);
    return { registration, token };
  } finally {
    listener.close();
  }
}

/** A sign-in that waits for the browser. */
interface RedirectAttempt {
  readonly portal: Portal;
  readonly pending: PendingRedirect;
  /** Whether the user can paste the address to which the browser was redirected. */
  readonly canPaste: boolean;
}

/** Returns `user@host`, the address of this machine for SSH from another machine. */
function findRemoteAddress({ env, hostname }: Context): string {
  const user = env["USER"] ?? env["LOGNAME"] ?? "";
  return user === "" ? hostname : `${user}@${hostname}`;
}

/**
 * Returns the first valid answer: from the browser, or pasted by the user.
 * @throws LatchkeyError LOGIN_FAILED at the deadline
 */
async function waitForAnswer(
  context: Context,
  attempt: RedirectAttempt,
  listener: RedirectListener,
): Promise<Answer> {
  const { pending, canPaste } = attempt;
  const over = new AbortController();
  const deadline = context.monotonic() + REDIRECT_DEADLINE_SECONDS * 1000;
  try {
    return await Promise.race([
      listener.waitForAnswer((request) => judgeCallback(request, pending)),
      ...(canPaste ? [askForPastedAnswer(context, pending, over.signal)] : []),
      rejectAtDeadline(context, attempt, deadline, over.signal),
    ]);
  } finally {
    over.abort();
    context.terminal.clearProgress();
  }
}

async function askForPastedAnswer(
  context: Context,
  pending: PendingRedirect,
  signal: AbortSignal,
): Promise<Answer> {
  const validate = (text: string): true | string =>
    judgePastedAddress(text, pending).kind !== "stray" || NOT_THIS_SIGN_IN;
  for (;;) {
    const answer = judgePastedAddress(
      await context.terminal.askHidden(PASTE_QUESTION, { validate, signal }),
      pending,
    );
    if (answer.kind !== "stray") return answer;
  }
}

/**
 * Fails at the deadline. Removes the registration too: if the service no longer accepts it, only the browser shows
 * that. So the next sign-in registers again.
 */
async function rejectAtDeadline(
  context: Context,
  { portal, canPaste }: RedirectAttempt,
  deadline: number,
  over: AbortSignal,
): Promise<never> {
  while (!over.aborted && context.monotonic() < deadline) {
    const pause = Math.min(1000, deadline - context.monotonic());
    // The last line asks for a pasted address, so the remaining time can't be shown there.
    if (canPaste) await context.sleep(pause);
    else await waitWithNotice(context, pause, deadline, browserWaitText);
  }
  if (over.aborted) return new Promise<never>(() => undefined);
  removeClientRegistration(context, portal, "pkce");
  throw loginError("late", portal.session);
}

async function redeemAnswer(
  context: Context,
  { portal, pending }: RedirectAttempt,
  registration: IssuedSignIn["registration"],
  answer: Answer,
): Promise<IssuedToken> {
  if (answer.kind === "refused") throw loginError("denied", portal.session);
  const { redeemCode } = await import("../../aws/oidc.ts");
  const redeemed = await redeemCode(
    createConnection(context, "SSO_OIDC", portal.session),
    registration,
    answer.code,
    pending,
  );
  if (redeemed.kind === "token") return redeemed.token;
  removeClientRegistration(context, portal, "pkce");
  throw loginError("refused", portal.session);
}

/** Returns 256 random bits as 43 characters that are safe in a URL. */
function createSecret(): string {
  return randomBytes(32).toString("base64url");
}
