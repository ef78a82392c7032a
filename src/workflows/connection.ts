import type { Context } from "../context.ts";
import { endpointOverride, endpointVariant, type Service } from "../domain/endpoints.ts";
import { readCaBundle } from "../files/ca-bundle.ts";
import type { Connection } from "../network/transport.ts";

/** Where a service is, and whose certificates are believed there. */
export interface Place {
  readonly region: string;
  /** Path of a profile's `ca_bundle`; AWS_CA_BUNDLE goes before it, as in the AWS CLI. */
  readonly caBundle?: string | undefined;
}

/**
 * A service as this process reaches it: the region from the config, the endpoint, proxy and roots from the environment.
 * @param deadline in milliseconds of `context.monotonic()`, where a program and not a person waits.
 * @throws LatchkeyError CONFIG_INVALID for an endpoint that is not safe or a bundle that is none, before any request.
 */
export function connectionTo(context: Context, service: Service, place: Place, deadline?: number): Connection {
  const { env, monotonic, now, interruption, sleep } = context;
  const bundle = [env["AWS_CA_BUNDLE"], place.caBundle].find((path) => path !== undefined && path !== "");
  return {
    region: place.region,
    endpoint: endpointOverride(service, env),
    variant: endpointVariant(env),
    proxyEnv: proxyVariables(env),
    caBundle: bundle === undefined ? undefined : readCaBundle(context.home, bundle),
    deadline,
    monotonic,
    now,
    interruption,
    sleep,
  };
}

function proxyVariables(env: Context["env"]): Record<string, string> {
  const names = ["HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"];
  return Object.fromEntries(names.flatMap((name) => (env[name] === undefined || env[name] === "" ? [] : [[name, env[name]]])));
}
