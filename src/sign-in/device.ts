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

/** Signs in with a code that the user approves on any device (RFC 8628). */

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
  const prompt = { session: portal.session, url, userCode };
  announce(context, manner, prompt, manner.qr ? await drawPicture(context, url) : undefined);
  openForPerson(context, manner, url);
  const token = await context.terminal.waitUnechoed(() =>
    pollForToken(context, portal, registration, device),
  );
  return { registration, token };
}

/** Starts the authorization. If the service refuses a cached registration, registers again once. */
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

/** Returns the QR code with the widest margin that fits. If none fits, shows a notice and returns undefined. */
async function drawPicture(context: Context, url: string): Promise<readonly string[] | undefined> {
  const { columns, rows } = context.terminal;
  // Rows below the picture: the code, the URL, and the remaining time.
  const rest = 2 + Math.ceil((url.length + URL_MARGIN) / columns);
  const pictures = [await qrLines(url, 2), await qrLines(url, 1)];
  const fitting = pictures.find(
    (lines) => (lines[0]?.length ?? 0) <= columns && lines.length + rest <= rows,
  );
  const smallest = pictures[1] ?? [];
  const width = smallest[0]?.length ?? 0;
  const size =
    width <= columns
      ? `${smallest.length + rest} rows, and this terminal has ${rows}`
      : `${width} columns, and this terminal has ${columns}`;
  if (fitting === undefined) notice(context, `the QR code needs ${size}.`);
  return fitting;
}

/** The label before the URL on its line. */
const URL_MARGIN = "  Open   ".length;

/**
 * Polls at the server's interval until the user approves or refuses, or the code expires. Measures time with a clock
 * that can't be set back.
 */
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
 * Waits for the user and shows the remaining time on the terminal's last line.
 * @param deadline in milliseconds of `context.monotonic()`
 * @param words returns the text for the given number of remaining seconds
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
