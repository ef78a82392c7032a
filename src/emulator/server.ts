import { setTimeout } from "node:timers/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { administer } from "./control/requests.ts";
import { damageReply, buildReply, takeFault, type RequestFacts, type Fault } from "./faults.ts";
import { fingerprint, type JournalEntry } from "./journal.ts";
import { parseObject } from "./parse.ts";
import { serve } from "./operations.ts";
import { redactBody, redactHeaders, redactQuery } from "./redaction.ts";
import { json, type ReceivedRequest, type Reply } from "./http.ts";
import { findRoute, type Route } from "./routes.ts";
import type { State } from "./state/state.ts";

const BODY_LIMIT_BYTES = 1024 * 1024;

export function createEmulatorServer(state: State): Server {
  let serving = 0;
  return createServer((incoming, response) => {
    serving += 1;
    response.once("close", () => {
      serving -= 1;
    });
    answer(state, incoming, response, serving).catch((error: unknown) => {
      // A bug in the emulator must not look like the service's behaviour, so the response names it.
      if (!response.headersSent) response.writeHead(500, { "Content-Type": "text/plain" });
      response.end(`emulator defect: ${error instanceof Error ? error.stack : String(error)}`);
    });
  });
}

/** Returns the body; undefined if it is over the limit. */
async function readBody(incoming: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    length += bytes.length;
    if (length <= BODY_LIMIT_BYTES) chunks.push(bytes);
  }
  return length <= BODY_LIMIT_BYTES ? Buffer.concat(chunks).toString() : undefined;
}

function toRequest(incoming: IncomingMessage, body: string): ReceivedRequest {
  const target = incoming.url ?? "/";
  const mark = target.indexOf("?");
  const query = new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1));
  const form = incoming.method === "POST" ? new URLSearchParams(body) : [];
  const headers = Object.entries(incoming.headersDistinct).map(([name, values]) => [
    name,
    (values ?? []).join(","),
  ]);
  return {
    method: incoming.method ?? "GET",
    path: mark < 0 ? target : target.slice(0, mark),
    query,
    parameters: new URLSearchParams([...query, ...form]),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
    address: incoming.socket.remoteAddress ?? "",
  };
}

async function answer(
  state: State,
  incoming: IncomingMessage,
  response: ServerResponse,
  concurrent: number,
): Promise<void> {
  const arrivedAtMs = Date.now();
  const body = await readBody(incoming).catch(() => null);
  if (body === null) return;
  const request = toRequest(incoming, body ?? "");
  if (body === undefined)
    return send(state, response, json(413, { message: "body larger than 1 MiB" }));
  if (request.path.startsWith("/_emu/")) return send(state, response, administer(state, request));

  const { path, parameters, headers } = request;
  const route = findRoute(path, parameters.get("Action"), headers["x-amz-target"]);
  const facts = findFacts(route, request);
  await answerRoute(state, { request, route, facts, arrivedAtMs, concurrent }, response);
}

/** One request to a service with its facts for faults and the journal. */
interface Exchange extends Pick<JournalEntry, "route" | "arrivedAtMs" | "concurrent"> {
  request: ReceivedRequest;
  facts: RequestFacts;
}

async function answerRoute(
  state: State,
  exchange: Exchange,
  response: ServerResponse,
): Promise<void> {
  const { request, route, facts } = exchange;
  const fault = takeFault(state.faults, route, facts);
  if (fault?.delayMs !== undefined) await pause(fault.delayMs, response);
  if (response.destroyed || fault?.drop === "before") {
    record(state, exchange, { status: 0 });
    response.destroy();
    return;
  }
  const own = fault && buildReply(fault, state.settings, route);
  const reply = own ?? serve(state, route, request);
  const outcome = fault ? damageReply(reply, fault) : reply;
  record(state, exchange, fault?.drop === "after" ? { ...outcome, status: 0 } : outcome);
  send(state, response, outcome, fault);
}

/** Waits in real time; ends early if the client closes the connection. */
async function pause(milliseconds: number, response: ServerResponse): Promise<void> {
  const gone = new AbortController();
  response.once("close", () => gone.abort());
  await setTimeout(milliseconds, undefined, { signal: gone.signal }).catch(() => undefined);
}

function findFacts(route: Route, { query, body }: ReceivedRequest): RequestFacts {
  return {
    accountId: query.get("account_id"),
    roleName: query.get("role_name"),
    grantType: route === "CreateToken" ? parseObject(body)?.["grantType"] : undefined,
  };
}

function record(state: State, exchange: Exchange, reply: Pick<Reply, "status" | "arn">): void {
  const { request, facts, ...seen } = exchange;
  const bearer = request.headers["x-amz-sso_bearer_token"];
  state.journal.record({
    ...seen,
    method: request.method,
    path: request.path,
    query: redactQuery(request.query),
    headers: redactHeaders(request.headers),
    body: redactBody(request.headers["content-type"] ?? "", request.body),
    time: new Date(state.clock.now()).toISOString(),
    status: reply.status,
    ...(typeof facts.grantType === "string" ? { grantType: facts.grantType } : {}),
    ...(reply.arn === undefined ? {} : { arn: reply.arn }),
    ...(bearer === undefined ? {} : { bearer: fingerprint(bearer) }),
  });
}

function send(state: State, response: ServerResponse, reply: Reply, fault?: Fault): void {
  if (fault?.drop === "after") {
    response.destroy();
    return;
  }
  response.sendDate = false;
  const bytes = Buffer.from(reply.body);
  response.writeHead(reply.status, {
    Date: new Date(state.clock.now()).toUTCString(),
    ...reply.headers,
    "Content-Length": bytes.length,
  });
  if (fault?.drop === "mid-body") {
    // Sends half of the body, then resets the connection. Without the write, the client would get no response at all.
    response.write(bytes.subarray(0, Math.ceil(bytes.length / 2)), () => response.destroy());
    return;
  }
  response.end(bytes);
}
