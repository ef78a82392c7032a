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

/** What a decision about a session's token stands on: the clock, and the refresh token that the service refused last. */
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

/** Only the hash of a refused token is kept, of the last one of each session: another token is another sign-in's. */
interface Refusals {
  readonly accessTokenSha256?: unknown;
  readonly refreshTokenSha256?: unknown;
}

function readRefusals(home: string, session: SsoSession): Refusals {
  return toRecord(readCacheJson(tokenRefusalPath(home, sessionCacheKey(session))));
}

/** The portal took an access token no more (401), whatever its end says: no one uses it again, and `status` says so. */
export function recordRejection(home: string, session: SsoSession, accessToken: string): void {
  trace(() => `token of ${sessionLabel(session)}: the portal refuses it`);
  writeRefusals(home, session, { accessTokenSha256: sha256(accessToken) });
}

export function recordRefusal(home: string, session: SsoSession, refreshToken: string): void {
  trace(() => `token of ${sessionLabel(session)}: its refresh token is refused`);
  writeRefusals(home, session, { refreshTokenSha256: sha256(refreshToken) });
}

/** Best effort: where it is not remembered, the next caller asks once more, and is refused as well. */
function writeRefusals(home: string, session: SsoSession, refused: Refusals): void {
  ignoreErrors(() => {
    const text = `${JSON.stringify({ ...readRefusals(home, session), ...refused })}\n`;
    writeSecretFile(tokenRefusalPath(home, sessionCacheKey(session)), text);
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
