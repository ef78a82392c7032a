import type { Context } from "../context.ts";
import type { ClientRegistration, IssuedToken } from "../model/access-token.ts";
import { decidePollStep, type DeviceAuthorization } from "../aws/grants.ts";
import { approvalWaitText, loginError } from "./text.ts";
import { LatchkeyError } from "../errors.ts";
import { qrLines } from "../terminal/qr-code.ts";
import { createConnection } from "../aws/connection.ts";
import { notice } from "../terminal/notice.ts";
import { removeClientRegistration, findOrRegisterClient } from "./registration.ts";
import { announce, openForPerson, type SignInMethod } from "./method.ts";
import type { Portal } from "./portal-address.ts";

/** Signing in by a code that a person approves on any device (RFC 8628). */

export interface IssuedSignIn {
  readonly registration: ClientRegistration;
  readonly token: IssuedToken;
}

export async function runDeviceFlow(
  context: Context,
  portal: Portal,
  manner: SignInMethod,
): Promise<IssuedSignIn> {
  const { registration, device } = await startAuthorization(context, portal);
  const { userCode, verificationUriComplete: url } = device;
  if (manner.qr) await showPicture(context, url);
  announce(context, manner, { session: portal.session, url, userCode });
  openForPerson(context, manner, url);
  return { registration, token: await pollForToken(context, portal, registration, device) };
}

/** A cached registration that the service no longer knows is replaced once. */
async function startAuthorization(
  context: Context,
  portal: Portal,
): Promise<{ registration: ClientRegistration; device: DeviceAuthorization }> {
  const { startDeviceAuthorization } = await import("../aws/oidc.ts");
  const connection = createConnection(context, "SSO_OIDC", portal.session);
  for (const attempt of ["cached", "fresh"] as const) {
    if (attempt === "fresh") removeClientRegistration(context, portal, "device");
    const registration = await findOrRegisterClient(context, portal, "device");
    const answer = await startDeviceAuthorization(connection, registration, portal.portalUrl);
    if (answer.kind === "started") return { registration, device: answer.device };
  }
  throw new LatchkeyError(
    "BAD_RESPONSE",
    "The sign-in service refuses the client that it has just registered.",
    { hint: "Check the region of the session: latchkey status" },
  );
}

/** Above the words, so that the code stays in sight. */
async function showPicture(context: Context, url: string): Promise<void> {
  const { terminal } = context;
  const lines = await qrLines(url);
  const needed = lines[0]?.length ?? 0;
  if (needed <= terminal.columns) terminal.picture(lines);
  else
    notice(
      context,
      `the QR code needs ${needed} columns, and this terminal has ${terminal.columns}.`,
    );
}

/** Polls at the server's pace until approval, refusal, or the end of the code by a clock that can't be set back. */
async function pollForToken(
  context: Context,
  { session }: Portal,
  registration: ClientRegistration,
  device: DeviceAuthorization,
): Promise<IssuedToken> {
  const { fetchDeviceToken } = await import("../aws/oidc.ts");
  const connection = createConnection(context, "SSO_OIDC", session);
  const deadline = context.monotonic() + device.expiresInSeconds * 1000;
  let { intervalSeconds } = device;
  for (;;) {
    const pause = Math.min(intervalSeconds * 1000, Math.max(0, deadline - context.monotonic()));
    await waitWithNotice(context, pause, deadline, approvalWaitText);
    if (context.monotonic() >= deadline) throw loginError("expired", session);
    const step = decidePollStep(
      await fetchDeviceToken(connection, registration, device.deviceCode),
      intervalSeconds,
    );
    if (step.kind === "done") return step.token;
    if (step.kind === "failed") throw loginError(step.reason, session);
    intervalSeconds = step.intervalSeconds;
  }
}

/**
 * Waits for a person, with the time that is left on the last line of the terminal.
 * @param deadline in milliseconds of `context.monotonic()`; `words` are shown with the seconds until then.
 */
export async function waitWithNotice(
  context: Context,
  milliseconds: number,
  deadline: number,
  words: (secondsLeft: number) => string,
): Promise<void> {
  const end = context.monotonic() + milliseconds;
  while (context.monotonic() < end) {
    context.terminal.showProgress(words(Math.max(0, (deadline - context.monotonic()) / 1000)));
    await context.sleep(Math.max(0, Math.min(1000, end - context.monotonic())));
  }
}
