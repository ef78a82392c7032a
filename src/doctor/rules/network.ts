import { CLOCK_CURE, clockOffText, isClockWrong } from "../../aws/call/clock.ts";
import { formatProxy, parseProxy, readProxySettings, type ProxyHop } from "../../aws/call/proxy.ts";
import { isSafeEndpoint } from "../../aws/endpoints.ts";
import type { Observations, ObservedService } from "../observations.ts";
import { hit, hitRefusal, type RuleHit } from "../hit.ts";
import { eachProfile, fail, notice, warn, type Judge, type Rule } from "../rule.ts";
import { truncate } from "../../text/terminal.ts";
import { isSet } from "./environment.ts";

/** Rules for the connection to AWS: proxy, CA certificates, endpoints and clock. */

/** The tolerance: a `Date` header has no fractions of a second, and the answer takes time. */
const DRIFT_SECONDS = 30;

export const NETWORK_RULES: readonly Rule[] = [
  warn("tls-unverified", {
    looksFor: "`NODE_TLS_REJECT_UNAUTHORIZED=0`",
    readers: "JavaScript trusts any server; latchkey and the AWS CLI do not",
    judge: ({ env }) =>
      env["NODE_TLS_REJECT_UNAUTHORIZED"] === "0" &&
      hit(
        "certificates are not verified",
        "NODE_TLS_REJECT_UNAUTHORIZED",
        "unset NODE_TLS_REJECT_UNAUTHORIZED; for a company CA, set AWS_CA_BUNDLE and NODE_EXTRA_CA_CERTS",
      ),
  }),
  fail("proxy-invalid", {
    looksFor: "an `HTTPS_PROXY` that is not a usable proxy",
    readers: "latchkey refuses it; the AWS CLI and boto3 fail; Go may ignore it",
    judge: ({ env }) => {
      const { https } = readProxySettings(env);
      const hop = https && parseProxy(https).hop;
      return hop?.kind === "unusable" && hit(hop.message.slice(0, -1), https?.name ?? "", hop.hint);
    },
  }),
  warn("proxy-socks", {
    looksFor: "an `HTTPS_PROXY` that is a SOCKS5 proxy",
    readers: "latchkey and Go can use it; the AWS CLI and boto3 can't",
    judge: ({ env }) => {
      const proxy = findProxy(env);
      return (
        proxy?.scheme === "socks5" &&
        hit(
          "the AWS CLI and boto3 can't use a SOCKS proxy",
          `${proxy.variable}: ${formatProxy(proxy)}`,
          `If the network also has an HTTP proxy: export ${proxy.variable}=http://HOST:PORT`,
        )
      );
    },
  }),
  warn("proxy-said-twice", {
    looksFor:
      "different values of `https_proxy` and `HTTPS_PROXY`, or of `no_proxy` and `NO_PROXY`",
    readers: "latchkey, the AWS CLI and boto3 use the one in lower case, Go the one in upper case",
    judge: ({ env }) =>
      ["https_proxy", "no_proxy"].map((small) => {
        const capital = small.toUpperCase();
        const [first, second] = [env[small], env[capital]];
        return (
          first !== undefined &&
          isSet(second) &&
          first !== second &&
          hit(
            `${small} and ${capital} differ, and Go uses the other one`,
            `${small}, ${capital}`,
            `Set both to the same value, or: unset ${small}`,
          )
        );
      }),
  }),
  notice("proxy-unread", {
    looksFor: "an `ALL_PROXY`, or a range or a `*.` in `NO_PROXY`",
    readers:
      "the AWS CLI, boto3 and latchkey ignore them; Go reads ranges and `*.` in NO_PROXY; curl reads ALL_PROXY",
    judge: ({ env }) => [...findAllProxy(env), ...findUnreadExceptions(env)],
  }),
  notice("proxy-in-force", {
    looksFor: "an `HTTPS_PROXY`",
    readers:
      "latchkey, the AWS CLI, boto3 and Go use it; the SDK for JavaScript does not by default",
    judge: ({ env }) => {
      const proxy = findProxy(env);
      return (
        proxy !== undefined &&
        proxy.scheme !== "socks5" &&
        hit(
          "a proxy is set",
          `${proxy.variable}: ${formatProxy(proxy)}`,
          "For hosts without the proxy, set NO_PROXY.",
        )
      );
    },
  }),
  fail("ca-bundle-unusable", {
    looksFor: "an `AWS_CA_BUNDLE` or `ca_bundle` that can't be used",
    readers: "the AWS CLI, boto3 and latchkey make no request",
    judge: ({ bundles }) =>
      bundles.map(
        ({ evidence, refusal }) =>
          refusal !== undefined &&
          hitRefusal(
            refusal,
            evidence,
            "Name a file with PEM certificates, or remove the setting.",
          ),
      ),
  }),
  notice("ca-bundle-in-force", {
    looksFor: "an `AWS_CA_BUNDLE` or `ca_bundle`",
    readers:
      "the AWS CLI, boto3, Go and latchkey trust only these certificates; JavaScript reads NODE_EXTRA_CA_CERTS instead",
    judge: ({ bundles }) =>
      bundles.map(
        ({ evidence, refusal }) =>
          refusal === undefined &&
          hit(
            "a custom CA bundle is set",
            evidence,
            "For JavaScript, set NODE_EXTRA_CA_CERTS to the same file.",
          ),
      ),
  }),
  fail("endpoint-unsafe", {
    looksFor: "an `AWS_ENDPOINT_URL…` that is neither https nor on this machine",
    readers: "latchkey refuses to send a token there; AWS clients send it unencrypted",
    judge: ({ env }) => {
      const unsafe = listEndpoints(env).filter(({ url }) => !isSafeEndpoint(url));
      const names = unsafe.map(({ variable }) => variable);
      return (
        names.length > 0 &&
        hit(
          `${names.join(", ")}: neither an https URL nor http to this machine`,
          names.join(", "),
          `unset ${names.join(" ")}`,
        )
      );
    },
  }),
  notice("endpoint-in-force", {
    looksFor: "an `AWS_ENDPOINT_URL…`",
    readers: "latchkey, the AWS CLI from 2.13 and the SDKs send requests there instead of to AWS",
    judge: ({ env }) => {
      const safe = listEndpoints(env).filter(({ url }) => isSafeEndpoint(url));
      const names = safe.map(({ variable }) => variable).join(" ");
      return (
        safe.length > 0 &&
        hit(
          `${safe.length === 1 ? "a service is" : `${safe.length} services are`} redirected to another endpoint`,
          safe.map(({ variable, url }) => `${variable}: ${URL.parse(url)?.host ?? ""}`).join(", "),
          `If you do not want that: unset ${names}`,
        )
      );
    },
  }),
  notice("endpoint-in-config", {
    looksFor: "an `endpoint_url` in a profile",
    readers:
      "the AWS CLI from 2.13 and the SDKs send requests there instead of to AWS; latchkey does not",
    judge: eachProfile(
      (profile) =>
        profile.hasAny("endpoint_url") &&
        profile.hit("endpoint_url", "has an endpoint_url", "For latchkey, set AWS_ENDPOINT_URL."),
    ),
  }),
  warn("service-unreachable", {
    looksFor: "an access portal that does not answer within 4 s",
    readers: "no client can sign in or fetch credentials there now; cached credentials still work",
    isApplicable: ({ services }) => services.length > 0,
    judge: ({ services }) =>
      services.map(
        ({ region, failure }) =>
          failure !== undefined && hitRefusal(failure.message, region, failure.hint),
      ),
  }),
  fail("clock-wrong", {
    looksFor: "a clock more than 5 minutes off the service's",
    readers: "AWS refuses the signatures of every client",
    isApplicable: ({ services }) => services.some(isClockKnown),
    judge: judgeClock(isClockWrong),
  }),
  warn("clock-drifting", {
    looksFor: "a clock 30 seconds to 5 minutes off the service's",
    readers: "every client is wrong about when tokens and credentials expire",
    isApplicable: ({ services }) => services.some(isClockKnown),
    judge: judgeClock((off) => off > DRIFT_SECONDS && !isClockWrong(off)),
  }),
];

