import type { Context } from "../context.ts";
import { loginCommand, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";

/** Waiting for a person, with the time that is left on the last line of the terminal. */

/** @param deadline in milliseconds of `context.monotonic()`; `words` are shown with the seconds until then. */
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

const ENDS = {
  denied: "The sign-in was refused on the approval page.",
  expired: "The code ran out before it was approved.",
  late: "The browser did not come back within ten minutes.",
  refused: "The service took back the approval that it had given.",
} as const;

export function loginError(reason: keyof typeof ENDS, session: SsoSession): LatchkeyError {
  return new LatchkeyError(
    "LOGIN_FAILED",
    `${ENDS[reason]} Nothing was changed for ${sessionLabel(session)}.`,
    { hint: `Start again: ${loginCommand(session)}` },
  );
}
