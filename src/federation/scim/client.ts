import type { HttpResponse } from "@smithy/types";
import { isRecord, parseJson, readText, type PlainRecord } from "../../text/json.ts";
import { hasCode } from "../../errors.ts";
import { createHandler } from "../../aws/http.ts";
import { send, cachePerConnection, type CallOptions, type Connection } from "../../aws/send.ts";

/** The SCIM endpoint that an identity provider pushes to (RFC 7644), asked and never changed. */

/** `refused`: the service's 4xx; `foreign`: what answers is no SCIM service. */
export type ScimAnswer =
  | { readonly kind: "ok"; readonly body: PlainRecord }
  | { readonly kind: "refused"; readonly status: number; readonly requestId: string | undefined }
  | { readonly kind: "foreign"; readonly reason: string };

/** The endpoint, and how it is asked. */
export interface ScimAccess {
  readonly connection: Connection;
  /** Without a trailing slash. */
  readonly base: string;
  readonly token: string;
}

const handler = cachePerConnection((connection) => createHandler(connection));

/**
 * GET one resource of the endpoint.
 * @throws LatchkeyError UNREACHABLE or THROTTLED; never with the token in it.
 */
export async function fetchScim(
  access: ScimAccess,
  path: string,
  query: Readonly<Record<string, string>> = {},
): Promise<ScimAnswer> {
  const url = new URL(path, `${access.base}/`);
  try {
    return await send(access.connection, url.host, (options) =>
      toScimAnswer(access, url, query, options),
    );
  } catch (thrown) {
    if (hasCode(thrown, "BAD_RESPONSE")) return { kind: "foreign", reason: thrown.message };
    throw thrown;
  }
}

async function toScimAnswer(
  { connection, token }: ScimAccess,
  url: URL,
  query: Readonly<Record<string, string>>,
  { abortSignal }: CallOptions,
): Promise<ScimAnswer> {
  const request = {
    method: "GET",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query: { ...query },
    headers: {
      host: url.host,
      accept: "application/scim+json, application/json",
      authorization: `Bearer ${token}`,
    },
  };
  const { response } = await handler(connection).handle(
    request as Parameters<ReturnType<typeof createHandler>["handle"]>[0],
    { abortSignal },
  );
  const body = parseJson(await readBody(response));
  const { statusCode } = response;
  // Retried and translated as the answers of every other service: by the status alone.
  if (statusCode === 429 || statusCode >= 500)
    throw Object.assign(new Error("not now"), {
      name: "ScimError",
      $metadata: { httpStatusCode: statusCode },
      $response: { statusCode, headers: response.headers },
    });
  if (statusCode >= 400)
    return { kind: "refused", status: statusCode, requestId: findRequestId(response, body) };
  if (!isRecord(body))
    return { kind: "foreign", reason: `HTTP ${statusCode} without a JSON object` };
  return { kind: "ok", body };
}

async function readBody({ body }: HttpResponse): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function findRequestId({ headers }: HttpResponse, body: unknown): string | undefined {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === "x-amzn-requestid");
  return (
    (name === undefined ? undefined : headers[name]) ??
    (isRecord(body) ? readText(body["exceptionRequestId"]) : undefined)
  );
}