type TimedService = ObservedService & { readonly aheadSeconds: number };

function isClockKnown(service: ObservedService): service is TimedService {
  return service.aheadSeconds !== undefined;
}

/** Returns one finding, from the first service that answered. */
function judgeClock(isWrong: (secondsOff: number) => boolean): Judge {
  return ({ services }) => {
    const service = services.find(isClockKnown);
    if (service === undefined) return undefined;
    const { region, aheadSeconds } = service;
    if (!isWrong(Math.abs(aheadSeconds))) return undefined;
    return hit(
      `the clock of this machine is ${clockOffText(aheadSeconds)}`,
      `the access portal in ${region}`,
      CLOCK_CURE,
    );
  };
}

/** Returns the proxy that is set; undefined if it can't be used. */
function findProxy(env: Observations["env"]): ProxyHop | undefined {
  const { https } = readProxySettings(env);
  const hop = https && parseProxy(https).hop;
  return hop?.kind === "proxy" ? hop : undefined;
}

function findAllProxy(env: Observations["env"]): RuleHit[] {
  const variable = ["all_proxy", "ALL_PROXY"].find((name) => isSet(env[name]));
  if (variable === undefined) return [];
  const words = `the AWS CLI and latchkey do not read ${variable}`;
  return [hit(words, variable, "Also set the proxy in HTTPS_PROXY.")];
}

function findUnreadExceptions(env: Observations["env"]): RuleHit[] {
  const { no } = readProxySettings(env);
  if (no === undefined || no.value === "*") return [];
  const unread = no.value
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => /^\*|^[\da-f.:]+\/\d+$/i.test(entry));
  if (unread.length === 0) return [];
  const words = `the AWS CLI and latchkey do not read ${unread.map((entry) => truncate(entry, 40)).join(", ")} in ${no.name}`;
  return [hit(words, no.name, "List host names and domains: NO_PROXY=example.com,10.1.2.3")];
}

function listEndpoints(
  env: Observations["env"],
): Array<{ readonly variable: string; readonly url: string }> {
  if (env["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"]?.toLowerCase() === "true") return [];
  return Object.entries(env)
    .map(([variable, url]) => ({ variable, url: url ?? "" }))
    .filter(({ variable, url }) => /^AWS_ENDPOINT_URL(_|$)/.test(variable) && url !== "")
    .sort((a, b) => (a.variable < b.variable ? -1 : 1));
}
