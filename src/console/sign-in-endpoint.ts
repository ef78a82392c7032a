import type { HttpRequest } from "@smithy/types";
import type { Readable } from "node:stream";
import { isRecord, readVisibleAscii, parseJson } from "../text/json.ts";
import { LatchkeyError } from "../errors.ts";
import { createHandler } from "../aws/http.ts";
import { send, type CallOptions, type Connection } from "../aws/send.ts";

/**
 * The console's federation endpoint. No AWS SDK has a client for it.
 * Source: IAM User Guide, "Enable custom identity broker access to the AWS console".
 */
export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * A sign-in token, good for 15 minutes, for temporary credentials. They go in the body: a URL ends up in logs of proxies.
 * @param endpoint where `/federation` is.
 * @param durationSeconds of the console session, 900 to 43,200; refused for credentials of a chained role.
 * @throws LatchkeyError ACCESS_DENIED where the credentials are refused, BAD_RESPONSE, UNREACHABLE, THROTTLED
 */
export async function fetchSignInToken(
  connection: Connection,
  endpoint: string,
  credentials: TemporaryCredentials,
  durationSeconds: number | undefined,
): Promise<string> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const form = new URLSearchParams({
    Action: "getSigninToken",
    ...(durationSeconds === undefined ? {} : { SessionDuration: String(durationSeconds) }),
    Session: JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken }),
  });
  const url = new URL(`${endpoint.replace(/\/$/, "")}/federation`);
  const { status, body } = await send(connection, url.host, (options) =>
    post(connection, url, form, options),
  );
  if (status >= 400) {
    throw new LatchkeyError(
      "ACCESS_DENIED",
      `${url.host} does not take these credentials for a console session (HTTP ${status}).`,
      {
        hint:
          durationSeconds === undefined
            ? "See who they are: latchkey whoami"
            : "Try it without --duration: a role that stands on another one takes none, and no role lasts longer than it says itself.",
      },
    );
  }
  const answer = parseJson(body);
  const token = isRecord(answer) ? readVisibleAscii(answer["SigninToken"]) : undefined;
  if (token === undefined)
    throw new LatchkeyError("BAD_RESPONSE", `${url.host} answered without a sign-in token.`, {
      hint: "Try again in a minute.",
    });
  return token;
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** 429 and 5xx are thrown as an SDK client throws them, so that they are tried again. */
async function post(
  connection: Connection,
  url: URL,
  form: URLSearchParams,
  { abortSignal }: CallOptions,
): Promise<Answer> {
  const body = form.toString();
  const request = {
    method: "POST",
    protocol: url.protocol,
    hostname: url.hostname,
    ...(url.port === "" ? {} : { port: Number(url.port) }),
    path: url.pathname,
    query: {},
    headers: {
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(Buffer.byteLength(body)),
      host: url.host,
    },
    body,
  } satisfies Omit<HttpRequest, "clone">;
  const handler = createHandler(connection, "failures");
  try {
    const { response } = await handler.handle(request as HttpRequest, { abortSignal });
    const text = await readText(response.body as Readable);
    const { statusCode, headers } = response;
    if (statusCode === 429 || statusCode >= 500)
      throw Object.assign(new Error("the sign-in endpoint is in trouble"), {
        $response: { statusCode, headers },
      });
    return { status: statusCode, body: text };
  } finally {
    handler.destroy();
  }
}

async function readText(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}
