import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { LatchkeyError, systemErrorCode, usageError } from "../errors.ts";

/**
 * A server on 127.0.0.1 that runs as long as one command. Every process on the machine and every web page can connect
 * to it. So a client that sends nothing, is slow or sends too much must not block other clients.
 */
export interface LocalServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** The request line and headers of a browser or an SDK are smaller than 4 KiB. */
const MAX_HEADER_BYTES = 16 * 1024;
/** The maximum time from the connection to the last byte of the request. A browser or an SDK needs milliseconds. */
const REQUEST_MILLISECONDS = 5_000;
/** The maximum number of idle connections, more than a browser or program opens at once. */
const MOST_CONNECTIONS = 32;

const SERVER_LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: REQUEST_MILLISECONDS,
  requestTimeout: REQUEST_MILLISECONDS,
  connectionsCheckingInterval: 1_000,
  insecureHTTPParser: false,
};

/** Starts the server. @param wanted the port; undefined: any free port @throws Node's system error if it can't listen */
export async function startLocalServer(
  serve: RequestListener,
  wanted?: number,
): Promise<LocalServer> {
  const served = new Set<Socket>();
  const server = createServer(
    SERVER_LIMITS,
    (request: IncomingMessage, response: ServerResponse) => {
      const { socket } = request;
      served.add(socket);
      response.once("close", () => served.delete(socket));
      return serve(request, response);
    },
  );
  limitConnections(server, served);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: "127.0.0.1", port: wanted ?? 0, exclusive: true }, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Returns the error if latchkey can't listen on a port of this machine; any other error unchanged.
 * @param wanted the port from `--port`; 0 for any free one
 */
export function toListenError(thrown: unknown, wanted: number, hint: string): unknown {
  const code = systemErrorCode(thrown);
  if (code === undefined) return thrown;
  if (wanted !== 0)
    return usageError(
      `latchkey can't listen on port ${wanted} of 127.0.0.1: ${describePortFault(code)} (${code}).`,
      "Give another port with --port.",
    );
  const message = `No port on 127.0.0.1 could be opened (${code}).`;
  return new LatchkeyError("STORAGE_FAILED", message, { hint, cause: thrown });
}

/** Returns why latchkey can't listen on a port, by the system's error code. */
export function describePortFault(code: string): string {
  return PORT_FAULTS[code] ?? "listening failed";
}

const PORT_FAULTS: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program uses it",
  EACCES: "this user may not listen there",
};

/** If there are too many idle connections, closes the oldest, so that a new connection is always accepted. */
function limitConnections(server: Server, served: ReadonlySet<Socket>): void {
  const open = new Set<Socket>();
  // Without a listener, Node would close a connection that is idle because its response is still being prepared.
  server.on("timeout", () => undefined);
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    // Also closes a connection whose client reads the response slowly, but not one whose response is still being prepared.
    socket.setTimeout(REQUEST_MILLISECONDS, () => {
      if (!served.has(socket) || socket.writableLength > 0) socket.destroy();
    });
    const idle = [...open].filter((each) => !served.has(each));
    const [oldest] = idle;
    if (oldest === undefined || idle.length <= MOST_CONNECTIONS) return;
    // Not at its "close": Bun reports that later, and the next connection would close the same one again.
    open.delete(oldest);
    oldest.destroy();
  });
}
