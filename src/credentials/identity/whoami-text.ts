import { chooseTone, type Paint, type Tone } from "../../text/paint.ts";
import { secondsUntil } from "../../text/instant.ts";
import { clockTime, duration, escapeControls } from "../../text/terminal.ts";
import { isRefusedByAws, sessionTone } from "../../sign-in/text.ts";
import type { SessionStatus } from "../../sign-in/status.ts";
import type { Identity } from "./whoami.ts";

/** Text output of `whoami`. */

interface Reader {
  readonly now: Date;
  readonly paint: Paint;
}

/** Returns the text. Each part is escaped before it is painted. */
export function identityText(identity: Identity, offline: boolean, { now, paint }: Reader): string {
  const { accountId, accountName, arn, roleName, userName, userId, found, session } = identity;
  const end = identity.credentialsExpireAt;
  const paintWords = (tone: Tone | undefined, words: string): string =>
    tone === undefined ? escapeControls(words) : paint(tone, escapeControls(words));
  const state = session && paintWords(sessionTone(session, now), sessionText(session, now));
  const lifetime = paintWords(
    end && chooseTone(secondsUntil(end, now)),
    lifetimeText(identity, offline, now),
  );
  const account = [accountId, accountName].filter((word) => word !== undefined).join("  ");
  const entries: ReadonlyArray<readonly [label: string, text: string | undefined]> = [
    ["account", accountId && escapeControls(account)],
    ["role", roleName && escapeControls(roleName)],
    ["region", found.region && escapeControls(found.region)],
    ["session", session && `${escapeControls(session.label)}, ${state}`],
    ["credentials", `${lifetime}, from ${escapeControls(found.words)}`],
    ["arn", arn && escapeControls(arn)],
  ];
  const lines = entries.flatMap(([label, text]) =>
    text === undefined || text === "" ? [] : [`  ${label.padEnd(14)}${text}\n`],
  );
  const who = userName ?? userId ?? "From local files; AWS was not asked";
  return `${escapeControls(who)}\n${lines.join("")}`;
}

function lifetimeText(
  { credentialsExpireAt, found }: Identity,
  offline: boolean,
  now: Date,
): string {
  if (credentialsExpireAt !== undefined)
    return `until ${clockTime(credentialsExpireAt, now)} (${duration(secondsUntil(credentialsExpireAt, now))} left)`;
  const hasNone = offline && found.source !== "credentials-file";
  return hasNone ? "none cached" : "no known expiry";
}

function sessionText(status: SessionStatus, now: Date): string {
  const { state, expiresAt, refreshable } = status;
  if (isRefusedByAws(status, now)) return "AWS refuses its token";
  const renews = refreshable ? " (renews itself)" : "";
  const clock = expiresAt === undefined ? "" : clockTime(expiresAt, now);
  const words = {
    usable: `signed in, token until ${clock}${renews}`,
    refreshable: `token expired at ${clock}${renews}`,
    expired: `token expired at ${clock}`,
    "signed-out": "no token on this machine",
    unreadable: "its token on this machine can't be read",
  };
  return words[state];
}
