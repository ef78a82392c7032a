import { fingerprint } from "./journal.ts";
import { parseJson, parseObject } from "./parse.ts";

const SECRET_HEADERS = new Set([
  "x-amz-sso_bearer_token",
  "x-amz-security-token",
  "cookie",
  "proxy-authorization",
]);
const SECRET_FIELDS = new Set([
  "clientSecret",
  "deviceCode",
  "refreshToken",
  "accessToken",
  "code",
  "codeVerifier",
  "Session",
  "SigninToken",
  "WebIdentityToken",
  "X-Amz-Security-Token",
  "X-Amz-Signature",
]);

function redact(secret: string): string {
  return `redacted:${fingerprint(secret)}`;
}

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const redacted = { ...headers };
  for (const [name, value] of Object.entries(headers)) {
    if (SECRET_HEADERS.has(name)) redacted[name] = redact(value);
    if (name === "authorization")
      redacted[name] = value.replace(/(Signature=|Bearer )\S+/g, "$1redacted");
  }
  return redacted;
}

function redactFields<V>(fields: Readonly<Record<string, V>>): Record<string, V | string> {
  const redacted: Record<string, V | string> = { ...fields };
  for (const [name, value] of Object.entries(fields))
    if (SECRET_FIELDS.has(name) && typeof value === "string") redacted[name] = redact(value);
  return redacted;
}

export function redactQuery(query: URLSearchParams): Record<string, string> {
  return redactFields(Object.fromEntries(query));
}

/** Returns the body for the journal, without secrets. */
export function redactBody(contentType: string, body: string): unknown {
  if (body === "") return undefined;
  if (contentType.includes("x-www-form-urlencoded")) return redactQuery(new URLSearchParams(body));
  const fields = parseObject(body);
  if (fields !== undefined) return redactFields(fields);
  return parseJson(body) ?? `unreadable, ${body.length} characters`;
}
