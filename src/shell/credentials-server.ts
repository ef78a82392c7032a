import { randomBytes, timingSafeEqual } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { containerJson, type AwsCredentials } from "../model/credentials.ts";
import { hasCode, wrapUnknown, LatchkeyError } from "../errors.ts";
import { startLocalServer, type LocalServer } from "../terminal/local-server.ts";

/** A credentials endpoint on 127.0.0.1 for one child, by the container credentials protocol of the AWS SDKs. */
interface CredentialsServer {
  readonly url: string;
  /** What the child sends as its Authorization header; known to nobody else. */
  readonly token: string;
  close(): Promise<void>;
}

const PATH = "/credentials";
const TOKEN_BYTES = 32;

/**
 * @param credentials called for every good request; what it throws is answered with a status and its code, message and
 *   hint, which SDKs show.
 */
export async function startCredentialsServer(
  credentials: () => Promise<AwsCredentials>,
): Promise<CredentialsServer> {
  const token = randomBytes(TOKEN_BYTES).toString("hex");
  const server = await startLocalServer((request, response) => {
    const refusal = findRefusal(request, token, server.port);
    if (refusal === undefined) void serve(credentials, response);
    else answerError(response, refusal);
  }).catch((cause: Error): LocalServer => {
    throw new LatchkeyError("STORAGE_FAILED", "No port on 127.0.0.1 could be opened.", {
      hint: "Run it without --server.",
      cause,
    });
  });
  return { url: `http://127.0.0.1:${server.port}${PATH}`, token, close: server.close };
}

type Refusal = readonly [status: number, code: string, message: string];

/**
 * Another name in Host is a web page that had its name resolved to this machine (DNS rebinding). What is wrong beyond
 * the token is told only to who has it.
 */
function findRefusal(
  { method, url, headers }: IncomingMessage,
  token: string,
  port: number,
): Refusal | undefined {
  if (headers.host !== `127.0.0.1:${port}`)
    return [403, "WrongHost", "This endpoint is asked as 127.0.0.1 alone."];
  if (!isToken(headers.authorization, token))
    return [401, "Unauthorized", "The authorization token is missing or wrong."];
  if (url !== PATH) return [404, "NotFound", "There is nothing but the credentials."];
  if (method !== "GET") return [405, "MethodNotAllowed", "Credentials are got by GET."];
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
    // 4xx: SDKs do not ask again where asking again can't help.
    const status = hasCode(thrown, "UNREACHABLE", "THROTTLED", "BAD_RESPONSE") ? 503 : 403;
    answerError(response, [status, code, hint === undefined ? message : `${message} ${hint}`]);
  }
}

function answerError(response: ServerResponse, [status, Code, Message]: Refusal): void {
  // Whatever else comes on this connection is not read.
  response.setHeader("connection", "close");
  answer(response, status, JSON.stringify({ Code, Message }));
}

function answer(response: ServerResponse, status: number, body: string): void {
  response
    .writeHead(status, { "content-type": "application/json", "cache-control": "no-store" })
    .end(body);
}
