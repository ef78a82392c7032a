import type { Context } from "../context.ts";
import { endpointOverride, endpointVariant, type Service } from "../domain/endpoints.ts";
import type { Connection } from "../network/transport.ts";

/**
 * A service as this process reaches it: the region from the config, the endpoint from the environment.
 * @param deadline in milliseconds of `context.monotonic()`, where a program and not a person waits.
 */
export function connectionTo(context: Context, service: Service, region: string, deadline?: number): Connection {
  const { env, monotonic, now, sleep } = context;
  return { region, endpoint: endpointOverride(service, env), variant: endpointVariant(env), deadline, monotonic, now, sleep };
}
