import { readFileSync } from "node:fs";
import { createServer as createHttpServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { signServerCertificate } from "../../support/certificate.ts";
import type { EmulatedHome } from "../../support/emulated-home.ts";

/** Servers for faults that the emulator can't have: slow bytes, wrong certificates, proxies. */

async function startListening(
  server: Server | ReturnType<typeof createTcpServer>,
): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Starts a server that lets `answer` write to each connection, and counts the connections. */
export async function startTcpServer(
  answer: (socket: Socket) => void,
): Promise<{ url: string; connections: () => number }> {
  let connections = 0;
  const port = await startListening(
    createTcpServer((socket) => {
      connections += 1;
      socket.once("data", () => answer(socket));
    }),
  );
  return { url: `http://127.0.0.1:${port}`, connections: () => connections };
}

export async function startHttpServer(
  answer: (request: IncomingMessage) => {
    status: number;
    headers?: Record<string, string>;
    body?: string;
  },
): Promise<{ url: string; seen: IncomingMessage[] }> {
  const seen: IncomingMessage[] = [];
  const port = await startListening(
    createHttpServer((request, response) => {
      seen.push(request);
      const { status, headers, body } = answer(request);
      response.writeHead(status, headers).end(body);
    }),
  );
  return { url: `http://127.0.0.1:${port}`, seen };
}

interface Certificate {
  readonly key: string;
  readonly certificate: string;
}

/** Creates a self-signed certificate for one or more hosts in files of a home. An expired one ended years ago. */
export function createSelfSigned(
  home: EmulatedHome,
  name: string,
  hosts: readonly string[],
  isOver = false,
): Certificate {
  const signed = signServerCertificate({
    hosts,
    ...(isOver ? { from: "20200101000000Z", to: "20200102000000Z" } : {}),
  });
  return {
    key: home.write(`${name}.key`, signed.key),
    certificate: home.write(`${name}.pem`, signed.certificate),
  };
}

/** Returns the answer of a host that is not the emulator's; undefined lets the emulator answer. */
export type OtherHosts = (
  host: string,
  request: IncomingMessage,
) => { status: number; headers?: Record<string, string> } | undefined;

/** Starts TLS in front of the emulator and of other hosts, if given. Counts requests, which are after a handshake. */
export async function startTlsFront(
  home: EmulatedHome,
  { key, certificate }: Certificate,
  others: OtherHosts = () => undefined,
): Promise<{ url: string; requests: () => number }> {
  let requests = 0;
  const target = URL.parse(home.emulator.url);
  const port = await startListening(
    createHttpsServer(
      { key: readFileSync(key), cert: readFileSync(certificate) },
      (request, response) => {
        requests += 1;
        const other = others(request.headers.host ?? "", request);
        if (other !== undefined) response.writeHead(other.status, other.headers).end();
        else
          void forward(home, request).then(({ status, body, headers }) =>
            response.writeHead(status, headers).end(body),
          );
      },
    ),
  );
  return { url: `https://${target?.hostname ?? "127.0.0.1"}:${port}`, requests: () => requests };
}

async function forward(
  home: EmulatedHome,
  request: IncomingMessage,
): Promise<{ status: number; body: Buffer; headers: Record<string, string> }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !["host", "connection", "content-length"].includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
  const answer = await fetch(`${home.emulator.url}${request.url ?? "/"}`, {
    method: request.method ?? "GET",
    headers,
    ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
  });
  const passed = Object.fromEntries(
    [...answer.headers].filter(([name]) =>
      ["content-type", "x-amzn-errortype", "date"].includes(name),
    ),
  );
  return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()), headers: passed };
}

/** Starts a CONNECT proxy that connects every host to one local port, or refuses. */
export async function startConnectProxy(
  port: number,
  refuse?: string,
): Promise<{ host: string; asked: Array<{ target: string; authorization: string | undefined }> }> {
  const asked: Array<{ target: string; authorization: string | undefined }> = [];
  const server = createHttpServer((_request, response) => response.writeHead(400).end());
  server.on("connect", (request: IncomingMessage, client: Socket) => {
    asked.push({
      target: request.url ?? "",
      authorization: request.headers["proxy-authorization"],
    });
    client.on("error", () => undefined);
    if (refuse !== undefined) {
      client.end(`HTTP/1.1 ${refuse}\r\n\r\n`);
      return;
    }
    const upstream = connect(port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
  });
  return { host: `127.0.0.1:${await startListening(server)}`, asked };
}

/** Starts a SOCKS5 proxy that connects every host to one local port, and requires a login if one is given. */
export async function startSocksProxy(
  port: number,
  login?: { readonly user: string; readonly password: string },
): Promise<{ host: string; asked: string[] }> {
  const asked: string[] = [];
  const wanted = login && [...encodeField(login.user), ...encodeField(login.password)];
  const server = createTcpServer((client) => {
    const awaitCommand = (): void =>
      void client.once("data", (command) => {
        const name = command.subarray(5, command.length - 2).toString();
        asked.push(`${name}:${command.readUInt16BE(command.length - 2)}`);
        const upstream = connect(port, "127.0.0.1", () => {
          client.write(Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 1]));
          upstream.pipe(client);
          client.pipe(upstream);
        });
        upstream.on("error", () => client.write(Buffer.from([5, 4, 0, 1, 0, 0, 0, 0, 0, 0])));
      });
    client.once("data", () => {
      client.write(Buffer.from([5, wanted === undefined ? 0 : 2]));
      if (wanted === undefined) awaitCommand();
      else
        client.once("data", (given) => {
          const isGood = given.subarray(1).equals(Buffer.from(wanted));
          client.write(Buffer.from([1, isGood ? 0 : 1]));
          if (isGood) awaitCommand();
        });
    });
  });
  return { host: `127.0.0.1:${await startListening(server)}`, asked };
}

function encodeField(text: string): number[] {
  return [text.length, ...Buffer.from(text)];
}
