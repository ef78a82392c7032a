import { buildQueryString } from "@smithy/core/protocols";
import type {
  Client,
  Command,
  HttpHandlerOptions,
  HttpRequest,
  HttpResponse,
  MetadataBearer,
} from "@smithy/types";
import type { AwsCredentials } from "../model/credentials.ts";
import type { Answer } from "../text/answer.ts";
import { request } from "./http.ts";
import { ATTEMPT_MILLISECONDS, hostName, send, type Connection } from "./send.ts";
import type { Effect } from "./call/retry.ts";

/** The SDK's clients: their settings, their transport, and one client per connection. */

/**
 * Settings for every SDK client. They disable the SDK's retries and keep it from reading `~/.aws/config`: an
 * `endpoint_url` in that file would send the token to any address, even over plain http (@aws-sdk/client-sso 3.1164).
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

/** The same settings for a client that signs its requests. */
export function createSignedSettings(connection: Connection, credentials: AwsCredentials) {
  return { ...clientSettings(connection), credentials: toIdentity(credentials) };
}

/** Converts credentials to the SDK's form. */
export function toIdentity({ accessKeyId, secretAccessKey, sessionToken }: AwsCredentials) {
  const keys = { accessKeyId, secretAccessKey };
  return sessionToken === undefined ? keys : { ...keys, sessionToken };
}

/** Creates a request handler that sends the SDK's requests through `http.ts`. */
export function createHandler(connection: Connection) {
  return {
    metadata: { handlerProtocol: "http/1.1" },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    async handle(
      wanted: HttpRequest,
      { abortSignal }: HttpHandlerOptions = {},
    ): Promise<{ response: HttpResponse }> {
      const { method, headers, body } = wanted;
      const signal = (abortSignal as AbortSignal | undefined) ?? endOf(connection);
      const plain = { method, url: toUrl(wanted), headers, body, signal };
      const { status: statusCode, ...answer } = await request(connection, plain).catch(
        (thrown: unknown) => {
          connection.interruption.throwIfAborted();
          throw thrown;
        },
      );
      return { response: { statusCode, ...answer } };
    },
  };
}

/** Returns the default abort signal. The SDK's credential providers set no timeout for their requests. */
function endOf({ silence, interruption }: Connection): AbortSignal {
  return AbortSignal.any([
    AbortSignal.timeout(silence?.limitMilliseconds ?? ATTEMPT_MILLISECONDS),
    interruption,
  ]);
}

function toUrl({ protocol, hostname, port, path, query = {} }: HttpRequest): URL {
  const words = buildQueryString(query);
  const host = port === undefined ? hostname : `${hostname}:${port}`;
  return new URL(`${protocol}//${host}${path}${words === "" ? "" : `?${words}`}`);
}

/** Any command of a client. The SDK's own type covers one operation each. */
export interface ServiceCommand<Inputs extends object> {
  readonly input: Inputs;
  readonly schema?: unknown;
}

interface Service<Via, Inputs extends object> {
  /** The service's name in messages, unless the environment gives its endpoint. */
  readonly name: string;
  findHost(connection: Via): string;
  /** @throws LatchkeyError as `send` does; any other 4xx answer unchanged */
  call(connection: Via, command: ServiceCommand<Inputs>, effect?: Effect): Promise<Answer>;
}

/** Creates a service with one SDK client per connection. */
export function createService<
  Via extends Connection,
  Inputs extends object,
  Outputs extends MetadataBearer,
  Config,
>(name: string, makeClient: (connection: Via) => Client<Inputs, Outputs, Config>) {
  const clients = new WeakMap<Via, Client<Inputs, Outputs, Config>>();
  const findClient = (connection: Via): Client<Inputs, Outputs, Config> => {
    const client = clients.get(connection) ?? makeClient(connection);
    clients.set(connection, client);
    return client;
  };
  const service: Service<Via, Inputs> = {
    name,
    findHost: (connection) => hostName(connection, name),
    async call(connection, command, effect) {
      const toSend = command as Command<Inputs, Inputs, Outputs, Outputs, Config>;
      const body = await send(
        connection,
        hostName(connection, name),
        (options) => findClient(connection).send(toSend, options),
        effect,
      );
      return { operation: operationName(command), body };
    },
  };
  return { ...service, findClient };
}

interface EndpointClient {
  readonly config: {
    endpointProvider(place: { Region: string; UseFIPS: boolean; UseDualStack: boolean }): {
      readonly url: URL;
    };
  };
}

/** Returns the address of AWS's own service by the SDK's endpoint rules. */
export function resolveEndpoint({ config }: EndpointClient, connection: Connection): string {
  const { useFips: UseFIPS, useDualstack: UseDualStack } = connection.variant;
  return config.endpointProvider({ Region: connection.region, UseFIPS, UseDualStack }).url.href;
}

/** Returns the operation's name (`GetRoleCredentials`) from the SDK's schema, since a bundle may rename classes. */
export function operationName({ schema }: ServiceCommand<object>): string {
  const name: unknown = Array.isArray(schema) ? schema[2] : undefined;
  return typeof name === "string" ? name : "the service";
}
