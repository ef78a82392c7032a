import { createHash } from "node:crypto";
import type { Context } from "../context.ts";
import { sessionCacheKey, sessionLabel, type SsoSession } from "../model/sso-session.ts";
import { toRecord } from "../text/json.ts";
import { tokenRefusalPath } from "../fs/paths.ts";
import { writeSecretFile } from "../fs/replace.ts";
import { ignoreErrors, readCacheJson } from "../fs/read.ts";
import { trace } from "../trace.ts";
import type { TokenFacts } from "./decide.ts";
import type { TokenRequest } from "./store.ts";

/**
 * Returns the facts on which the decision about a session's token is based: the time, and the tokens that AWS has refused.
 */
export function tokenFacts(
  { home, now }: Context,
  { session, rejectedToken }: Pick<TokenRequest, "session" | "rejectedToken">,
): TokenFacts {
  return {
    now: now(),
    rejectedToken,
    isRejected: (token) => readRefusals(home, session).accessTokenSha256 === sha256(token),
    isRefused: (token) => readRefusals(home, session).refreshTokenSha256 === sha256(token),
  };
}

/**
 * The tokens of a session that AWS refused last. Only their hashes are stored. After a new sign-in, the session has
 * other tokens.
 */
interface Refusals {
  readonly accessTokenSha256?: unknown;
  readonly refreshTokenSha256?: unknown;
}

function readRefusals(home: string, session: SsoSession): Refusals {
  return toRecord(readCacheJson(tokenRefusalPath(home, sessionCacheKey(session))));
}

/**
 * Records that the portal refused an access token (401) before its expiry. latchkey does not use the token again, and
 * `status` reports the refusal.
 */
export function recordRejection(home: string, session: SsoSession, accessToken: string): void {
  trace(() => `token of ${sessionLabel(session)}: the portal refuses it`);
  writeRefusals(home, session, { accessTokenSha256: sha256(accessToken) });
}

export function recordRefusal(home: string, session: SsoSession, refreshToken: string): void {
  trace(() => `token of ${sessionLabel(session)}: its refresh token is refused`);
  writeRefusals(home, session, { refreshTokenSha256: sha256(refreshToken) });
}

/**
 * Records refusals as far as possible. If the write fails, the next process sends the token once more and is refused too.
 */
function writeRefusals(home: string, session: SsoSession, refused: Refusals): void {
  ignoreErrors(() => {
    const text = `${JSON.stringify({ ...readRefusals(home, session), ...refused })}\n`;
    writeSecretFile(tokenRefusalPath(home, sessionCacheKey(session)), text);
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
