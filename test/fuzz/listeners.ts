import fc from "fast-check";
import { connect, type Socket } from "node:net";
import type { AwsCredentials } from "../../src/model/credentials.ts";
import { startCredentialsServer } from "../../src/shell/credentials-server.ts";
import { judgeCallback, judgePastedAddress } from "../../src/sign-in/redirect/callback.ts";
import { listenForRedirect } from "../../src/sign-in/redirect/loopback.ts";
import { createTarget, ensure } from "./target.ts";
import { arbitraryBytes, arbitraryText } from "./values.ts";

/** latchkey's listeners on this machine: any process can send any request, but only one kind is accepted. */

/** Sends bytes, and reads the answer until the other side closes or is silent for `patience` milliseconds. */
function exchange(port: number, bytes: Uint8Array, patience: number): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    const socket: Socket = connect(port, "127.0.0.1");
    const end = (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(patience, end);
    socket.on("data", (chunk) => (answer += chunk.toString("latin1")));
    socket.on("error", end).on("close", end);
    socket.end(bytes);
  });
}

/** In milliseconds. A right request is answered even on a busy machine. An incomplete one gets no answer. */
const ANSWERED = 10_000;
const UNANSWERED = 100;

function choosePatience(request: Request | Uint8Array): number {
  return judgeRequest(request) === "right" ? ANSWERED : UNANSWERED;
}

/** The parts of a request. Each part is either right or certainly wrong. */
interface Request {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly host: string;
  readonly secret: string;
  /** Further lines of the head. */
  readonly more: string;
}

const RIGHT = "\u0001right";
/** Returns "either" for further headers, because they may be harmless or damage the request. */
function judgeRequest(request: Request | Uint8Array): "right" | "wrong" | "either" {
  if (request instanceof Uint8Array) return "wrong";
  const { more, ...parts } = request;
  if (Object.values(parts).some((value) => value !== RIGHT)) return "wrong";
  return more === "" ? "right" : "either";
}

/** Mostly returns right parts, so that each part is sometimes the only wrong one. */
function choosePart(...wrong: readonly string[]): fc.Arbitrary<string> {
  const other = fc.oneof(
    fc.constantFrom(...wrong),
    arbitraryText(4).filter((text) => text !== "" && !/\s/.test(text)),
  );
  return fc.oneof({ weight: 5, arbitrary: fc.constant(RIGHT) }, { weight: 1, arbitrary: other });
}

const moreHeaders = fc.oneof(
  { weight: 5, arbitrary: fc.constant("") },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "Content-Length: 5\r\n",
      "Content-Length: -1\r\n",
      "Transfer-Encoding: chunked\r\n",
      "Host: 127.0.0.1\r\n",
      "Upgrade: x\r\nConnection: upgrade\r\n",
      "Expect: 100-continue\r\n",
      "A\r\n",
      ": x\r\n",
      `X: ${"y".repeat(20_000)}\r\n`,
    ),
  },
);

const callbackRequests = fc.record<Request>({
  method: choosePart("POST", "HEAD", "OPTIONS", "get", "PRI"),
  path: choosePart(
    "/",
    "/oauth/callback/",
    "/oauth/../oauth/callback",
    "/OAUTH/callback",
    "//x",
    "*",
  ),
  query: choosePart("", "?state=x&code=evil", "?code=a&code=b"),
  host: choosePart("localhost", "127.0.0.1", "evil.example", "127.0.0.1:1", ""),
  secret: choosePart("", "x", "STATE", "state%20", "state&state=state", "state%00"),
  more: moreHeaders,
});

const STATE = "Zm9vYmFyYmF6cXV4LXN0YXRlLW9mLXRoaXMtbG9naW4x";

function toCallback(request: Request, port: number): Uint8Array {
  const { method, path, query, host, secret, more } = fill(request, {
    method: "GET",
    path: "/oauth/callback",
    query: "?code=good",
    host: `127.0.0.1:${port}`,
    secret: STATE,
  });
  const target = `${path}${query}&state=${secret.replaceAll(/state/gi, STATE.slice(1))}`;
  return Buffer.from(`${method} ${target} HTTP/1.1\r\nHost: ${host}\r\n${more}\r\n`, "utf8");
}

function fill(request: Request, right: Omit<Request, "more">): Request {
  const parts = Object.entries(right).map(([part, value]) => {
    const chosen = request[part as keyof Request];
    return [part, chosen === RIGHT ? value : chosen];
  });
  return { ...request, ...(Object.fromEntries(parts) as Omit<Request, "more">) };
}

