import type { Context } from "../context.ts";
import { isDualStackPortal } from "../model/start-url.ts";
import { endpointOverride, endpointVariant, LOOPBACK_NAMES, type Service } from "./endpoints.ts";
import { readCaBundle } from "./ca-bundle.ts";
import type { Connection } from "./send.ts";

/** Where a service is, and whose certificates are believed there. */
export interface ServiceAddress {
  readonly region: string;
  /** Of a session: some portals are signed in to under dual-stack names alone. */
  readonly startUrl?: string | undefined;
  /** Path of a profile's `ca_bundle`; AWS_CA_BUNDLE goes before it, as in the AWS CLI. */
  readonly caBundle?: string | undefined;
}

/**
 * A service as this process reaches it: the region from the config, the endpoint, proxy and roots from the environment.
 * @param deadline in milliseconds of `context.monotonic()`, where a program and not a person waits.
 * @throws LatchkeyError CONFIG_INVALID for an endpoint that is not safe or a bundle that is none, before any request.
 */
export function createConnection(
  context: Context,
  service: Service,
  place: ServiceAddress,
  deadline?: number,
): Connection {
  const { env, monotonic, now, interruption, sleep } = context;
  const bundle = [env["AWS_CA_BUNDLE"], place.caBundle].find(
    (path) => path !== undefined && path !== "",
  );
  const endpoint = endpointOverride(service, env);
  const isDualStack =
    service === "SSO_OIDC" && place.startUrl !== undefined && isDualStackPortal(place.startUrl);
  return {
    region: place.region,
    endpoint,
    // An endpoint that is said is meant as it stands: the SDK refuses both at once.
    variant:
      endpoint === undefined
        ? endpointVariant(env, isDualStack)
        : { useFips: false, useDualstack: false },
    proxyEnv: proxyVariables(env),
    caBundle: bundle === undefined ? undefined : readCaBundle(context.home, bundle),
    deadline,
    monotonic,
    now,
    interruption,
    sleep,
  };
}

/** What listens on this machine is never asked through a proxy: Node's agent takes host names only as they are listed. */
function proxyVariables(env: Context["env"]): Record<string, string> {
  const readVariable = (name: string): string | undefined =>
    [env[name.toLowerCase()], env[name]].find((value) => value !== undefined && value !== "");
  const proxy = readVariable("HTTPS_PROXY");
  if (proxy === undefined) return {};
  return {
    HTTPS_PROXY: proxy,
    NO_PROXY: [readVariable("NO_PROXY"), ...LOOPBACK_NAMES]
      .filter((name) => name !== undefined)
      .join(","),
  };
}
