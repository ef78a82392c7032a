import { parseJson, readText, toRecord } from "../json.ts";

export const MASK = "…";

/**
 * The secrets that this run has sent to a service. They are stored in the module, as the trace is, because code that
 * prints has no access to the requests.
 */
const sent = new Set<string>();
/** The minimum length of a piece of a secret. A shorter text could be part of any word. */
const LEAST_SECRET = 8;

/** Headers whose whole value is a secret. */
const SECRET_HEADERS = /^x-amz-(?:sso_bearer_token|security-token)$/i;
/**
 * Keys whose values are secrets in requests to the sign-in service (RFC 6749, RFC 7636, RFC 8628; sso-oidc uses these
 * names).
 */
const SECRET_MEMBERS = ["clientSecret", "refreshToken", "code", "codeVerifier", "deviceCode"];

/** Stores the secrets of a request, so that they are masked if a service or an error repeats them. */
export function rememberSent(
  headers: Readonly<Record<string, string>>,
  body: string | Uint8Array | undefined,
): void {
  for (const [name, value] of Object.entries(headers)) {
    if (SECRET_HEADERS.test(name)) remember(value);
    if (/^authorization$/i.test(name)) remember(/^Bearer (.+)$/.exec(value)?.[1]);
  }
  const text = typeof body === "string" ? body : decodeBody(body);
  const members = text.startsWith("{") ? toRecord(parseJson(text)) : {};
  for (const name of SECRET_MEMBERS) remember(readText(members[name]));
}

/** Decodes the underlying buffer. The SDK's body class warns on stderr if code uses a property that strings also have. */
function decodeBody(body: Uint8Array = new Uint8Array()): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}

function remember(secret: string | undefined): void {
  if (secret !== undefined && secret.length >= LEAST_SECRET) sent.add(secret);
}

/** Returns the text with sent secrets masked. All other characters stay unchanged. */
export function maskSent(text: string): string {
  let masked = text;
  for (const secret of sent) masked = masked.replaceAll(secret, MASK);
  return masked;
}

/** Returns whether a word from a service equals a sent secret, contains one, or is part of one. */
function repeatsSent(word: string): boolean {
  const isPiece = word.length >= LEAST_SECRET;
  return [...sent].some((secret) => word.includes(secret) || (isPiece && secret.includes(word)));
}

/** Returns an id or an error name if it has the usual form and is not a sent secret; undefined for anything else. */
export function readId(value: unknown, form = /^[\w-]{1,64}$/): string | undefined {
  return typeof value === "string" && form.test(value) && !repeatsSent(value) ? value : undefined;
}
