import { buildQueryString } from "@smithy/core/protocols";
import type { HttpHandlerOptions, HttpRequest, HttpResponse } from "@smithy/types";
import { request } from "./http.ts";
import type { Connection } from "./send.ts";

/** How this program uses the SDK's clients: their settings, their transport, one client per connection. */

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
    requestHandler: createHandler(connection),
  };
}

/** Sends the requests of a client as all others are sent. */
export function createHandler(connection: Connection) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    async handle(
      { method, headers, body, ...address }: HttpRequest,
      { abortSignal }: HttpHandlerOptions = {},
    ): Promise<{ response: HttpResponse }> {
      const url = toUrl(address);
      const signal = abortSignal as AbortSignal | undefined;
      const answer = await request(connection, { method, url, headers, body, signal });
      const { status: statusCode, headers: answerHeaders } = answer;
      return { response: { statusCode, headers: answerHeaders, body: answer.body } };
    },
  };
}

function toUrl({
  protocol,
  hostname,
  port,
  path,
  query = {},
}: Omit<HttpRequest, "method" | "headers">): URL {
  const words = buildQueryString(query);
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  return new URL(`${protocol}//${host}${path}${words === "" ? "" : `?${words}`}`);
}

/** A client of the SDK per connection, made when first needed. */
export function cachePerConnection<Via extends Connection, Client>(
  make: (connection: Via) => Client,
): (connection: Via) => Client {
  const clients = new WeakMap<Via, Client>();
  return (connection) => {
    const client = clients.get(connection) ?? make(connection);
    clients.set(connection, client);
    return client;
  };
}
