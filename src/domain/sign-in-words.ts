import { duration } from "./terminal-text.ts";

/** What a person reads while signing in by device authorization. */

export interface DevicePromptWords {
  /** The session's name, where it has one. */
  readonly name: string | undefined;
  readonly startUrl: string;
  readonly userCode: string;
  readonly url: string;
  readonly clientName: string;
  readonly opensBrowser: boolean;
}

/** The code matters first; then what to compare it with, since approving another's code signs that other person in. */
export function devicePromptText({ name, startUrl, userCode, url, clientName, opensBrowser }: DevicePromptWords): string {
  const place = name === undefined ? startUrl : `${name} (${startUrl})`;
  const browser = opensBrowser ? "Your browser should open now. " : "";
  return [
    `Sign in to ${place}`,
    "",
    `  Code   ${userCode}`,
    `  Open   ${url}`,
    "",
    `${browser}Approve only if the page shows this very code and "${clientName}".`,
  ].join("\n");
}

export function waitingText(secondsLeft: number): string {
  return `waiting for your approval · the code is good for ${duration(secondsLeft)}`;
}
