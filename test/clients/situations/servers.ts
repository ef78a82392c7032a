import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage } from "node:http";
import {
  createServer as createTcpServer,
  type AddressInfo,
  type Server,
  type Socket,
} from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { connect } from "node:net";
import { join } from "node:path";

/** Servers beside the emulator: closed and silent ports, and proxies that refuse. */
export interface Servers {
  /** A port without a listener. */
  readonly closedUrl: string;
  /** Accepts every connection and never answers. */
  readonly silentUrl: string;
  /** Starts a proxy that answers each CONNECT with this status line, e.g. `407 Proxy Authentication Required`. */
  startProxy(status: string): Promise<string>;
  /** Listens on a free port of 127.0.0.1 until all servers are closed. */
  listen(server: Server): Promise<number>;
  close(): Promise<void>;
}

export async function startServers(): Promise<Servers> {
  const opened: Server[] = [];
  const sockets = new Set<Socket>();
  const listen = async (server: Server): Promise<number> => {
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    opened.push(server);
    return (server.address() as AddressInfo).port;
  };
  const free = createTcpServer();
  const closedPort = await listen(free);
  await new Promise((resolve) => free.close(resolve));
  const silentPort = await listen(createTcpServer());
  return {
    closedUrl: `http://127.0.0.1:${closedPort}`,
    silentUrl: `http://127.0.0.1:${silentPort}`,
    listen,
    async startProxy(status) {
      const proxy = createHttpServer((_, response) => response.writeHead(400).end());
      proxy.on("connect", (_: IncomingMessage, client: Socket) =>
        client.end(`HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`),
      );
      return `http://127.0.0.1:${await listen(proxy)}`;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all(opened.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Serves the emulator behind TLS, with the certificate of an unknown CA, which is `ca.pem` in the folder. */
export async function openTlsFront(
  servers: Servers,
  emulatorUrl: string,
  folder: string,
): Promise<string> {
  const openssl = (...argv: string[]): void =>
    void execFileSync("openssl", argv, { cwd: folder, stdio: "ignore" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  openssl(
    ...["req", "-x509", ...key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "30"],
    ...["-subj", "/O=Example Corp/CN=Example Corp Inspection CA"],
  );
  openssl(
    ...["req", "-x509", ...key, "-keyout", "front.key", "-out", "front.pem", "-days", "30"],
    ...["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
    ...["-addext", "basicConstraints=critical,CA:FALSE", "-CA", "ca.pem", "-CAkey", "ca.key"],
  );
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");
  const target = Number(URL.parse(emulatorUrl)?.port);
  const front = createTlsServer(
    { key: read("front.key"), cert: read("front.pem") + read("ca.pem") },
    (client) => {
      const upstream = connect(target, "127.0.0.1");
      for (const socket of [client, upstream]) socket.on("error", () => undefined);
      client.pipe(upstream).pipe(client);
    },
  );
  front.on("tlsClientError", () => undefined);
  return `https://127.0.0.1:${await servers.listen(front)}`;
}
