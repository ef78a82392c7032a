import type { Environment } from "../context.ts";
import { LatchkeyError } from "../errors.ts";

/**
 * Where each service is asked. AWS's own endpoints unless the environment names another, with the AWS SDKs'
 * precedence: `AWS_ENDPOINT_URL_<SERVICE>`, then `AWS_ENDPOINT_URL`; `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` drops both.
 */
export type Service = "SSO" | "SSO_OIDC" | "STS" | "SIGNIN" | AdminService;

/** What only administrators use. */
export type AdminService = "SSO_ADMIN" | "IDENTITYSTORE" | "ORGANIZATIONS" | "CLOUDTRAIL";

/** The override in force, or undefined. https, or http to this machine alone: a token must not cross a net in clear. */
export function endpointOverride(service: Service, env: Environment): string | undefined {
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return undefined;
  const variables =
    service === "SIGNIN"
      ? ["AWS_ENDPOINT_URL_SIGNIN"]
      : [`AWS_ENDPOINT_URL_${service}`, "AWS_ENDPOINT_URL"];
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

export function isSafeEndpoint(text: string): boolean {
  if (!/^[\x21-\x7e]+$/.test(text)) return false;
  const url = URL.parse(text);
  if (url === null || url.username !== "" || url.password !== "") return false;
  if (url.protocol === "https:") return url.hostname !== "";
  return url.protocol === "http:" && isLoopback(url.hostname);
}

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "::1"];

/** @param hostname as `URL` has it: an IPv6 address in brackets. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK_NAMES.some((name) => hostname === name || hostname === `[${name}]`);
}

export interface EndpointVariant {
  readonly useFips: boolean;
  readonly useDualstack: boolean;
}

/** @param dualstack what holds where the environment does not say. */
export function endpointVariant(env: Environment, dualstack = false): EndpointVariant {
  const isTrue = (name: string, otherwise: boolean): boolean =>
    (env[name] ?? "") === "" ? otherwise : env[name]?.toLowerCase() === "true";
  return {
    useFips: isTrue("AWS_USE_FIPS_ENDPOINT", false),
    useDualstack: isTrue("AWS_USE_DUALSTACK_ENDPOINT", dualstack),
  };
}
