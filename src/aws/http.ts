import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { HttpRequest, HttpResponse } from "@smithy/types";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Transform, type Readable } from "node:stream";
import { LatchkeyError } from "../errors.ts";

/** One request over HTTP: its proxy and roots of trust, a cap on its answer, and no redirect. */

/** What one request needs to know of its connection. */
export interface HttpConnection {
  /** HTTPS_PROXY and NO_PROXY, as Node's agent takes them; empty without a proxy. */
  readonly proxyEnv: Readonly<Record<string, string>>;
  /** PEM text that replaces the default roots of trust. */
  readonly caBundle: string | undefined;
  readonly now: () => Date;
}

/** Whether a service tells its failures by web pages: such a 4xx or 5xx is its answer then. */
type FailurePages = "never" | "failures";

const CONNECT_MILLISECONDS = 5_000;
const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;
/** The SDK's own handler; answers that no such service gives are turned away before they are parsed. */
export function createHandler(connection: HttpConnection, pages: FailurePages = "never") {
  const handler = new NodeHttpHandler({
    connectionTimeout: CONNECT_MILLISECONDS,
    // Plain http goes to this machine alone, and there is no proxy on the way.
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 16 }),
    httpsAgent: createHttpsAgent(connection),
  });
  return {
    metadata: handler.metadata,
    destroy: () => handler.destroy(),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    async handle(
      request: HttpRequest,
      options: { abortSignal?: AbortSignal } = {},
    ): Promise<{ response: HttpResponse }> {
      const { response } = await handler.handle(
        request as Parameters<typeof handler.handle>[0],
        options,
      );
      const body = response.body as Readable;
      noteServerClock(connection, response.headers);
      options.abortSignal?.addEventListener("abort", () => body.destroy(timeoutError()), {
        once: true,
      });

      if (await isForeignAnswer(response, pages)) {
        body.destroy();
        throw captivePortalError(request.hostname, response.statusCode);
      }

      const capped = createSizeLimit(request.hostname);
      body.on("error", (error) => capped.destroy(error));
      response.body = body.pipe(capped);
      return { response };
    },
  };
}

/** Whether an answer is a web page or a redirect, and so not the service's own. */
async function isForeignAnswer(response: HttpResponse, pages: FailurePages): Promise<boolean> {
  const { statusCode, headers } = response;
  // A 429 is one whatever page comes with it: gateways before the service send their own.
  const mayBePage = statusCode === 429 || (pages === "failures" && statusCode >= 400);
  if (!mayBePage && (await isWebPage(headers, response.body as Readable))) return true;
  return isRedirect(statusCode);
}

/** https as this process is told to do it: its proxy, its roots of trust. */
export function createHttpsAgent({ proxyEnv, caBundle }: HttpConnection): HttpsAgent {
  // `rejectUnauthorized` is said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 has no say in it.
  return new HttpsAgent({
    keepAlive: true,
    maxSockets: 16,
    rejectUnauthorized: true,
    proxyEnv,
    ...(caBundle === undefined ? {} : { ca: caBundle }),
  });
}

function timeoutError(): Error {
  return Object.assign(new Error("the answer took too long"), { name: "TimeoutError" });
}

/** A redirect is never followed: the token would go along to wherever it leads. */
function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function captivePortalError(host: string, status: number): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `${host} answered as a web site does (HTTP ${status}) and not as a service: a captive portal or a proxy may be in between.`,
    {
      hint: "Open a web page in your browser to see whether the network wants you to sign in, then try again.",
    },
  );
}

function createSizeLimit(host: string): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > MAX_RESPONSE_BYTES)
        done(
          new LatchkeyError(
            "BAD_RESPONSE",
            `The answer of ${host} is larger than any answer of that service.`,
          ),
        );
      else done(null, chunk);
    },
  });
}

const serverClocks = new WeakMap<HttpConnection, number>();

function noteServerClock(
  connection: HttpConnection,
  headers: Readonly<Record<string, string>>,
): void {
  const date = Date.parse(headers["date"] ?? headers["Date"] ?? "");
  if (Number.isFinite(date))
    serverClocks.set(connection, (date - connection.now().getTime()) / 1000);
}

/** Seconds by which the service's clock was ahead of ours at its last answer; undefined before the first. */
export function serverClockAheadSeconds(connection: HttpConnection): number | undefined {
  return serverClocks.get(connection);
}

/** Telling a web page, as a captive portal sends it, from a service's answer. */

/** How an AWS service's answer begins: a JSON object, or an XML response, in whatever type a gateway labels it. */
const ANSWER = /^\s*(\{|(<\?xml[^>]*>\s*)?<\w+Response\b)/;

/** Whether the body is a web page: labelled as one, and not an answer all the same. What is read of it is put back. */
async function isWebPage(
  headers: Readonly<Record<string, string>>,
  body: Readable,
): Promise<boolean> {
  if (!isLabelledHtml(headers)) return false;
  return !ANSWER.test((await readFirstBytes(body)).toString("latin1"));
}

function isLabelledHtml(headers: Readonly<Record<string, string>>): boolean {
  const name = Object.keys(headers).find((header) => header.toLowerCase() === "content-type");
  return name !== undefined && /^\s*text\/html/i.test(headers[name] ?? "");
}

function readFirstBytes(body: Readable): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    body.once("error", reject);
    body.once("readable", () => {
      body.off("error", reject);
      const chunk: unknown = body.read();
      if (!Buffer.isBuffer(chunk)) {
        resolve(Buffer.alloc(0));
        return;
      }
      body.unshift(chunk);
      resolve(chunk);
    });
  });
}
