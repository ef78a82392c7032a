import { NodeHttpHandler } from "@smithy/node-http-handler";
import type { HttpRequest, HttpResponse } from "@smithy/types";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Transform, type Readable } from "node:stream";
import type { EndpointVariant } from "./endpoints.ts";
import { LatchkeyError } from "../errors.ts";
import { isWebPage } from "./web-page.ts";
import {
  describeFailure,
  isTimeout,
  isUnanswered,
  mayPass,
  translated,
  wasNeverSent,
} from "./failure.ts";

/** What every client of ours shares: proxy, roots of trust, timeouts, a cap on answers, and one deadline. */

export interface Connection {
  readonly region: string;
  /** An override that the environment names, already checked; undefined for AWS's own endpoint. */
  readonly endpoint: string | undefined;
  readonly variant: EndpointVariant;
  /** HTTPS_PROXY and NO_PROXY, as Node's agent takes them; empty without a proxy. */
  readonly proxyEnv: Readonly<Record<string, string>>;
  /** PEM text that replaces the default roots of trust. */
  readonly caBundle: string | undefined;
  /** Milliseconds of `monotonic()` at which whoever waits for us gives up; undefined while a person watches. */
  readonly deadline: number | undefined;
  /** Of a long listing: how its requests follow each other. */
  readonly pace?: Pace | undefined;
  readonly monotonic: () => number;
  readonly now: () => Date;
  /** Aborted when the process is asked to end. */
  readonly interruption: AbortSignal;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

export interface Pace {
  /** Resolves when the next request may go out. */
  turn(): Promise<void>;
  /** A request was answered. */
  served(): void;
  /** A request was turned away (429); whether the service is likely to serve it later. */
  throttled(retryAfterSeconds?: number): "wait" | "hopeless";
}

const CONNECT_MILLISECONDS = 5_000;
/** One attempt, from the first byte sent to the last received. */
const ATTEMPT_MILLISECONDS = 10_000;
const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;

/**
 * Settings that every SDK client gets, so that none of them retries on its own account or reads `~/.aws/config`: an
 * `endpoint_url` there would lead the token to wherever it says, over plain http, too (@aws-sdk/client-sso 3.1164).
 */
export function clientSettings(connection: Connection) {
  return {
    region: connection.region,
    ...(connection.endpoint === undefined ? {} : { endpoint: connection.endpoint }),
    ignoreConfiguredEndpointUrls: true,
    authSchemePreference: [],
    disableClockSkewCorrection: false,
    useFipsEndpoint: connection.variant.useFips,
    useDualstackEndpoint: connection.variant.useDualstack,
    maxAttempts: 1,
    retryMode: "standard",
    defaultsMode: "legacy" as const,
    userAgentAppId: "latchkey",
    requestHandler: guardedHandler(connection),
  };
}

/**
 * The SDK's own handler; answers that no such service gives are turned away before they are parsed.
 * @param pages whether the service tells its failures by web pages: such a 4xx or 5xx is its answer then.
 */
export function guardedHandler(connection: Connection, pages: "never" | "failures" = "never") {
  const handler = new NodeHttpHandler({
    connectionTimeout: CONNECT_MILLISECONDS,
    // Plain http goes to this machine alone, and there is no proxy on the way.
    httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 16 }),
    httpsAgent: secureAgent(connection),
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
      options.abortSignal?.addEventListener("abort", () => body.destroy(timedOut()), {
        once: true,
      });
      // A 429 is one whatever page comes with it: gateways before the service send their own.
      const mayBePage =
        response.statusCode === 429 || (pages === "failures" && response.statusCode >= 400);
      if (
        (!mayBePage && (await isWebPage(response.headers, body))) ||
        isRedirect(response.statusCode)
      ) {
        body.destroy();
        throw captivePortal(request.hostname, response.statusCode);
      }
      const capped = sizeCap(request.hostname);
      body.on("error", (error) => capped.destroy(error));
      response.body = body.pipe(capped);
      return { response };
    },
  };
}

/** https as this process is told to do it: its proxy, its roots of trust. */
export function secureAgent({ proxyEnv, caBundle }: Connection): HttpsAgent {
  // `rejectUnauthorized` is said outright, so that NODE_TLS_REJECT_UNAUTHORIZED=0 has no say in it.
  return new HttpsAgent({
    keepAlive: true,
    maxSockets: 16,
    rejectUnauthorized: true,
    proxyEnv,
    ...(caBundle === undefined ? {} : { ca: caBundle }),
  });
}

function timedOut(): Error {
  return Object.assign(new Error("the answer took too long"), { name: "TimeoutError" });
}

/** A redirect is never followed: the token would go along to wherever it leads. */
function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function captivePortal(host: string, status: number): LatchkeyError {
  return new LatchkeyError(
    "BAD_RESPONSE",
    `${host} answered as a web site does (HTTP ${status}) and not as a service: a captive portal or a proxy may be in between.`,
    {
      hint: "Open a web page in your browser to see whether the network wants you to sign in, then try again.",
    },
  );
}

