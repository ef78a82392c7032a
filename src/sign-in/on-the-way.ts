import type { Context, Environment } from "../context.ts";
import { decideSignIn, findAutomationMark } from "../model/login-method.ts";
import { sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { describeCure, describeFault } from "../model/values.ts";
import { hasCode, usageError, type LatchkeyError } from "../errors.ts";
import { readSettings } from "../settings/file.ts";
import { notice } from "../terminal/notice.ts";
import { login } from "./login.ts";
import type { SignInOptions } from "./method.ts";

/** Signing in where a command that does something else needs it; then the command goes on. */

/**
 * Does the work. Where it fails since nobody is signed in, and the person who is there wants to be, signs in and does it again.
 * @param work gets the session as the sign-in leaves it: a company's own address may lead to another region.
 * @param options by default what the variables of `login` say.
 * @throws LatchkeyError what the work throws; LOGIN_FAILED or CANCELLED of the sign-in.
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
 * Signs in where the person agrees, or has agreed for good.
 * @param reason why it is needed; thrown where nobody may be asked, and where the person says no.
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

/** What the variables of login's flags say to a command that has none of these flags. */
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
