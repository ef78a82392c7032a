import { fingerprint } from "./journal.ts";
import { isRecord, parseJson } from "./parse.ts";

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
  "X-Amz-Security-Token",
  "X-Amz-Signature",
]);

function redact(secret: string): string {
  return `redacted:${fingerprint(secret)}`;
}

export function redactHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (SECRET_HEADERS.has(name)) return [name, redact(value)];
      if (name === "authorization")
        return [name, value.replace(/(Signature=|Bearer )\S+/g, "$1redacted")];
      return [name, value];
    }),
  );
}

function redactFields<V>(fields: Readonly<Record<string, V>>): Record<string, V | string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      SECRET_FIELDS.has(name) && typeof value === "string" ? redact(value) : value,
    ]),
  );
}

export function redactQuery(query: URLSearchParams): Record<string, string> {
  return redactFields(Object.fromEntries(query));
}

/** The body as the journal keeps it. */
export function redactBody(contentType: string, body: string): unknown {
  if (body === "") return undefined;
  if (contentType.includes("x-www-form-urlencoded")) return redactQuery(new URLSearchParams(body));
  const parsed = parseJson(body);
  if (isRecord(parsed)) return redactFields(parsed);
  return parsed ?? `unreadable, ${body.length} characters`;
}