function sizeCap(host: string): Transform {
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

/** "spends": the request uses something up, so that one without an answer is made again only once. */
export type Effect = "repeatable" | "spends";

/** Host and port of the proxy that https requests go through, without who signs in there. */
function proxyHost({ proxyEnv }: Connection): string | undefined {
  const proxy = proxyEnv["HTTPS_PROXY"];
  return proxy === undefined ? undefined : URL.parse(proxy)?.host;
}

/** Given on to the SDK's `send`. */
export interface CallOptions {
  readonly abortSignal: AbortSignal;
}

const FIRST_BACKOFF_MILLISECONDS = 200;
const LONGEST_BACKOFF_MILLISECONDS = 5_000;
const MOST_ATTEMPTS = 8;
/** Where nothing answers at all, fewer tries tell as much. */
const MOST_CONNECTIONS = 4;
/** How long one call may take with its retries where nobody set a deadline. */
const CALL_MILLISECONDS = 45_000;

/**
 * Makes a call, again where the failure may pass (429, 5xx, a lost connection): full-jitter backoff, Retry-After
 * honoured, all within the deadline.
 * @throws LatchkeyError UNREACHABLE, THROTTLED or BAD_RESPONSE; answers of the service with another 4xx as they came.
 */
export async function callPatiently<T>(
  connection: Connection,
  host: string,
  call: (options: CallOptions) => Promise<T>,
  effect: Effect = "repeatable",
): Promise<T> {
  const { pace, monotonic } = connection;
  let deadline = connection.deadline ?? monotonic() + CALL_MILLISECONDS;
  let lastAnswered: unknown;
  for (let attempt = 1; ; attempt += 1) {
    const queuedAt = monotonic();
    await pace?.turn();
    // A listing that waits for its turn is not waiting for the service.
    if (connection.deadline === undefined) deadline += monotonic() - queuedAt;
    const left = Math.max(1, Math.ceil(deadline - monotonic()));
    try {
      const answer = await call({
        abortSignal: signalFor(connection, Math.min(ATTEMPT_MILLISECONDS, left), effect),
      });
      pace?.served();
      return answer;
    } catch (thrown) {
      refuseIfInterrupted(connection, effect);
      const spent = effect === "spends" && attempt > 1 && isUnanswered(thrown);
      if (!mayPass(thrown) || spent) throw translated(thrown, host, proxyHost(connection));
      const { status, retryAfterSeconds } = describeFailure(thrown, connection.now());
      if (status !== undefined) lastAnswered = thrown;
      const wait = backoff(attempt, retryAfterSeconds);
      // At a pace of its own, a request that was turned away has only lost its turn.
      const turnedAway = status === 429 ? pace?.throttled(retryAfterSeconds) : undefined;
      if (turnedAway === "wait") {
        attempt -= 1;
        continue;
      }
      if (
        turnedAway === "hopeless" ||
        attempt >= (wasNeverSent(thrown) ? MOST_CONNECTIONS : MOST_ATTEMPTS) ||
        monotonic() + wait >= deadline
      ) {
        // What the service said before tells more than that our own clock cut the last try off.
        throw translated(
          isTimeout(thrown) && effect === "repeatable" ? (lastAnswered ?? thrown) : thrown,
          host,
          proxyHost(connection),
        );
      }
      await connection.sleep(wait);
    }
  }
}

/**
 * Ends an attempt after `milliseconds`, or with the process. Not one that spends something: its answer is awaited and
 * kept first, since what it spent can't be had back (the second signal ends the process all the same).
 */
export function signalFor(
  connection: Connection,
  milliseconds: number,
  effect: Effect = "repeatable",
): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  if (effect === "spends") return timeout;
  connection.interruption.throwIfAborted();
  return AbortSignal.any([timeout, connection.interruption]);
}

/** An attempt that was cut off by the end of the process failed for no other reason. */
export function refuseIfInterrupted(
  { interruption }: Connection,
  effect: Effect = "repeatable",
): void {
  if (effect === "repeatable") interruption.throwIfAborted();
}

function backoff(attempt: number, retryAfterSeconds: number | undefined): number {
  const ceiling = Math.min(
    FIRST_BACKOFF_MILLISECONDS * 2 ** (attempt - 1),
    LONGEST_BACKOFF_MILLISECONDS,
  );
  const jittered = Math.random() * ceiling;
  return retryAfterSeconds === undefined
    ? jittered
    : retryAfterSeconds * 1000 + Math.random() * FIRST_BACKOFF_MILLISECONDS;
}

/** A client of the SDK per connection, made when first needed. */
export function onePerConnection<Client>(
  make: (connection: Connection) => Client,
): (connection: Connection) => Client {
  const clients = new WeakMap<Connection, Client>();
  return (connection) => {
    const known = clients.get(connection);
    if (known !== undefined) return known;
    const client = make(connection);
    clients.set(connection, client);
    return client;
  };
}

/** The host as messages name it: the override's where there is one, else AWS's in words. */
export function hostName(connection: Connection, service: string): string {
  return connection.endpoint === undefined
    ? `${service} in ${connection.region}`
    : (URL.parse(connection.endpoint)?.host ?? service);
}

const serverClocks = new WeakMap<Connection, number>();

function noteServerClock(connection: Connection, headers: Readonly<Record<string, string>>): void {
  const date = Date.parse(headers["date"] ?? headers["Date"] ?? "");
  if (Number.isFinite(date))
    serverClocks.set(connection, (date - connection.now().getTime()) / 1000);
}

/** Seconds by which the service's clock was ahead of ours at its last answer; undefined before the first. */
export function serverClockAheadSeconds(connection: Connection): number | undefined {
  return serverClocks.get(connection);
}
