import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo, Socket } from "node:net";

/**
 * A server on 127.0.0.1, open for as long as one command runs. Every process of the machine and every web page can ask
 * here: whoever opens connections and says nothing, or speaks slowly or too much, keeps nobody else waiting.
 */
export interface LocalServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/** Request line and headers of a browser that comes back, and of an SDK, are under 4 KiB. */
const MAX_HEADER_BYTES = 16 * 1024;
/** From the connection to the last byte of the request; a browser or an SDK takes milliseconds. */
const REQUEST_MILLISECONDS = 5_000;
/** More at once than any browser or program opens that is not being served. */
const MOST_CONNECTIONS = 32;

const SERVER_LIMITS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: REQUEST_MILLISECONDS,
  requestTimeout: REQUEST_MILLISECONDS,
  connectionsCheckingInterval: 1_000,
  insecureHTTPParser: false,
};

/**
 * @param wanted undefined: any port that is free.
 * @throws Node's system error where nothing can listen there.
 */
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

/** Past the most, the oldest that waits for no answer goes, so that a new one is always heard. */
function limitConnections(server: Server, served: ReadonlySet<Socket>): void {
  const open = new Set<Socket>();
  // Without a listener Node ends a connection that is silent, whoever is being served.
  server.on("timeout", () => undefined);
  server.on("connection", (socket) => {
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    socket.on("error", () => socket.destroy());
    // Also one that reads its answer slowly; an answer that is still being made is waited for.
    socket.setTimeout(REQUEST_MILLISECONDS, () => {
      if (!served.has(socket) || socket.writableLength > 0) socket.destroy();
    });
    const idle = [...open].filter((each) => !served.has(each));
    if (idle.length > MOST_CONNECTIONS) idle[0]?.destroy();
  });
}
