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

/** Returns the facts for a decision about a session's token: the clock, and the tokens that AWS refused last. */
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

/** Only hashes are stored, of the last refused tokens of each session. A new sign-in has new tokens. */
interface Refusals {
  readonly accessTokenSha256?: unknown;
  readonly refreshTokenSha256?: unknown;
}

function readRefusals(home: string, session: SsoSession): Refusals {
  return toRecord(readCacheJson(tokenRefusalPath(home, sessionCacheKey(session))));
}

/**
 * Records that the portal refused an access token (401) before its expiry. It is not used again, and `status` reports it.
 */
export function recordRejection(home: string, session: SsoSession, accessToken: string): void {
  trace(() => `token of ${sessionLabel(session)}: the portal refuses it`);
  writeRefusals(home, session, { accessTokenSha256: sha256(accessToken) });
}

export function recordRefusal(home: string, session: SsoSession, refreshToken: string): void {
  trace(() => `token of ${sessionLabel(session)}: its refresh token is refused`);
  writeRefusals(home, session, { refreshTokenSha256: sha256(refreshToken) });
}

/** Best effort: if this fails, the next process asks once more and is also refused. */
function writeRefusals(home: string, session: SsoSession, refused: Refusals): void {
  ignoreErrors(() => {
    const text = `${JSON.stringify({ ...readRefusals(home, session), ...refused })}\n`;
    writeSecretFile(tokenRefusalPath(home, sessionCacheKey(session)), text);
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
