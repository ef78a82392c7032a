import { shellWord } from "../model/sso-session.ts";
import { duration } from "../text/terminal.ts";

/** What a person reads while signing in. */

interface PromptWords {
  /** The session's name, where it has one. */
  readonly name: string | undefined;
  readonly startUrl: string;
  readonly url: string;
  /** What the approval page must name. */
  readonly clientName: string;
  readonly opensBrowser: boolean;
}

interface DevicePromptWords extends PromptWords {
  readonly userCode: string;
}

/** The code matters first; then what to compare it with, since approving another's code signs that other person in. */
export function devicePromptText(prompt: DevicePromptWords): string {
  return [
    titleOf(prompt),
    "",
    `  Code   ${prompt.userCode}`,
    `  Open   ${prompt.url}`,
    "",
    `${openingOf(prompt)}Approve only what you have just asked for: the page must show this very code and "${prompt.clientName}".`,
  ].join("\n");
}

interface RedirectPromptWords extends PromptWords {
  readonly redirectUri: string;
  /** `user@host` as others reach this machine, where the browser is likely on another. */
  readonly remote: string | undefined;
  /** Whether the address can be pasted back. */
  readonly canPaste: boolean;
}

export function redirectPromptText(prompt: RedirectPromptWords): string {
  return [
    titleOf(prompt),
    "",
    `  Open   ${prompt.url}`,
    "",
    `${openingOf(prompt)}Approve only what you have just asked for: the page must name "${prompt.clientName}".`,
    ...remoteLines(prompt),
  ].join("\n");
}

/** The redirect leads to 127.0.0.1 of whichever machine the browser runs on. */
function remoteLines({ redirectUri, remote, canPaste }: RedirectPromptWords): string[] {
  const { port } = new URL(redirectUri);
  const tunnel =
    remote === undefined
      ? []
      : [
          "Is the browser on another machine? Let it reach this one first, by running there:",
          `  ssh -N -L ${port}:127.0.0.1:${port} ${shellWord(remote)}`,
        ];
  const paste = canPaste
    ? [
        `${remote === undefined ? "If the browser can't come back here" : "Or"}, paste the address that it ends at; it begins with ${redirectUri}?`,
      ]
    : [];
  return [...tunnel, ...paste];
}

export const PASTE_QUESTION = "Address that the browser ended at";
export const NOT_THIS_SIGN_IN =
  "That is not the address of this sign-in, whole: copy all of it from the browser's address bar";

function titleOf({ name, startUrl }: PromptWords): string {
  return `Sign in to ${name === undefined ? startUrl : `${name} (${startUrl})`}`;
}

function openingOf({ opensBrowser }: PromptWords): string {
  return opensBrowser ? "Your browser should open now. " : "";
}

export function waitingForApproval(secondsLeft: number): string {
  return `waiting for your approval · the code is good for ${duration(secondsLeft)}`;
}

export function waitingForBrowser(secondsLeft: number): string {
  return `waiting for your browser · ${duration(secondsLeft)} left`;
}
