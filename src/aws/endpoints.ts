import type { Environment } from "../context.ts";
import { LatchkeyError } from "../errors.ts";

/**
 * The endpoint of each service: AWS's own unless the environment names another. The precedence is that of the AWS SDKs:
 * `AWS_ENDPOINT_URL_<SERVICE>`, then `AWS_ENDPOINT_URL`. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` disables both.
 */
export type Service = "SSO" | "SSO_OIDC" | "STS" | "SIGNIN" | "RELEASES" | AdminService;

/** Services that only administrators use. */
export type AdminService = "SSO_ADMIN" | "IDENTITYSTORE" | "ORGANIZATIONS" | "CLOUDTRAIL";

/**
 * Returns the effective override, or undefined. Only https, or http to this machine: a token must not cross a network
 * in clear text. @throws LatchkeyError CONFIG_INVALID for any other URL
 */
export function endpointOverride(service: Service, env: Environment): string | undefined {
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return undefined;
  const variables = OWN_VARIABLES[service] ?? [`AWS_ENDPOINT_URL_${service}`, "AWS_ENDPOINT_URL"];
  const variable = variables.find((name) => (env[name] ?? "") !== "");
  if (variable === undefined) return undefined;
  const endpoint = env[variable] ?? "";
  if (isSafeEndpoint(endpoint)) return endpoint;
  throw new LatchkeyError(
    "CONFIG_INVALID",
    `${variable} is not an https URL, nor http to 127.0.0.1 or localhost.`,
    { hint: `unset ${variable}` },
  );
}

/** Services that the SDKs do not have: the console's sign-in, and latchkey's releases. */
const OWN_VARIABLES: Readonly<Partial<Record<Service, readonly string[]>>> = {
  SIGNIN: ["AWS_ENDPOINT_URL_SIGNIN"],
  RELEASES: ["LATCHKEY_ENDPOINT_URL_RELEASES"],
};

export function isSafeEndpoint(text: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(text)) return false;
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:") return url.hostname !== "";
  return url.protocol === "http:" && isLoopback(url.hostname);
}

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "::1"];

/** @param hostname as `URL` returns it: an IPv6 address in brackets */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK_NAMES.some((name) => hostname === name || hostname === `[${name}]`);
}

export interface EndpointVariant {
  readonly useFips: boolean;
  readonly useDualstack: boolean;
}

/**
 * Returns whether to use FIPS and dual-stack endpoints.
 * @param dualstack the default if the environment does not set it
 */
export function endpointVariant(env: Environment, dualstack = false): EndpointVariant {
  const isTrue = (name: string, otherwise: boolean): boolean =>
    (env[name] ?? "") === "" ? otherwise : env[name]?.toLowerCase() === "true";
  return {
    useFips: isTrue("AWS_USE_FIPS_ENDPOINT", false),
    useDualstack: isTrue("AWS_USE_DUALSTACK_ENDPOINT", dualstack),
  };
}
