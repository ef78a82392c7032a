import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { sessionCacheKey } from "../model/sso-session.ts";
import { isRecord } from "../text/json.ts";
import { tokenRefusalPath } from "../fs/paths.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { ignoreErrors, readCacheJson } from "../fs/read.ts";
import type { TokenFacts } from "./decide.ts";
import type { TokenRequest } from "./store.ts";

/** What a decision about a session's token stands on: the clock, and the refresh token that the service refused last. */
export function tokenFacts(
  { home, now }: Context,
  { session, rejectedToken }: Pick<TokenRequest, "session" | "rejectedToken">,
): TokenFacts {
  return {
    now: now(),
    rejectedToken,
    isRefused: (refreshToken) => isRefused(home, sessionCacheKey(session), refreshToken),
  };
}

/** Only the hash of a refused token is kept, of the last one of each session. */
function isRefused(home: string, sessionKey: string, refreshToken: string): boolean {
  const stored = readCacheJson(tokenRefusalPath(home, sessionKey));
  return isRecord(stored) && stored["refreshTokenSha256"] === sha256(refreshToken);
}

/** Best effort: where it is not remembered, the next caller asks once more, and is refused as well. */
export function recordRefusal(home: string, sessionKey: string, refreshToken: string): void {
  const path = tokenRefusalPath(home, sessionKey);
  const text = `${JSON.stringify({ refreshTokenSha256: sha256(refreshToken) })}\n`;
  ignoreErrors(() => writeSecretFile(path, text));
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
