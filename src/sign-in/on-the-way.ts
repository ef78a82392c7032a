import type { Context, Environment } from "../context.ts";
import { decideSignIn, findAutomationMark } from "../model/login-method.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { describeCure, describeFault } from "../model/values.ts";
import { hasCode, usageError, type LatchkeyError } from "../errors.ts";
import { readSettings } from "../settings/file.ts";
import { notice } from "../terminal/notice.ts";
import { login } from "./login.ts";
import type { SignInOptions } from "./method.ts";

/** Signs in when another command needs a sign-in. Then that command continues. */

/**
 * Runs the work. If it fails with SIGN_IN_REQUIRED and the user agrees, signs in and runs the work again.
 * @param work gets the session as it is after the sign-in. If the start URL is a redirect, its region may have changed.
 * @param options the default is read from the environment variables of login's flags
 * @throws LatchkeyError of the work; LOGIN_FAILED or CANCELLED of the sign-in
 */
export async function signInOnTheWay<T>(
  context: Context,
  session: SsoSession,
  work: (session: SsoSession) => Promise<T>,
  options?: SignInOptions,
): Promise<T> {
  try {
    return await work(session);
  } catch (thrown) {
    if (!hasCode(thrown, "SIGN_IN_REQUIRED")) throw thrown;
    return work(await offerSignIn(context, session, thrown, options));
  }
}

/**
 * Signs in if the user agrees, or if a setting allows it without a question.
 * @param reason why a sign-in is needed; thrown if no user can be asked, or if the user declines
 */
export async function offerSignIn(
  context: Context,
  session: SsoSession,
  reason: LatchkeyError,
  options: SignInOptions = readSignInVariables(context.env),
): Promise<SsoSession> {
  const { env, home, terminal } = context;
  const { action } = decideSignIn({
    isCommand: false,
    interactive: terminal.interactive,
    mark: findAutomationMark(env),
    settings: readSettings(home, env, session.name),
  });
  if (action === "refuse") throw reason;
  notice(context, reason.message);
  const question = `Sign in to ${sessionLabel(session)} now?`;
  if (action === "ask" && !(await terminal.confirm(question, { initial: true }))) throw reason;
  const signedIn = await login(context, session, { ...options, force: false });
  terminal.say(`Signed in to ${sessionLabel(signedIn.session)}.`);
  return signedIn.session;
}

/** Reads the environment variables of login's flags, for commands without these flags. */
function readSignInVariables(env: Environment): SignInOptions {
  const isOn = (name: string): boolean => /^(?:1|true|y|yes)$/i.test(env[name] ?? "");
  const device = isOn("LATCHKEY_USE_DEVICE_CODE") ? "device" : undefined;
  return {
    openBrowser: !isOn("LATCHKEY_NO_BROWSER"),
    flow: isOn("LATCHKEY_USE_PKCE") ? "pkce" : device,
    qr: isOn("LATCHKEY_QR"),
    redirectPort: readPort(env["LATCHKEY_REDIRECT_PORT"] ?? ""),
  };
}

/** @throws LatchkeyError USAGE */
function readPort(text: string): number | undefined {
  if (text === "") return undefined;
  const fault = describeFault("port", text);
  if (fault === undefined) return Number(text);
  throw usageError(`LATCHKEY_REDIRECT_PORT ${fault}.`, describeCure("port", text));
}
