import { parseJson, readText, toRecord } from "../json.ts";

export const MASK = "…";

/** What this run has sent to a service as a secret. State of the process, as the trace is: the writers know no request. */
const sent = new Set<string>();
/** What is shorter could be a part of any word. */
const LEAST_SECRET = 8;

/** Headers that carry a secret as a whole. */
const SECRET_HEADERS = /^x-amz-(?:sso_bearer_token|security-token)$/i;
/** What the sign-in service is sent as a secret (RFC 6749, RFC 7636, RFC 8628, in the names of sso-oidc). */
const SECRET_MEMBERS = ["clientSecret", "refreshToken", "code", "codeVerifier", "deviceCode"];

/** Remembers what a request carries as a secret: whoever repeats it, no writer shows it. */
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

/** Of the buffer below: the SDK's own bodies warn on stderr where they are asked for anything that a string has, too. */
function decodeBody(body: Uint8Array = new Uint8Array()): string {
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString("utf8");
}

function remember(secret: string | undefined): void {
  if (secret !== undefined && secret.length >= LEAST_SECRET) sent.add(secret);
}

/** The text without what was sent; every other byte of it stays. */
export function maskSent(text: string): string {
  let masked = text;
  for (const secret of sent) masked = masked.replaceAll(secret, MASK);
  return masked;
}

/** Whether a service's word is what was sent to it, has it inside, or is a piece of it. */
function repeatsSent(word: string): boolean {
  const isPiece = word.length >= LEAST_SECRET;
  return [...sent].some((secret) => word.includes(secret) || (isPiece && secret.includes(word)));
}

/** An id or an error's name as services make them, and nothing that was sent; undefined for anything else. */
export function readId(value: unknown, form = /^[\w-]{1,64}$/): string | undefined {
  return typeof value === "string" && form.test(value) && !repeatsSent(value) ? value : undefined;
}
