import type { Client } from "../clients/family.ts";
import type { CauseId } from "./causes.ts";

/**
 * A message of an AWS client, as a row of a table.
 *
 * The pattern is the message's fixed text, with a placeholder where it varies: `{profile}`, `{session}`, `{account}`,
 * `{role}`, `{region}`, `{url}`, `{time}` and `{requestId}` are what the message names, `{…}` is anything. Blanks, line
 * breaks, quotes, capitals and colours make no difference, so that a message is found however it was wrapped; the order of
 * the rows makes none either. A placeholder stands for at most 300 characters.
 */
export interface Message {
  readonly pattern: string;
  /** What it can mean: the first is what it means where nothing on this machine says which. */
  readonly causes: readonly [CauseId, ...CauseId[]];
  /**
   * Words that follow many causes, as "failed to refresh cached credentials": another message near it is the one that
   * counts.
   */
  readonly isVague?: true;
}

/** Who prints a message: a client of AWS, or a program that has one inside and prints its errors with its own. */
export type ClientId =
  | Client
  | "aws-cli-v1"
  | "powershell"
  | "cdk"
  | "serverless"
  | "kubectl"
  | "docker"
  | "vscode"
  | "jetbrains"
  | "git"
  | "latchkey";

/** The messages of one client, or of those that share a library. */
export interface MessageFamily {
  /** Whose messages they are where no mark says more; undefined: the words of AWS services, which all clients pass on. */
  readonly client: ClientId | undefined;
  readonly messages: readonly Message[];
  /** Who it is, by what stands around a message: patterns as those of messages. The one that encloses comes first. */
  readonly marks?: ReadonlyArray<readonly [client: ClientId, ...patterns: string[]]>;
}

/** Where a program says no more than that it got no credentials. */
export const ANY_CREDENTIALS: Message["causes"] = [
  "no-credentials",
  "profile-missing",
  "session-missing",
  "config-invalid",
  "other-credentials",
  "process-gone",
  "process-failed",
  "process-output",
  "token-missing",
  "session-ended",
  "refresh-refused",
  "token-expired",
  "role-not-assigned",
];

/** Rows of one cause, or of the same several. */
export function rows(
  causes: Message["causes"] | CauseId,
  ...patterns: readonly string[]
): readonly Message[] {
  return patterns.map((pattern) => ({ pattern, causes: toCauses(causes) }));
}

/** The same, vague. */
export function vague(
  causes: Message["causes"] | CauseId,
  ...patterns: readonly string[]
): readonly Message[] {
  return rows(causes, ...patterns).map((row) => ({ ...row, isVague: true }));
}

function toCauses(causes: Message["causes"] | CauseId): Message["causes"] {
  return typeof causes === "string" ? [causes] : causes;
}
