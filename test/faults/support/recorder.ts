import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { Home } from "../../support/home.ts";

/** A server in front of the emulator that records each secret it passes on, and changes answers if a test asks for it. */

const SECRET_FIELDS =
  /"(accessToken|refreshToken|clientSecret|secretAccessKey|sessionToken|deviceCode)":\s*"([^"]+)"/g;

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

/** Changes an answer, given the token and body of the request; "drop" cuts the connection. */
export type Misbehaviour = (answer: Answer, carried: string) => Answer | "drop";

export interface Recorder {
  readonly env: Readonly<Record<string, string>>;
  /** Secrets that the emulator's answers contained. */
  readonly served: ReadonlySet<string>;
  readonly requests: () => number;
  misbehave(how: Misbehaviour): void;
}

export async function startRecorder(home: Home): Promise<Recorder> {
  const served = new Set<string>();
  let requests = 0;
  let misbehaviour: Misbehaviour = (answer) => answer;
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests += 1;
    const { answer, carried } = await forward(home, request);
    for (const [, , secret = ""] of answer.body.matchAll(SECRET_FIELDS)) served.add(secret);
    const changed = misbehaviour(answer, carried);
    if (changed === "drop") response.destroy();
    else response.writeHead(changed.status, changed.headers).end(changed.body);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { AWS_ENDPOINT_URL_SSO: url, AWS_ENDPOINT_URL_SSO_OIDC: url, AWS_ENDPOINT_URL_STS: url },
    served,
    requests: () => requests,
    misbehave: (how) => void (misbehaviour = how),
  };
}

/** Returns the emulator's answer to a request, and the request's bearer token and body. */
async function forward(
  home: Home,
  request: IncomingMessage,
): Promise<{ answer: Answer; carried: string }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const sent = Buffer.concat(chunks).toString("utf8");
  const headers = Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !["connection", "content-length"].includes(name))
      .map(([name, value]) => [name, String(value)]),
  );
  const answered = await fetch(`${home.emulator.url}${request.url ?? "/"}`, {
    method: request.method ?? "GET",
    headers,
    ...(sent === "" ? {} : { body: sent }),
  });
  const kept = Object.fromEntries(
    [...answered.headers].filter(([name]) =>
      ["content-type", "x-amzn-errortype", "date"].includes(name),
    ),
  );
  return {
    answer: { status: answered.status, headers: kept, body: await answered.text() },
    carried: `${headers["x-amz-sso_bearer_token"] ?? ""} ${sent}`,
  };
}

/** Returns the secrets that are in a text: whole, truncated, or URL-encoded. */
export function findLeaks(text: string, secrets: Iterable<string>): string[] {
  return [...secrets].filter((secret) =>
    [secret.slice(0, 32), encodeURIComponent(secret).slice(0, 32)].some((form) =>
      text.includes(form),
    ),
  );
}
