import { createHash } from "node:crypto";
import type { AccessToken } from "../model/access-token.ts";
import { isRecord } from "../text/json.ts";

/**
 * Which sign-in, and so whose, a token belongs to, as far as tokens can tell: AWS gives them no name.
 *
 * A sign-in is called after its first token that we saw. A refresh of ours says which token came after which; of one by
 * another AWS client we know it where the refresh token stayed the same. Any other token is a new sign-in, maybe another
 * person's. Only hashes are kept, of secrets that nobody can guess.
 */
export interface SignInTrace {
  readonly signIn: string;
  readonly accessTokenSha256: string;
  readonly refreshTokenSha256: string | undefined;
}

/** The trace of a token that follows `before`, or of a sign-in that begins with it. */
export function traceOf(
  { accessToken, refreshToken }: AccessToken,
  before?: SignInTrace,
): SignInTrace {
  const accessTokenSha256 = sha256(accessToken);
  const refreshTokenSha256 = refreshToken === undefined ? undefined : sha256(refreshToken);
  return {
    signIn: before?.signIn ?? accessTokenSha256.slice(0, 32),
    accessTokenSha256,
    refreshTokenSha256,
  };
}

export function isTraceOf(trace: SignInTrace, token: AccessToken): boolean {
  const { accessTokenSha256, refreshTokenSha256 } = traceOf(token);
  return (
    trace.accessTokenSha256 === accessTokenSha256 ||
    (refreshTokenSha256 !== undefined && trace.refreshTokenSha256 === refreshTokenSha256)
  );
}

export function readSignInTrace(stored: unknown): SignInTrace | undefined {
  if (!isRecord(stored) || stored["version"] !== 1) return undefined;
  const { signIn, accessTokenSha256, refreshTokenSha256 } = stored;
  if (!isHex(signIn, 32) || !isHex(accessTokenSha256, 64)) return undefined;
  return {
    signIn,
    accessTokenSha256,
    refreshTokenSha256: isHex(refreshTokenSha256, 64) ? refreshTokenSha256 : undefined,
  };
}

export function printSignInTrace(trace: SignInTrace): string {
  return `${JSON.stringify({ version: 1, ...trace })}\n`;
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}
