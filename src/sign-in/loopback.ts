import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { type Callback, type CallbackRequest } from "./callback.ts";
import { LatchkeyError, systemErrorCode } from "../errors.ts";
import { PAGE_HEADERS, RECEIVED_PAGE, REFUSED_PAGE, STRAY_PAGE } from "./loopback-page.ts";
import { CALLBACK_PATH } from "../aws/grants.ts";

/**
 * The address on this machine to which the browser comes back (RFC 8252 §7.3): open on 127.0.0.1 alone, before the
 * browser is, and until the sign-in ends. Every process of the machine and every web page can ask here, so whatever is
 * not the one answer costs a small page, and no client can keep the others waiting.
 */

export interface RedirectListener {
  readonly redirectUri: string;
  /** Resolves once, with the first answer that counts; what `judge` calls stray never ends the wait. */
  waitForAnswer(judge: (request: CallbackRequest) => Callback): Promise<Answer>;
  close(): void;
}

export type Answer = Exclude<Callback, { kind: "stray" }>;

/** Request line and headers of a browser that comes back are under 4 KiB. */
const MAX_HEADER_BYTES = 16 * 1024;
/** From the connection to the last byte of the request; a browser takes milliseconds. */
const REQUEST_MILLISECONDS = 5_000;
/** More at once than any browser opens; past them the oldest goes, so that a new one is always heard. */
const MOST_CONNECTIONS = 32;

const SERVER_LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: REQUEST_MILLISECONDS,
  requestTimeout: REQUEST_MILLISECONDS,
  connectionsCheckingInterval: 1_000,
  insecureHTTPParser: false,
};

/** @throws LatchkeyError LOGIN_FAILED where nothing can listen on 127.0.0.1. */
export async function listenForRedirect(): Promise<RedirectListener> {
  let judge: ((request: CallbackRequest) => Callback) | undefined;
  let settle: (answer: Answer) => void = () => undefined;
  const outcome = new Promise<Answer>((resolve) => (settle = resolve));
  let isOver = false;
  const server = createServer(SERVER_LIMITS, (request, response) => {
    const callback: Callback =
      judge === undefined || isOver
        ? { kind: "stray", status: 400 }
        : judge(toCallbackRequest(request));
    // Node rejects a request with a body that it was not asked to read only later: the connection ends here.
    if (callback.kind === "stray") return respond(response, callback.status, STRAY_PAGE);
    isOver = true;
    // The process may end right after: not before the page has left.
    response.once("close", () => settle(callback));
    return respond(response, 200, callback.kind === "code" ? RECEIVED_PAGE : REFUSED_PAGE);
  });
  limitConnections(server);
  await startListening(server);
  const { port } = server.address() as AddressInfo;
  return {
    redirectUri: `http://127.0.0.1:${port}${CALLBACK_PATH}`,
    waitForAnswer(how) {
      judge = how;
      return outcome;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function toCallbackRequest({ method, url, headersDistinct }: IncomingMessage): CallbackRequest {
  const hosts = headersDistinct["host"] ?? [];
  return { method, target: url, host: hosts.length === 1 ? hosts[0] : undefined };
}

function respond(response: ServerResponse, status: number, body: string): void {
  const allow = status === 405 ? { Allow: "GET" } : {};
  response.writeHead(status, {
    ...PAGE_HEADERS,
    ...allow,
    "Content-Length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Whoever opens connections and says nothing loses them, oldest first, when others come. */
function limitConnections(server: Server): void {
  const open = new Set<Socket>();
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    // Also one that reads its answer slowly.
    socket.setTimeout(REQUEST_MILLISECONDS, () => socket.destroy());
    const [oldest] = open;
    if (open.size > MOST_CONNECTIONS) oldest?.destroy();
  });
}

function startListening(server: Server): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      reject(
        new LatchkeyError(
          "LOGIN_FAILED",
          `The browser could not come back to this program: nothing can listen on 127.0.0.1 (${systemErrorCode(cause) ?? "no reason given"}).`,
          {
            hint: "Sign in with a code instead: latchkey login --use-device-code",
            cause,
          },
        ),
      );
    });
    server.listen({ host: "127.0.0.1", port: 0, exclusive: true }, resolve);
  });
}
