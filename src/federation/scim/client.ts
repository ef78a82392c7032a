import type { Answer } from "../../text/answer.ts";
import { isRecord, parseJson, toRecord } from "../../text/json.ts";
import { readId } from "../../text/secrets/sent.ts";
import { hasCode } from "../../errors.ts";
import type { HttpAnswer } from "../../aws/http.ts";
import { sendPlain, type Connection } from "../../aws/send.ts";

/** Reads the SCIM endpoint (RFC 7644) to which an identity provider pushes users and groups. It never writes. */

/** `refused`: status 400 or higher; `foreign`: the response is not from a SCIM service. */
export type ScimAnswer =
  | ({ readonly kind: "ok" } & Answer)
  | { readonly kind: "refused"; readonly status: number; readonly requestId: string | undefined }
  | { readonly kind: "foreign"; readonly reason: string };

/** The endpoint, its token and the connection to it. */
export interface ScimAccess {
  readonly connection: Connection;
  /** Without a trailing slash. */
  readonly base: string;
  readonly token: string;
}

/**
 * Gets one resource of the endpoint.
 * @throws LatchkeyError UNREACHABLE or THROTTLED; the message never contains the token.
 */
export async function fetchScim(
  { connection, base, token }: ScimAccess,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<ScimAnswer> {
  const url = new URL(path, `${base}/`);
  // `+` for a space is only valid in HTML forms; RFC 3986 requires %20.
  url.search = new URLSearchParams(query).toString().replaceAll("+", "%20");
  const headers = {
    accept: "application/scim+json, application/json",
    authorization: `Bearer ${token}`,
  };
  try {
    const request = { host: url.host, method: "GET", url, headers };
    return await sendPlain(connection, request, (answer) => toScimAnswer(path, answer));
  } catch (thrown) {
    if (hasCode(thrown, "BAD_RESPONSE")) return { kind: "foreign", reason: thrown.message };
    throw thrown;
  }
}

function toScimAnswer(operation: string, { status, headers, body }: HttpAnswer): ScimAnswer {
  const resource = parseJson(body.toString("utf8"));
  if (status >= 400) {
    const requestId =
      readId(headers["x-amzn-requestid"]) ?? readId(toRecord(resource)["exceptionRequestId"]);
    return { kind: "refused", status, requestId };
  }
  return isRecord(resource)
    ? { kind: "ok", operation, body: resource }
    : { kind: "foreign", reason: `HTTP ${status} without a JSON object` };
}
