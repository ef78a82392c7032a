import type { Client } from "../clients/family.ts";
import type { CauseId } from "./causes.ts";

/**
 * A message of an AWS client.
 *
 * The pattern is the message's fixed text with placeholders: `{profile}`, `{session}`, `{account}`, `{role}`, `{region}`,
 * `{url}`, `{time}` and `{requestId}` are names in the message, `{…}` is any text. A placeholder matches at most 300
 * characters. Blanks, line breaks, quotes, case and colours are ignored, so wrapped messages match too. The order of the
 * rows does not matter.
 */
export interface Message {
  readonly pattern: string;
  /** Possible causes. The first is reported if nothing on this machine shows which one is true. */
  readonly causes: readonly [CauseId, ...CauseId[]];
  /**
   * Whether the message has many causes, such as "failed to refresh cached credentials". A more precise message near it
   * takes precedence.
   */
  readonly isVague?: true;
}

/** The program that prints a message: an AWS client, or a program that contains one and also prints its errors. */
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

/** The messages of one client, or of clients that share a library. */
export interface MessageFamily {
  /** The client if no mark matches. undefined: messages of AWS services, which all clients print. */
  readonly client: ClientId | undefined;
  readonly messages: readonly Message[];
  /**
   * Patterns of text around a message that identify the client. If a program contains another client, its marks come first.
   */
  readonly marks?: ReadonlyArray<readonly [client: ClientId, ...patterns: string[]]>;
}

/** The causes of a message that says only that there are no credentials. */
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

/** Returns messages that have the same causes. */
export function rows(
  causes: Message["causes"] | CauseId,
  ...patterns: readonly string[]
): readonly Message[] {
  return patterns.map((pattern) => ({ pattern, causes: toCauses(causes) }));
}

/** Like `rows`, for vague messages. */
export function vague(
  causes: Message["causes"] | CauseId,
  ...patterns: readonly string[]
): readonly Message[] {
  return rows(causes, ...patterns).map((row) => ({ ...row, isVague: true }));
}

function toCauses(causes: Message["causes"] | CauseId): Message["causes"] {
  return typeof causes === "string" ? [causes] : causes;
}
