import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { containerJson, type AwsCredentials } from "../model/credentials.ts";
import { hasCode, wrapUnknown } from "../errors.ts";
import { startLocalServer, toListenError, type LocalServer } from "../terminal/local-server.ts";

/** A credentials endpoint on 127.0.0.1 for one child process, with the container credentials protocol of the AWS SDKs. */
interface CredentialsServer {
  readonly url: string;
  /** The Authorization header for the child process. latchkey gives it to no other process. */
  readonly token: string;
  close(): Promise<void>;
}

const PATH = "/credentials";
const TOKEN_BYTES = 32;

/**
 * Starts the endpoint.
 * @param credentials called for every valid request. If it throws, the response contains a status with code, message and
 * hint, which SDKs show.
 */
export async function startCredentialsServer(
  credentials: () => Promise<AwsCredentials>,
): Promise<CredentialsServer> {
  const token = randomBytes(TOKEN_BYTES).toString("hex");
  const server = await startLocalServer((request, response) => {
    const refusal = findRefusal(request, token, server.port);
    if (refusal === undefined) void serve(credentials, response);
    else answerError(response, refusal);
  }).catch((thrown: unknown): LocalServer => {
    throw toListenError(thrown, 0, "Run it without --server.");
  });
  return { url: `http://127.0.0.1:${server.port}${PATH}`, token, close: server.close };
}

type Refusal = readonly [status: number, code: string, message: string];

/**
 * Returns why a request is refused. A Host header with another name is refused, because a web page could make its own
 * name resolve to this machine (DNS rebinding). A wrong path or method is reported only if the token is right.
 */
function findRefusal(
  { method, url, headers }: IncomingMessage,
  token: string,
  port: number,
): Refusal | undefined {
  if (headers.host !== `127.0.0.1:${port}`)
    return [403, "WrongHost", "This endpoint accepts only 127.0.0.1 as its host name."];
  if (!isToken(headers.authorization, token))
    return [401, "Unauthorized", "The authorization token is missing or wrong."];
  if (url !== PATH) return [404, "NotFound", "The only path is /credentials."];
  if (method !== "GET") return [405, "MethodNotAllowed", "Use GET to get the credentials."];
  return undefined;
}

function isToken(presented: string | undefined, token: string): boolean {
  const [given, wanted] = [Buffer.from(presented ?? ""), Buffer.from(token)];
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

async function serve(
  credentials: () => Promise<AwsCredentials>,
  response: ServerResponse,
): Promise<void> {
  try {
    answer(response, 200, containerJson(await credentials()));
  } catch (thrown) {
    const { code, message, hint } = wrapUnknown(thrown);
    // A status of 4xx, so that SDKs do not retry if a retry can't help.
    const status = hasCode(thrown, "UNREACHABLE", "THROTTLED", "BAD_RESPONSE") ? 503 : 403;
    answerError(response, [status, code, hint === undefined ? message : `${message} ${hint}`]);
  }
}

function answerError(response: ServerResponse, [status, Code, Message]: Refusal): void {
  // Closes the connection, so that further requests on it are not read.
  response.setHeader("connection", "close");
  answer(response, status, JSON.stringify({ Code, Message }));
}

function answer(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(body);
}
