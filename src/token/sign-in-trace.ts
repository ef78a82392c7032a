import { createHash } from "node:crypto";
import type { AccessToken } from "../model/access-token.ts";
import { isRecord, parseJson } from "../text/json.ts";
import { join } from "node:path";
import { isExpectedFailure } from "../errors.ts";
import { accessDirectory } from "../fs/paths.ts";
import { replaceFile } from "../fs/replace.ts";
import { ensurePrivateDirectory, readIfPresent } from "../fs/read.ts";

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
function createTrace(
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

function isTraceOf(trace: SignInTrace, token: AccessToken): boolean {
  const { accessTokenSha256, refreshTokenSha256 } = createTrace(token);
  return (
    trace.accessTokenSha256 === accessTokenSha256 ||
    (refreshTokenSha256 !== undefined && trace.refreshTokenSha256 === refreshTokenSha256)
  );
}

function parseSignInTrace(stored: unknown): SignInTrace | undefined {
  if (!isRecord(stored) || stored["version"] !== 1) return undefined;
  const { signIn, accessTokenSha256, refreshTokenSha256 } = stored;
  if (!isHex(signIn, 32) || !isHex(accessTokenSha256, 64)) return undefined;
  return {
    signIn,
    accessTokenSha256,
    refreshTokenSha256: isHex(refreshTokenSha256, 64) ? refreshTokenSha256 : undefined,
  };
}

function formatSignInTrace(trace: SignInTrace): string {
  return `${JSON.stringify({ version: 1, ...trace })}\n`;
}

function isHex(value: unknown, digits: number): value is string {
  return typeof value === "string" && value.length === digits && /^[0-9a-f]+$/.test(value);
}

function sha256(text: string): string {
  return createHash("sha256").update(text, "utf8").digest("hex");
}

const MAX_LISTING_BYTES = 16 * 1024 * 1024;

const MAX_TRACE_BYTES = 4096;

const FILE_MODE = 0o600;

type KeptFile = "accounts.json" | "roles.json" | "roles.part" | "sign-in.json";

export function listingFilePath(home: string, sessionKey: string, file: KeptFile): string {
  return join(accessDirectory(home, sessionKey), file);
}

/** A directory, a FIFO, a giant or a file of somebody else's in its place: nothing usable. */
export function readKeptText(home: string, sessionKey: string, file: KeptFile): string | undefined {
  try {
    return readIfPresent(
      listingFilePath(home, sessionKey, file),
      file === "sign-in.json" ? MAX_TRACE_BYTES : MAX_LISTING_BYTES,
    )?.toString("utf8");
  } catch (thrown) {
    if (isExpectedFailure(thrown)) return undefined;
    throw thrown;
  }
}

export function readKeptJson(home: string, sessionKey: string, file: KeptFile): unknown {
  const text = readKeptText(home, sessionKey, file);
  return text === undefined ? undefined : parseJson(text);
}

/** @returns whether the disk took it. */
export function writeKeptFile(
  home: string,
  sessionKey: string,
  file: KeptFile,
  text: string,
): boolean {
  try {
    ensurePrivateDirectory(accessDirectory(home, sessionKey));
    replaceFile(listingFilePath(home, sessionKey, file), text, { mode: FILE_MODE });
    return true;
  } catch (thrown) {
    if (isExpectedFailure(thrown)) return false;
    throw thrown;
  }
}

/** The sign-in that a token belongs to: the one that is known here, else a new one that begins with this token. */
export function findSignIn(home: string, sessionKey: string, token: AccessToken): SignInTrace {
  return createTrace(token, findSignInTrace(home, sessionKey, token));
}

/** Before the first thing is kept of a sign-in. A trace that is there already may be ahead, after a refresh. */
export function writeSignIn(home: string, sessionKey: string, trace: SignInTrace): void {
  const known = parseSignInTrace(readKeptJson(home, sessionKey, "sign-in.json"));
  if (known?.signIn !== trace.signIn)
    writeKeptFile(home, sessionKey, "sign-in.json", formatSignInTrace(trace));
}

/** After a refresh: the new token's sign-in is the old one's, where that is known here. */
export function continueSignIn(
  home: string,
  sessionKey: string,
  before: AccessToken,
  renewed: AccessToken,
): void {
  const known = findSignInTrace(home, sessionKey, before);
  if (known !== undefined)
    writeKeptFile(home, sessionKey, "sign-in.json", formatSignInTrace(createTrace(renewed, known)));
}

function findSignInTrace(
  home: string,
  sessionKey: string,
  token: AccessToken,
): SignInTrace | undefined {
  const trace = parseSignInTrace(readKeptJson(home, sessionKey, "sign-in.json"));
  return trace !== undefined && isTraceOf(trace, token) ? trace : undefined;
}