const redirect = createTarget({
  name: "redirect-requests",
  values: fc.tuple(
    fc.array(
      fc.oneof(
        { weight: 4, arbitrary: callbackRequests },
        { weight: 1, arbitrary: arbitraryBytes(60) },
      ),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    arbitraryText(),
  ),
  async check([requests, pasted]) {
    const listener = await listenForRedirect(undefined);
    try {
      const { redirectUri } = listener;
      const pending = { redirectUri, state: STATE, codeVerifier: "v" };
      let answered: unknown;
      void listener
        .waitForAnswer((request) => judgeCallback(request, pending))
        .then((answer) => (answered = answer));
      const port = Number(new URL(redirectUri).port);
      let mayEnd = false;
      for (const request of requests) {
        const bytes = request instanceof Uint8Array ? request : toCallback(request, port);
        const answer = await exchange(port, bytes, choosePatience(request));
        ensure(!answer.includes(STATE) && !answer.includes("good"), "sent text is in the answer");
        mayEnd ||= judgeRequest(request) !== "wrong";
        ensure(mayEnd || answered === undefined, "a wrong request ended the wait");
      }
      ensure(judgePastedAddress(pasted, pending).kind === "stray", "a pasted text counts");
      // The right request must be accepted after any other.
      const right = {
        method: RIGHT,
        path: RIGHT,
        query: RIGHT,
        host: RIGHT,
        secret: RIGHT,
        more: "",
      };
      if (answered === undefined) await exchange(port, toCallback(right, port), ANSWERED);
      await new Promise(setImmediate);
      ensure(
        JSON.stringify(answered) === '{"kind":"code","code":"good"}',
        "the right request is not accepted",
      );
    } finally {
      listener.close();
    }
  },
});

const CREDENTIALS: AwsCredentials = {
  accessKeyId: "ASIAFUZZ",
  secretAccessKey: "TheSecretValue",
  sessionToken: "TheSessionToken",
  expiration: new Date("2026-11-29T13:00:00Z"),
  accountId: "000000000042",
};

const endpointRequests = fc.record<Request>({
  method: choosePart("POST", "HEAD", "OPTIONS", "get", "PRI"),
  path: choosePart(
    "/",
    "/credentials/",
    "/Credentials",
    "/x/../credentials",
    "//x/credentials",
    "*",
  ),
  query: choosePart("?", "?x=1", "#x"),
  host: choosePart("localhost", "127.0.0.1", "evil.example", "127.0.0.1:1", ""),
  secret: choosePart("", "Bearer TOKEN", "TOKENx", "x", "TOKEN, TOKEN", "0".repeat(64)),
  more: moreHeaders.filter((text) => !/^(Host|Expect|Upgrade)/.test(text)),
});

const endpoint = createTarget({
  name: "endpoint-requests",
  values: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: endpointRequests },
      { weight: 1, arbitrary: arbitraryBytes(60) },
    ),
    {
      minLength: 1,
      maxLength: 4,
    },
  ),
  async check(requests) {
    const server = await startCredentialsServer(() => Promise.resolve(CREDENTIALS));
    try {
      const port = Number(new URL(server.url).port);
      for (const request of requests) {
        const bytes =
          request instanceof Uint8Array ? request : toEndpoint(request, port, server.token);
        const answer = await exchange(port, bytes, choosePatience(request));
        ensure(!answer.includes(server.token), "the token is in the answer");
        const isAnswered = answer.includes(CREDENTIALS.secretAccessKey);
        const judged = judgeRequest(request);
        ensure(judged !== "wrong" || !isAnswered, "a wrong request gets credentials");
        ensure(judged !== "right" || isAnswered, "the right request gets none");
      }
    } finally {
      await server.close();
    }
  },
});

function toEndpoint(request: Request, port: number, token: string): Uint8Array {
  const { method, path, query, host, secret, more } = fill(request, {
    method: "GET",
    path: "/credentials",
    query: "",
    host: `127.0.0.1:${port}`,
    secret: token,
  });
  const head = `Host: ${host}\r\nAuthorization: ${secret.replaceAll("TOKEN", token)}\r\n${more}Connection: close\r\n`;
  return Buffer.from(`${method} ${path}${query} HTTP/1.1\r\n${head}\r\n`, "utf8");
}

export const LISTENER_TARGETS = [redirect, endpoint];
