import { loginCommand, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { LatchkeyError } from "../errors.ts";
import { isPast, secondsUntil } from "../text/instant.ts";
import { quoteShellWord } from "../text/shell-words.ts";
import { chooseTone, type Tone } from "../text/paint.ts";
import { clockTime, duration } from "../text/terminal.ts";
import { isServiceable, type SessionState, type SessionStatus } from "./status.ts";

/** Texts that are shown during a sign-in, and texts about the state of a sign-in. */

/** Describes a session's state. If a token has not expired but is not valid, AWS has refused it. */
export function describeState(status: SessionStatus, now: Date): string {
  return isRefusedByAws(status, now) ? "refused by AWS" : STATE_WORDS[status.state];
}

export function isRefusedByAws({ state, expiresAt }: SessionStatus, now: Date): boolean {
  return state === "expired" && expiresAt !== undefined && !isPast(expiresAt, now);
}

const STATE_WORDS: Readonly<Record<SessionState, string>> = {
  usable: "signed in",
  refreshable: "renews itself",
  expired: "expired",
  "signed-out": "signed out",
  unreadable: "unreadable",
};

/** Returns `7 h 52 min left (18:04)`, or "" if no token is usable. */
export function timeLeftText({ state, expiresAt }: SessionStatus, now: Date): string {
  if (state !== "usable" || expiresAt === undefined) return "";
  return `${duration(secondsUntil(expiresAt, now))} left (${clockTime(expiresAt, now)})`;
}

/** Returns the tone of a session's state. A token that can be refreshed is "good", even if it expires soon. */
export function sessionTone({ state, expiresAt, refreshable }: SessionStatus, now: Date): Tone {
  if (!isServiceable(state)) return "bad";
  return refreshable || expiresAt === undefined ? "good" : chooseTone(secondsUntil(expiresAt, now));
}

/** Returns the tone of the token's remaining time, or undefined if no token is usable. */
export function timeLeftTone({ state, expiresAt }: SessionStatus, now: Date): Tone | undefined {
  if (state !== "usable" || expiresAt === undefined) return undefined;
  return chooseTone(secondsUntil(expiresAt, now));
}

export interface Prompt {
  readonly session: SsoSession;
  readonly url: string;
  /** The client name that the approval page must show. */
  readonly clientName: string;
  readonly opensBrowser: boolean;
  /** In the code flow: the code that the page must show. */
  readonly userCode?: string;
  /** In the redirect flow: how the browser reaches this machine. */
  readonly comeBack?: ComeBack;
}

interface ComeBack {
  readonly redirectUri: string;
  /** `user@host` of this machine for SSH, if the browser is probably on another machine. */
  readonly remote: string | undefined;
  /** Whether the user can paste the address to which the browser was redirected. */
  readonly canPaste: boolean;
}

interface PromptText {
  readonly start: readonly string[];
  /** The address of the page, and the code. */
  readonly place: readonly string[];
  readonly advice: readonly string[];
}

/**
 * Returns the prompt. The code comes first, followed by what the page must show. If a user approves another person's
 * code, that person is signed in.
 */
export function promptText({
  session: { name, startUrl },
  url,
  clientName,
  opensBrowser,
  userCode,
  comeBack,
}: Prompt): PromptText {
  const browser = opensBrowser ? "Your browser should open now. " : "";
  const proof =
    userCode === undefined ? `names "${clientName}"` : `shows this code and "${clientName}"`;
  return {
    start: [`Sign in to ${name === undefined ? startUrl : `${name} (${startUrl})`}`],
    place: [...(userCode === undefined ? [] : [`  Code   ${userCode}`]), `  Open   ${url}`],
    advice: [
      `${browser}Before you approve, check that the page ${proof}.`,
      ...(comeBack === undefined ? [] : comeBackLines(comeBack)),
    ],
  };
}

/** Returns lines that explain how a browser on another machine can reach the redirect address 127.0.0.1 on this machine. */
function comeBackLines({ redirectUri, remote, canPaste }: ComeBack): string[] {
  const { port } = new URL(redirectUri);
  const tunnel =
    remote === undefined
      ? []
      : [
          "If the browser is on another machine, run this there first:",
          `  ssh -N -L ${port}:127.0.0.1:${port} ${quoteShellWord(remote)}`,
        ];
  const when = remote === undefined ? "If the browser can't reach this machine" : "Or";
  const paste = `${when}, paste the address from the browser; it begins with ${redirectUri}?`;
  return canPaste ? [...tunnel, paste] : tunnel;
}

export const PASTE_QUESTION = "Paste the address from the browser";
export const NOT_THIS_SIGN_IN =
  "That is not the complete address of this sign-in: copy all of it from the browser's address bar";

export function approvalWaitText(secondsLeft: number): string {
  return `waiting for your approval · the code is valid for ${duration(secondsLeft)}`;
}

export function browserWaitText(secondsLeft: number): string {
  return `waiting for your browser · ${duration(secondsLeft)} left`;
}

const ENDS = {
  denied: "The sign-in was refused on the approval page.",
  expired: "The code expired before it was approved.",
  late: "The browser did not come back within ten minutes.",
  refused: "The service did not accept the code from the browser.",
} as const;

export function loginError(reason: keyof typeof ENDS, session: SsoSession): LatchkeyError {
  return new LatchkeyError(
    "LOGIN_FAILED",
    `${ENDS[reason]} Nothing was changed for ${sessionLabel(session)}.`,
    { hint: `Start again: ${loginCommand(session)}` },
  );
}
